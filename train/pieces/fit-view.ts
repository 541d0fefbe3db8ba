import { losses, type Scalar, type Tensor2D, type Variable, variableGrads } from '@tensorflow/tfjs-core';
import { input, type LayersModel, model } from '@tensorflow/tfjs-layers';
import { CLASS_COUNT } from '../../core/image.js';
import { FULL, VIEW_CHANNELS, VIEW_LENGTH, VIEW_SIDE } from '../../core/piece-view.js';
import {
  FILTERS,
  KERNEL_SIZE,
  STRIDE,
  UNITS,
  VIEW_CLASS_COUNT,
  VIEW_NETWORK_SHAPE,
  type ViewNetwork,
  type ViewNetworkPart,
} from '../../core/view-network.js';
import { compileStep, scalarInput, type TensorInput } from '../compiled-step.js';
import { layerFactory } from '../models/layers.js';
import { OPTIMIZERS } from '../optimizers.js';
import { gradientOf, groupParameters, updateGroup } from '../parameter-groups.js';
import { randomStream } from '../random.js';
import { learningRateAt } from '../schedules.js';
import type { LabelledView } from './labelled-views.js';

const BATCH_SIZE = 128;
const OPTIMIZER = 'adamw';
const SETTINGS = { beta1: 0.9, beta2: 0.99, epsilon: 1e-7, momentum: 0, rho: 0, initialAccumulator: 0 };
const WEIGHT_DECAY = 1e-3;
const SCHEDULE = {
  schedule: 'one-cycle',
  learningRate: 3e-3,
  warmup: 0.1,
  decayFactor: 1,
  decayEpochs: 1,
} as const;

export interface FitViewOptions {
  seed: number;
  epochs: number;
  /** Is told of each epoch: the mean cross-entropy of its batches. */
  onEpoch(epoch: number, mean: number): void;
}

/** What tells from views which digits they show, by TensorFlow.js on the current backend. */
export async function fitView(
  labelled: readonly LabelledView[],
  { seed, epochs, onEpoch }: FitViewOptions,
): Promise<ViewNetwork> {
  const network = buildNetwork(seed);
  const weights = network.trainableWeights.map((weight) => weight.read() as Variable);
  const groups = groupParameters(weights, OPTIMIZER, SETTINGS);
  const step = compileStep((images, shares, rate, decay) => {
    const { value, grads } = variableGrads(
      () =>
        losses.softmaxCrossEntropy(
          shares as Tensor2D,
          network.apply(images, { training: true }) as Tensor2D,
        ) as Scalar,
      weights,
    );
    for (const group of groups) {
      updateGroup(group, gradientOf(group, grads, 0), {
        optimizer: OPTIMIZER,
        settings: SETTINGS,
        rate: rate as Scalar,
        decay: decay as Scalar,
      });
    }
    return [value];
  });
  const order = Uint32Array.from({ length: labelled.length }, (_, index) => index);
  // What is left over is in other batches of other epochs.
  const stepsPerEpoch = Math.max(1, Math.floor(labelled.length / BATCH_SIZE));
  let done = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    randomStream(seed, 'views order', epoch).shuffle(order);
    let sum = 0;
    for (let batch = 0; batch < stepsPerEpoch; batch++) {
      const rows = order.subarray(batch * BATCH_SIZE, (batch + 1) * BATCH_SIZE);
      const learningRate = learningRateAt(done, { epochs, stepsPerEpoch }, SCHEDULE);
      done++;
      const [loss] = await step([
        ...batchOf(rows.length, (row) => labelled[rows[row]!]!),
        scalarInput(OPTIMIZERS[OPTIMIZER].rate(learningRate, done, SETTINGS)),
        scalarInput(learningRate * WEIGHT_DECAY),
      ]);
      sum += loss![0]!;
    }
    onEpoch(epoch, sum / stepsPerEpoch);
  }
  await step.dispose();
  const fitted = await partsOf(network);
  for (const { slots } of groups) for (const slot of slots) slot.dispose();
  network.dispose();
  return fitted;
}

function buildNetwork(seed: number): LayersModel {
  const make = layerFactory(seed, 'fanInNormal');
  const view = input({ shape: [VIEW_SIDE, VIEW_SIDE, VIEW_CHANNELS] });
  const convolve = (x: typeof view, filters: number) =>
    make.convolution(x, {
      filters,
      kernelSize: KERNEL_SIZE,
      strides: STRIDE,
      padding: 'same',
      activation: 'relu',
    });
  const maps = FILTERS.reduce(convolve, view);
  const hidden = make.dense(make.flatten(maps), { units: UNITS, activation: 'relu' });
  return model({ inputs: view, outputs: make.dense(hidden, { units: VIEW_CLASS_COUNT }) });
}

/** Its weights are in the order of the parts: each layer's kernel, then its bias. */
async function partsOf(network: LayersModel): Promise<ViewNetwork> {
  const parts = Object.keys(VIEW_NETWORK_SHAPE) as ViewNetworkPart[];
  const values = await Promise.all(network.weights.map((weight) => weight.read().data()));
  return Object.fromEntries(parts.map((part, index) => [part, Float32Array.from(values[index]!)])) as Record<
    ViewNetworkPart,
    Float32Array
  >;
}

/** Views `[count, 28, 28, 2]`, 0 to 1, and what they are to be read as, `[count, 11]`, sums of 1. */
function batchOf(count: number, viewAt: (row: number) => LabelledView): TensorInput[] {
  const images = new Float32Array(count * VIEW_LENGTH);
  const targets = new Float32Array(count * VIEW_CLASS_COUNT);
  for (let row = 0; row < count; row++) {
    const { view, label, share } = viewAt(row);
    view.forEach((level, at) => {
      images[row * VIEW_LENGTH + at] = level / FULL;
    });
    targets[row * VIEW_CLASS_COUNT + label] = share;
    targets[row * VIEW_CLASS_COUNT + CLASS_COUNT] = 1 - share;
  }
  return [
    { data: images, shape: [count, VIEW_SIDE, VIEW_SIDE, VIEW_CHANNELS], dtype: 'float32' },
    { data: targets, shape: [count, VIEW_CLASS_COUNT], dtype: 'float32' },
  ];
}
