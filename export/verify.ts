import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { CLASS_COUNT, INPUT_LENGTH } from '../core/image.js';
import { type ModelOutput, scaledSoftmax } from '../core/predict.js';
import { onCpuBackend } from './cpu-backend.js';

/** The largest difference allowed between a probability from ONNX Runtime and one from TensorFlow.js's cpu backend. */
export const PARITY_TOLERANCE = 1e-5;
/** Test images compared with TensorFlow.js's cpu backend, which does some 400 a second. */
export const PARITY_IMAGES = 256;

/** Pictures as the model takes them, with what they show. */
export interface LabelledImages {
  /** `[images, 28, 28, 1]`, ink 1.0 on 0.0, flattened; with one channel that is `[images, 1, 28, 28]` as well. */
  images: Float32Array;
  /** `[images]`, 0 to 9. */
  labels: ArrayLike<number>;
}

/** An image to which two engines give different digits. */
export interface Disagreement {
  /** Its number in the test set, from 0. */
  image: number;
  recorded: number;
  measured: number;
  /** By how much the measured digit's probability exceeds the recorded one's, 0 to 1. */
  margin: number;
}

export interface TopOneComparison {
  /** Share of images with the same digit, 0 to 1: every difference counts, a tie as well. */
  agreement: number;
  disagreements: Disagreement[];
}

/** @throws TenfoldError `bad-input` where the images are not whole or not as many as the labels. */
export function requireLabelledImages({ images, labels }: LabelledImages): void {
  if (labels.length > 0 && images.length === labels.length * INPUT_LENGTH) return;
  throw unmet({
    code: 'bad-input',
    what: 'the test images',
    expected: `${Math.max(labels.length, 1) * INPUT_LENGTH} values, ${INPUT_LENGTH} for each label`,
    got: `${images.length} values and ${labels.length} labels`,
    advice: 'Pass the whole test set with its labels.',
  });
}

/**
 * The probabilities that the Layers model itself gives on TensorFlow.js's cpu backend, `[images, 10]`.
 * @param modelOutput what the model ends in; the softmax over logits is taken in float64.
 */
export function referenceProbabilities(
  model: LayersModel,
  images: Float32Array,
  modelOutput: 'logits' | 'probabilities',
): Promise<Float32Array> {
  return onCpuBackend(() => {
    const values = tf.tidy(() => {
      const shape = model.inputs[0]!.shape.slice(1) as number[];
      const input = tf.tensor(images, [images.length / INPUT_LENGTH, ...shape]);
      return (model.predict(input, { batchSize: 64 }) as tf.Tensor).dataSync<'float32'>();
    });
    if (modelOutput === 'probabilities') return values;
    return Float32Array.from(rows(values).flatMap((row) => scaledSoftmax(row, 1)));
  });
}

/** The largest absolute difference between two lists of equal length; NaN where either holds one. */
export function maxAbsDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}

/** Compares the digits that a graph gives with those that were recorded. */
export function compareTopOne(
  { probabilities }: Pick<ModelOutput, 'probabilities'>,
  recorded: ArrayLike<number>,
): TopOneComparison {
  const disagreements = rows(probabilities).flatMap((row, image) => {
    const measured = indexOfLargest(row);
    const expected = recorded[image]!;
    return measured === expected
      ? []
      : [{ image, recorded: expected, measured, margin: row[measured]! - row[expected]! }];
  });
  return { agreement: 1 - disagreements.length / recorded.length, disagreements };
}

/**
 * Whether two engines within the parity tolerance can honestly differ here: each may move either of two probabilities by
 * the tolerance, so that a margin up to twice as large is a tie between them, and no sign of a wrong graph.
 */
export function isTie({ margin }: Disagreement): boolean {
  return margin <= 2 * PARITY_TOLERANCE;
}

/** Share of right digits, and mean cross-entropy in nats from the logits. */
export function score(
  { logits }: Pick<ModelOutput, 'logits'>,
  labels: ArrayLike<number>,
): { accuracy: number; loss: number } {
  let right = 0;
  let loss = 0;
  rows(logits).forEach((row, image) => {
    const label = labels[image]!;
    if (indexOfLargest(row) === label) right++;
    const highest = Math.max(...row);
    loss += highest + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - highest), 0)) - row[label]!;
  });
  return { accuracy: right / labels.length, loss: loss / labels.length };
}

/** The likeliest digit of each row of `[images, 10]`. */
export function topDigits(values: Float32Array): Uint8Array {
  return Uint8Array.from(rows(values), indexOfLargest);
}

/** @throws TenfoldError `failed` where the graph's probabilities are not the model's. */
export function requireParity(maxAbsDiff: number, images: number): void {
  // Written so that NaN fails as well.
  if (maxAbsDiff <= PARITY_TOLERANCE) return;
  throw unmet({
    code: 'failed',
    what: `the largest difference between the probabilities of ONNX Runtime and TensorFlow.js on ${images} test images`,
    expected: `at most ${PARITY_TOLERANCE}`,
    got: Number.isNaN(maxAbsDiff) ? 'NaN: the model gives values that are not numbers' : `${maxAbsDiff}`,
    advice: Number.isNaN(maxAbsDiff)
      ? 'Train the model again with a lower learning rate.'
      : 'No bundle was written. Report the model: a layer is exported wrongly.',
  });
}

/** Whether two accuracies differ by no more than the ties, which may have gone either way. */
export function isSameAccuracy(measured: number, recorded: number, agreement: number): boolean {
  // An accuracy is a count divided by a count: what its text may have lost is less than one image.
  return Math.abs(measured - recorded) <= 1 - agreement + 1e-9;
}

/** @throws TenfoldError `failed` where the graph does not score what the run recorded. */
export function requireAccuracy(measured: number, recorded: number, agreement: number): void {
  if (isSameAccuracy(measured, recorded, agreement)) return;
  throw unmet({
    code: 'failed',
    what: "the graph's accuracy on the test set",
    expected: `${recorded}, as the run recorded it,`,
    got: `${measured}`,
    advice: 'The metrics are not of these weights: evaluate or train the run again.',
  });
}

/** @throws TenfoldError `failed` where a digit differs by more than rounding. */
export function requireAgreement({ disagreements }: TopOneComparison): void {
  const wrong = disagreements.filter((disagreement) => !isTie(disagreement));
  const [first] = wrong;
  if (!first) return;
  throw unmet({
    code: 'failed',
    what: `the digit of test image ${first.image}${wrong.length > 1 ? ` (one of ${wrong.length})` : ''}`,
    expected: `${first.recorded}, as the run recorded it,`,
    got: `${first.measured} with ${first.margin.toPrecision(3)} more probability`,
    advice: 'The weights are not those that the predictions were made with: evaluate or train the run again.',
  });
}

function rows(values: Float32Array): Float32Array[] {
  return Array.from({ length: values.length / CLASS_COUNT }, (_, row) =>
    values.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT),
  );
}

function indexOfLargest(row: Float32Array): number {
  return row.indexOf(Math.max(...row));
}
