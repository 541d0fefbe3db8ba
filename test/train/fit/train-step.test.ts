import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { INPUT_LENGTH } from '../../../core/image.js';
import { gatherBatch, gatherLabels } from '../../../train/dataset/batches.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import { buildModel } from '../../../train/models/architectures.js';
import { OPTIMIZERS, type OptimizerName } from '../../../train/optimizers.js';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import { randomStream } from '../../../train/random.js';
import { DEFAULTS } from '../../../train/recipes/defaults.js';
import { createTrainStep, type TrainStepOptions } from '../../../train/train-step.js';
import { REFERENCE, registerBackends } from '../ort-backend/compare.js';

registerBackends();

const BATCH_SIZE = 8;
const mnist = await loadMnistSplit('test');

/** With convolutions, batch normalisation, dense layers and biases. */
const build = () =>
  buildModel('bottleneck', { filters: 3, blocks: 1, denseUnits: 6, dropout: 0.2, activation: 'relu' }, 1);

interface Options {
  backend?: string;
  optimizer?: OptimizerName;
  settings?: Partial<TrainStepOptions['settings']>;
  learningRate?: number;
  steps?: number;
  /** Batches that the steps take in turns. */
  batches?: number;
}

interface Trained {
  names: string[];
  losses: number[];
  /** The weights at the beginning and after each step, by the number of the weight. */
  weights: Float32Array[][];
  /** The moving averages at the end. */
  averages: Float32Array[];
}

const valuesOf = (model: LayersModel): Promise<Float32Array[]> =>
  Promise.all(model.weights.map(async (weight) => Float32Array.from(await weight.read().data<'float32'>())));

async function train({
  backend = BACKEND_NAME,
  optimizer = 'sgd',
  settings = {},
  learningRate = 0.1,
  steps = 1,
  batches = steps,
}: Options): Promise<Trained> {
  await tf.setBackend(backend);
  const all = { ...DEFAULTS, ...settings };
  const model = build();
  const averages = all.averageDecay > 0 ? build() : null;
  const step = createTrainStep({ model, averages, optimizer, settings: all, labelSmoothing: 0, seed: 1 });
  const weights = [await valuesOf(model)];
  const losses: number[] = [];
  for (let number = 1; number <= steps; number++) {
    const start = (number % batches) * BATCH_SIZE;
    const indices = Uint32Array.from({ length: BATCH_SIZE }, (_, index) => start + index);
    const images = gatherBatch(mnist.images, indices, new Float32Array(BATCH_SIZE * INPUT_LENGTH));
    const { loss } = await step.run(images, gatherLabels(mnist.labels, indices), learningRate, number);
    losses.push(loss);
    weights.push(await valuesOf(model));
  }
  const trained = {
    names: model.weights.map(({ originalName }) => originalName),
    losses,
    weights,
    averages: averages ? await valuesOf(averages) : [],
  };
  await step.dispose();
  model.dispose();
  averages?.dispose();
  return trained;
}

const EVERYTHING = { weightDecay: 0.01, clipNorm: 0.5, averageDecay: 0.8 };

for (const optimizer of ['momentum', 'adamw'] as const) {
  test(`${optimizer} with decay, clipping and averaging: the recorded step does what TensorFlow.js's cpu backend does`, async () => {
    const options = { optimizer, settings: { ...EVERYTHING, epsilon: 1e-3 }, learningRate: 0.01, steps: 4 };
    const expected = await train({ ...options, backend: REFERENCE });
    const actual = await train(options);
    const compare = (one: Float32Array[], other: Float32Array[], what: string) =>
      one.forEach((values, index) => {
        values.forEach((value, position) => {
          const wanted = other[index]![position]!;
          const name = `${what} ${actual.names[index]}[${position}]`;
          assert.ok(Math.abs(value - wanted) < 2e-5, `${name}: ${value}, expected ${wanted}`);
        });
      });
    compare(actual.weights.at(-1)!, expected.weights.at(-1)!, 'weight');
    assert.equal(actual.averages.length, actual.names.length);
    compare(actual.averages, expected.averages, 'average of');
  });
}

