import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { INPUT_LENGTH } from '../../../core/image.js';
import { gatherBatch, gatherLabels } from '../../../train/dataset/batches.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import { buildModel } from '../../../train/models/architectures.js';
import type { Architecture, ArchitectureOptions } from '../../../train/models/trunk.js';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import { DEFAULTS } from '../../../train/recipes/defaults.js';
import { createTrainStep, type StepResult } from '../../../train/train-step.js';
import { NARROW } from '../models/narrow.js';
import { REFERENCE, registerBackends } from './compare.js';

registerBackends();

/** GoogLeNet takes the cpu backend minutes at its narrowest; fit/every-recipe.test.ts trains and exports it. */
type Compared = Exclude<Architecture, 'googlenet'>;

/** Narrow, as the cpu backend is slow; every kind of layer but concatenation is there, and every activation. */
const NETWORKS: { [A in Compared]: ArchitectureOptions[A] } = {
  plain: { ...NARROW.plain, activation: 'gelu' },
  bottleneck: { ...NARROW.bottleneck, blocks: 2, dropout: 0.3, activation: 'relu' },
  compact: { ...NARROW.compact, blocksPerStage: 1, activation: 'silu' },
  flagship: { ...NARROW.flagship, firstBlocks: 1, secondBlocks: 1, thirdBlocks: 1, activation: 'relu' },
  'basic-block': { ...NARROW['basic-block'], blocks: 2, downsamplingBlock: 1, activation: 'sigmoid' },
  'conv-pairs': { ...NARROW['conv-pairs'], kernelSize: 3, poolSize: 2, activation: 'tanh' },
  alexnet: { ...NARROW.alexnet, dropout: 0.2, activation: 'relu' },
  'garden-resnet': { ...NARROW['garden-resnet'], version: 2, activation: 'elu' },
  'resnet-34': {
    ...NARROW['resnet-34'],
    // With a stride of 2 its last maps are single pixels, whose normalisation over 8 pictures magnifies any rounding.
    firstKernel: 3,
    firstStride: 1,
    blockNorm: 'later-blocks',
    dropout: 0.3,
    activation: 'leaky-relu',
  },
};

const STEPS = 5;
/** Of these TensorFlow.js's cpu backend takes seconds a step: two steps with one optimiser say of their layers all there is to say. */
const DEEP: ReadonlySet<Compared> = new Set(['garden-resnet', 'resnet-34']);
/** In ResNet-34 a change of the pixels by 1e-7 changes the reference's own second loss by 3e-5. */
const weightTolerance = (architecture: Compared) => (DEEP.has(architecture) ? 1e-4 : 1e-5);
const stepsOf = (architecture: Compared) => (DEEP.has(architecture) ? 2 : STEPS);
const BATCH_SIZE = 8;
const SETTINGS = { ...DEFAULTS, beta2: 0.99 };

const mnist = await loadMnistSplit('test');

interface Trained {
  steps: StepResult[];
  /** Of all weights together, batch statistics included. */
  weights: Float32Array;
}

async function train(
  backend: string,
  architecture: Compared,
  optimizer: 'adam' | 'momentum',
): Promise<Trained> {
  await tf.setBackend(backend);
  const model = buildModel(architecture, NETWORKS[architecture] as never, 1);
  const step = createTrainStep({ model, optimizer, settings: SETTINGS, labelSmoothing: 0.1, seed: 1 });
  const steps: StepResult[] = [];
  const last = stepsOf(architecture);
  for (let number = 1; number <= last; number++) {
    // The last batch is smaller, as an epoch's may be.
    const count = number === last ? BATCH_SIZE - 3 : BATCH_SIZE;
    const indices = Uint32Array.from({ length: count }, (_, index) => number * BATCH_SIZE + index);
    const images = gatherBatch(mnist.images, indices, new Float32Array(count * INPUT_LENGTH));
    steps.push(await step.run(images, gatherLabels(mnist.labels, indices), 0.002, number));
  }
  const weights = await Promise.all(model.weights.map((weight) => weight.read().data<'float32'>()));
  await step.dispose();
  model.dispose();
  return { steps, weights: Float32Array.from(weights.flatMap((values) => [...values])) };
}

for (const architecture of Object.keys(NETWORKS) as Compared[]) {
  for (const optimizer of ['adam', 'momentum'] as const) {
    if (DEEP.has(architecture) && optimizer === 'adam') continue;
    test(`${architecture} with ${optimizer}: ${stepsOf(architecture)} steps are those of TensorFlow.js's cpu backend`, async () => {
      const expected = await train(REFERENCE, architecture, optimizer);
      const actual = await train(BACKEND_NAME, architecture, optimizer);
      actual.steps.forEach(({ loss, accuracy }, index) => {
        const wanted = expected.steps[index]!;
        assert.ok(
          Math.abs(loss - wanted.loss) < 1e-4,
          `step ${index + 1}: loss ${loss}, expected ${wanted.loss}`,
        );
        assert.ok(
          Math.abs(accuracy - wanted.accuracy) < 1e-6,
          `step ${index + 1}: accuracy ${accuracy}, expected ${wanted.accuracy}`,
        );
      });
      // Not with Adam: where the cpu's gradient is 0 but for rounding (a bias before batch normalisation), it steps by its sign.
      const compared = optimizer === 'momentum' ? actual.weights : [];
      compared.forEach((weight, index) => {
        const wanted = expected.weights[index]!;
        assert.ok(
          Math.abs(weight - wanted) < weightTolerance(architecture),
          `weight ${index}: ${weight}, expected ${wanted}`,
        );
      });
      assert.equal(actual.weights.length, expected.weights.length);
    });
  }
}
