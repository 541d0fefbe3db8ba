import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { graphContract, MANIFEST_FILE, type Manifest, MODEL_FILE } from '../../core/manifest.js';
import { scaledSoftmax } from '../../core/predict.js';
import { GraphBuilder } from '../../onnx/graph.js';
import { float32 } from '../../onnx/tensor.js';
import { IR_VERSION, OPSET } from '../../onnx/version.js';
import { type LabelledImages, loadMnistSplit } from '../../train/dataset/mnist.js';

const TRAINING_IMAGES = 4000;
const EPOCHS = 3;
const LEARNING_RATE = 0.02;

interface Linear {
  /** `[10, 784]` */
  weights: Float32Array;
  /** `[10]` */
  bias: Float32Array;
}

const logitsOf = ({ weights, bias }: Linear, image: Float32Array): number[] =>
  Array.from(bias, (offset, label) => {
    let sum = offset;
    for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
      sum += weights[label * INPUT_LENGTH + pixel]! * image[pixel]!;
    }
    return sum;
  });

/** Softmax regression by plain gradient descent, about 90% right: enough to read a clear digit, in under a second. */
function fitLinear({ images, labels }: LabelledImages): Linear {
  const linear = {
    weights: new Float32Array(CLASS_COUNT * INPUT_LENGTH),
    bias: new Float32Array(CLASS_COUNT),
  };
  for (let step = 0; step < TRAINING_IMAGES * EPOCHS; step++) {
    const row = step % TRAINING_IMAGES;
    const bytes = images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
    const image = Float32Array.from(bytes, (byte) => byte / 255);
    scaledSoftmax(logitsOf(linear, image), 1).forEach((probability, label) => {
      const slope = LEARNING_RATE * (probability - (labels[row] === label ? 1 : 0));
      linear.bias[label]! -= slope;
      for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
        linear.weights[label * INPUT_LENGTH + pixel]! -= slope * image[pixel]!;
      }
    });
  }
  return linear;
}

function graphOf({ weights, bias }: Linear): { model: Uint8Array; nodes: number } {
  const graph = new GraphBuilder('tiny');
  const input = graph.input('input', 'float32', ['batch', 1, INPUT_SIDE, INPUT_SIDE]);
  const flat = graph.node('Flatten', [input], { axis: 1 });
  const matrix = graph.initializer('weights', float32(weights, [CLASS_COUNT, INPUT_LENGTH]));
  const offset = graph.initializer('bias', float32(bias, [CLASS_COUNT]));
  const logits = graph.node('Gemm', [flat, matrix, offset], { transB: 1 }, { name: 'logits' });
  const probabilities = graph.node('Softmax', [logits], { axis: 1 }, { name: 'probabilities' });
  for (const output of [logits, probabilities]) graph.output(output, 'float32', ['batch', CLASS_COUNT]);
  return { model: graph.build(), nodes: graph.nodeCount };
}

function accuracyOf(linear: Linear, { count, images, labels }: LabelledImages): number {
  let right = 0;
  for (let row = 0; row < count; row++) {
    const bytes = images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
    const logits = logitsOf(
      linear,
      Float32Array.from(bytes, (byte) => byte / 255),
    );
    if (logits.indexOf(Math.max(...logits)) === labels[row]) right++;
  }
  return right / count;
}

export interface TinyBundle {
  directory: string;
  remove(): Promise<void>;
}

/** A bundle as `export` writes it, with a real if modest network, in a temporary folder. */
export async function makeTinyBundle(): Promise<TinyBundle> {
  const linear = fitLinear(await loadMnistSplit('train'));
  const test = await loadMnistSplit('test');
  const { model, nodes } = graphOf(linear);
  const manifest: Manifest = {
    ...graphContract(),
    name: 'tiny-linear',
    version: '1.0.0',
    calibration: { temperature: 1, rejection: { score: 'confidence', threshold: 0 }, fit: null },
    metrics: {
      testImages: test.count,
      testAccuracy: accuracyOf(linear, test),
      testLoss: 0.35,
      parameters: linear.weights.length + linear.bias.length,
    },
    parity: { images: 0, maxAbsDiff: 0, top1Agreement: 1, top1Images: 0 },
    recipe: { name: 'tiny-linear' },
    onnx: { opset: OPSET, irVersion: IR_VERSION, nodes },
    files: {
      [MODEL_FILE]: { bytes: model.length, sha256: createHash('sha256').update(model).digest('hex') },
    },
  };
  const directory = await mkdtemp(join(tmpdir(), 'tenfold-tiny-'));
  await writeFile(join(directory, MODEL_FILE), model);
  await writeFile(join(directory, MANIFEST_FILE), JSON.stringify(manifest, null, 2));
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