test('the average is the mean of the weights so far, each counting 0.8 of the one after it; batch statistics are the last', async () => {
  const steps = 6;
  const { names, weights, averages } = await train({ settings: { averageDecay: 0.8 }, steps });
  const shares = Array.from({ length: steps }, (_, index) => 0.8 ** (steps - 1 - index));
  const total = shares.reduce((sum, share) => sum + share, 0);
  averages.forEach((values, index) => {
    if (names[index]!.includes('moving_')) {
      assert.deepEqual(values, weights.at(-1)![index], names[index]);
      return;
    }
    values.forEach((value, position) => {
      const wanted =
        shares.reduce((sum, share, step) => sum + share * weights[step + 1]![index]![position]!, 0) / total;
      assert.ok(Math.abs(value - wanted) < 1e-5, `${names[index]}: ${value}, expected ${wanted}`);
    });
  });
  assert.ok(names.some((name) => name.endsWith('moving_variance')));
});

/** Rates of the size that each is used with; Adadelta's steps begin near the root of its epsilon. */
const RATES: { [N in OptimizerName]: number } = {
  adam: 0.01,
  adamw: 0.01,
  sgd: 0.1,
  momentum: 0.02,
  nesterov: 0.02,
  rmsprop: 0.003,
  adadelta: 1,
  adagrad: 0.05,
};

for (const optimizer of Object.keys(RATES) as OptimizerName[]) {
  test(`${optimizer} learns a batch by heart, as a recorded step`, async () => {
    const settings = OPTIMIZERS[optimizer].defaults;
    const { losses } = await train({
      optimizer,
      settings: optimizer === 'adadelta' ? { ...settings, epsilon: 1e-4 } : settings,
      learningRate: RATES[optimizer],
      steps: 30,
      batches: 1,
    });
    assert.ok(losses.at(-1)! < 0.6 * losses[0]!, `${losses.map((loss) => loss.toFixed(3))}`);
  });
}

test('averaging does not change the training by a bit', async () => {
  const plain = await train({ optimizer: 'adam', steps: 3 });
  const averaged = await train({ optimizer: 'adam', steps: 3, settings: { averageDecay: 0.9 } });
  assert.deepEqual(averaged.weights, plain.weights);
});

/** How far each weight that is trained moved in the first step. */
const moves = ({ names, weights }: Trained) =>
  names.flatMap((name, index) => {
    if (name.includes('moving_')) return [];
    const [before, after] = [weights[0]![index]!, weights[1]![index]!];
    return [{ name, before, by: after.map((value, position) => value - before[position]!) }];
  });

test('a clipped step of SGD is as long as the rate times the norm, in the direction of the whole one', async () => {
  const flat = (trained: Trained) => moves(trained).flatMap(({ by }) => [...by]);
  const length = (values: number[]) => Math.hypot(...values);
  const whole = flat(await train({}));
  const clipped = flat(await train({ settings: { clipNorm: 0.01 } }));
  assert.ok(length(whole) > 0.1 * 0.01, 'the gradient is longer than the norm');
  assert.ok(Math.abs(length(clipped) - 0.1 * 0.01) < 1e-6, `the step is ${length(clipped)} long`);
  const product = whole.reduce((sum, value, index) => sum + value * clipped[index]!, 0);
  assert.ok(product / (length(whole) * length(clipped)) > 0.9999);
});

for (const optimizer of ['sgd', 'adamw'] as const) {
  test(`weight decay with ${optimizer} takes its share off kernels, and nothing off biases and batch normalisation`, async () => {
    const [learningRate, weightDecay] = [0.1, 0.2];
    const plain = moves(await train({ optimizer, learningRate }));
    const decayed = moves(await train({ optimizer, learningRate, settings: { weightDecay } }));
    const kinds = new Set<string>();
    decayed.forEach(({ name, before, by }, index) => {
      const share = name.endsWith('kernel') ? learningRate * weightDecay : 0;
      kinds.add(name.split('/').at(-1)!);
      by.forEach((value, position) => {
        const wanted = plain[index]!.by[position]! - share * before[position]!;
        assert.ok(Math.abs(value - wanted) < 1e-6, `${name}: moved ${value}, expected ${wanted}`);
      });
    });
    assert.deepEqual([...kinds].sort(), ['beta', 'bias', 'gamma', 'kernel']);
  });
}

