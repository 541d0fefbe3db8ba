import { softmax, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { calibrationError } from '../core/calibration-error.js';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';
import type { TestMetrics } from '../core/run.js';
import { compileStep } from './compiled-step.js';
import { gatherBatch, orderedBatches } from './dataset/batches.js';
import type { LabelledImages } from './dataset/mnist.js';
import { accuracy, type ConfusionMatrix, classMetrics, confusionMatrix } from './metrics/confusion.js';
import { logitsOf } from './models/architectures.js';

/** Images a run of the network: few enough to keep memory low, and MNIST's sets divide by it. */
const BATCH_SIZE = 250;

/** A probability of 0 in float32 would make the loss infinite; Keras clips at the same place. */
const LEAST_PROBABILITY = 1e-7;

export interface Evaluation {
  images: number;
  /** Share of images classified correctly, 0 to 1. */
  accuracy: number;
  /** Mean cross-entropy, natural logarithm; NaN where a probability is. */
  loss: number;
  /** The digit with the highest probability, an image each; 0 where none is a number. */
  predictions: Uint8Array;
  /** That probability, 0 to 1. */
  confidences: Float32Array;
  confusion: ConfusionMatrix;
}

/** Takes images `[n, 28, 28, 1]`, flattened, to probabilities `[n, 10]`. */
export type Classifier = (images: Float32Array, count: number) => Promise<Float32Array>;

/** A classifier that frees what was compiled for it when it is disposed of. */
export interface CompiledClassifier extends Classifier {
  dispose(): Promise<void>;
}

/** The network as a classifier on the current backend, with the weights that it has when called. */
export function classifierOf(model: LayersModel): CompiledClassifier {
  const logits = logitsOf(model);
  const forward = compileStep((images: Tensor) => [
    softmax(logits.apply(images, { training: false }) as Tensor2D),
  ]);
  const classify: Classifier = async (images, count) => {
    const shape = [count, INPUT_SIDE, INPUT_SIDE, 1];
    const [probabilities] = await forward([{ data: images, shape, dtype: 'float32' }]);
    return probabilities!;
  };
  return Object.assign(classify, { dispose: forward.dispose });
}

/**
 * Classifies a whole set and measures how well.
 * @throws the reason of `signal` as soon as it is aborted
 */
export async function evaluate(
  classify: Classifier,
  set: LabelledImages,
  signal?: AbortSignal,
): Promise<Evaluation> {
  const predictions = new Uint8Array(set.count);
  const confidences = new Float32Array(set.count);
  const buffer = new Float32Array(BATCH_SIZE * INPUT_LENGTH);
  let lossSum = 0;
  for (const indices of orderedBatches({ count: set.count, batchSize: BATCH_SIZE })) {
    signal?.throwIfAborted();
    const probabilities = await classify(gatherBatch(set.images, indices, buffer), indices.length);
    indices.forEach((image, row) => {
      const ofImage = probabilities.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT);
      const highest = Math.max(...ofImage);
      predictions[image] = Math.max(0, ofImage.indexOf(highest));
      confidences[image] = highest;
      lossSum -= Math.log(Math.max(LEAST_PROBABILITY, ofImage[set.labels[image]!]!));
    });
  }
  const confusion = confusionMatrix(set.labels, predictions);
  return {
    images: set.count,
    accuracy: accuracy(confusion),
    loss: lossSum / set.count,
    predictions,
    confidences,
    confusion,
  };
}

/** What `metrics.json` says of an evaluation on images with these labels. */
export const testMetrics = (
  { accuracy: share, loss, predictions, confidences, confusion }: Evaluation,
  labels: Uint8Array,
): TestMetrics => ({
  accuracy: share,
  loss,
  perClass: classMetrics(confusion),
  calibrationError: calibrationError(labels, predictions, confidences),
  confusion,
});