/** A step on the batch's digits and outliers, by its options; what it tells, and the weights after it. */
async function stepWith(
  {
    backend = BACKEND_NAME,
    labelSmoothing = 0.1,
    outlierWeight,
  }: { backend?: string; labelSmoothing?: number; outlierWeight?: number },
  outliers: Float32Array,
) {
  await tf.setBackend(backend);
  const model = buildModel(
    'plain',
    { firstFilters: 2, secondFilters: 3, denseUnits: 4, activation: 'relu' },
    1,
  );
  const step = createTrainStep({
    model,
    optimizer: 'sgd',
    settings: DEFAULTS,
    labelSmoothing,
    ...(outlierWeight !== undefined && { outlierWeight }),
    seed: 1,
  });
  const indices = Uint32Array.from({ length: BATCH_SIZE }, (_, index) => index);
  const images = new Float32Array(BATCH_SIZE * INPUT_LENGTH + outliers.length);
  gatherBatch(mnist.images, indices, images);
  images.set(outliers, BATCH_SIZE * INPUT_LENGTH);
  const result = await step.run(images, gatherLabels(mnist.labels, indices), 0.5, 1);
  const logits = model.predict(tf.tensor(images, [images.length / INPUT_LENGTH, 28, 28, 1])) as tf.Tensor;
  const trained = { result, weights: await valuesOf(model), probabilities: await tf.softmax(logits).array() };
  await step.dispose();
  model.dispose();
  return { ...trained, probabilities: trained.probabilities as number[][] };
}

const random = randomStream(1, 'noise');
const noise = Float32Array.from({ length: 3 * INPUT_LENGTH }, () => random.next());

for (const backend of [REFERENCE, BACKEND_NAME]) {
  test(`${backend}: a step towards smoothed labels tells the loss to the labels as they are, to the bit`, async () => {
    const plain = await stepWith({ backend, labelSmoothing: 0 }, new Float32Array(0));
    const smoothed = await stepWith({ backend, labelSmoothing: 0.5 }, new Float32Array(0));
    assert.deepEqual(smoothed.result, plain.result);
    assert.notDeepEqual(smoothed.weights, plain.weights, 'the step is not taken towards smoothed labels');
  });
}

test('outliers: the recorded step does what the cpu backend does, and tells of the digits alone', async () => {
  const recorded = await stepWith({ outlierWeight: 0.5 }, noise);
  const reference = await stepWith({ outlierWeight: 0.5, backend: REFERENCE }, noise);
  const without = await stepWith({}, new Float32Array(0));
  assert.ok(
    Math.abs(recorded.result.loss - without.result.loss) < 1e-6,
    'the loss is not of the digits alone',
  );
  assert.equal(recorded.result.accuracy, without.result.accuracy);
  recorded.weights.forEach((values, index) => {
    values.forEach((value, position) => {
      const wanted = reference.weights[index]![position]!;
      assert.ok(
        Math.abs(value - wanted) < 1e-5,
        `weight ${index}[${position}]: ${value}, expected ${wanted}`,
      );
    });
  });
});

test('outliers: a step of another size comes after the buffers of the first are gone', async () => {
  await tf.setBackend(BACKEND_NAME);
  const model = build();
  const step = createTrainStep({
    model,
    optimizer: 'sgd',
    settings: DEFAULTS,
    labelSmoothing: 0,
    outlierWeight: 0.5,
    seed: 1,
  });
  for (const [digits, outliers] of [
    [8, 2],
    [5, 1],
  ] as const) {
    const images = Float32Array.from({ length: (digits + outliers) * INPUT_LENGTH }, () => random.next());
    const { loss } = await step.run(images, new Int32Array(digits).fill(3), 0.01, 1);
    assert.ok(Number.isFinite(loss));
    // As a batch's buffer does that is sent back to the thread that prepares batches.
    structuredClone(images.buffer, { transfer: [images.buffer] });
  }
  await step.dispose();
  model.dispose();
});

test('outliers that count nothing train nothing, those that count are taken for less certain', async () => {
  const without = await stepWith({}, new Float32Array(0));
  const ignored = await stepWith({ outlierWeight: 0 }, noise);
  ignored.weights.forEach((values, index) => {
    values.forEach((value, position) => {
      assert.ok(Math.abs(value - without.weights[index]![position]!) < 1e-6, `weight ${index}`);
    });
  });
  const counted = await stepWith({ outlierWeight: 2 }, noise);
  const certainty = ({ probabilities }: typeof counted) =>
    probabilities.slice(BATCH_SIZE).reduce((sum, row) => sum + Math.max(...row), 0);
  assert.ok(certainty(counted) < certainty(ignored), `${certainty(counted)}, ${certainty(ignored)}`);
});
