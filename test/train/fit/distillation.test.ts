import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { RUN_FILES } from '../../../core/run.js';
import type { Mnist } from '../../../train/dataset/mnist.js';
import { teachingBy } from '../../../train/distillation.js';
import type { FitEvent } from '../../../train/events.js';
import { buildModel } from '../../../train/models/architectures.js';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import type { ResolvedRecipe } from '../../../train/recipes/resolve.js';
import { createTrainStep } from '../../../train/train-step.js';
import { REFERENCE, registerBackends } from '../ort-backend/compare.js';
import {
  BATCH_SIZE,
  readRun,
  runTraining,
  STEPS_PER_EPOCH,
  smallMnist,
  smallRecipe,
  temporaryFolder,
  tensorsOf,
} from './small-run.js';

registerBackends();

const ROWS = 3;
const table = (valueAt: (row: number, column: number) => number): number[] =>
  Array.from({ length: ROWS * 10 }, (_, place) => valueAt(Math.floor(place / 10), place % 10));

const STUDENT = table((row, column) => (((row * 7 + column * 3) % 11) - 5) / 2);
const TEACHERS = [
  table((row, column) => (((row * 5 + column * 9) % 13) - 6) / 1.5),
  table((row, column) => ((row * 3 + column * 4) % 7) - 3),
];
const LABELS = [3, 0, 9];

/**
 * From torch 2.15.0 in float64: p = (softmax(T1 / 3) + softmax(T2 / 3)) / 2 and the gradient of
 * 0.3 cross_entropy(S, labels) - 0.7 * 9 * (p * log_softmax(S / 3)).sum(1).mean() with respect to S.
 */
const TORCH = {
  targets: [
    0.027816, 0.145065, 0.056879, 0.102782, 0.134239, 0.165997, 0.06287, 0.143552, 0.115907, 0.044892,
    0.070239, 0.026984, 0.14149, 0.055527, 0.098844, 0.131773, 0.160263, 0.060742, 0.141499, 0.11264,
    0.188252, 0.072783, 0.028226, 0.156675, 0.062044, 0.093635, 0.1554, 0.158967, 0.060743, 0.023276,
  ],
  loss: 16.405576,
  gradient: [
    0.00864, -0.054315, 0.042008, -0.01932, -0.060612, -0.05975, 0.055578, 0.092926, -0.041491, 0.036336,
    -0.057, 0.158545, -0.062157, 0.024037, 0.043894, -0.066069, -0.068264, 0.033341, 0.041475, -0.047802,
    -0.089324, 0.022434, 0.116416, -0.079671, 0.00728, 0.023652, 0.06332, -0.075628, 0.01831, -0.00679,
  ],
};

function assertNear(actual: ArrayLike<number>, expected: readonly number[], what: string): void {
  expected.forEach((value, index) => {
    assert.ok(
      Math.abs(actual[index]! - value) < 2e-6,
      `${what} ${index}: ${actual[index]}, expected ${value}`,
    );
  });
}

/** A network whose logits are a part of its input `[batch, 20]`. */
function echo(part: number): tfl.LayersModel {
  const input = tfl.input({ shape: [20] });
  const layer = tfl.layers.dense({ units: 10, name: 'logits' });
  const output = layer.apply(input) as tfl.SymbolicTensor;
  const kernel = tf.buffer([20, 10]);
  for (let unit = 0; unit < 10; unit++) kernel.set(1, part * 10 + unit, unit);
  layer.setWeights([kernel.toTensor(), tf.zeros([10])]);
  return tfl.model({ inputs: input, outputs: output });
}

for (const backend of [REFERENCE, BACKEND_NAME]) {
  test(`two teachers on ${backend}: targets, loss and gradient are PyTorch's`, async () => {
    await tf.setBackend(backend);
    const teaching = teachingBy([echo(0), echo(1)], { distillationWeight: 0.7, distillationTemperature: 3 })!;
    const inputs = tf.concat(
      TEACHERS.map((values) => tf.tensor2d(values, [ROWS, 10])),
      1,
    );
    const targets = teaching.targets(inputs);
    assertNear(await targets.data(), TORCH.targets, 'target');
    const labels = tf.oneHot(tf.tensor1d(LABELS, 'int32'), 10);
    const { value, grad } = tf.valueAndGrad((student) =>
      teaching.loss(tf.losses.softmaxCrossEntropy(labels, student), student as tf.Tensor2D, targets),
    )(tf.tensor2d(STUDENT, [ROWS, 10]));
    assert.ok(Math.abs((await value.data())[0]! - TORCH.loss) < 1e-5);
    assertNear(await grad.data(), TORCH.gradient, 'gradient');
  });
}

test('a step with a teacher tells the loss of the labels alone, and is taken towards what the teacher says', async () => {
  await tf.setBackend(BACKEND_NAME);
  const recipe = smallRecipe(1, 'distillationWeight=1', 'distillationTemperature=2', 'learningRate=0.01');
  const networkOf = (seed: number) => buildModel(recipe.architecture, recipe.model as never, seed);
  const [teacher, student] = [networkOf(2), networkOf(1)];
  // It takes everything for a 7.
  const logits = teacher.getLayer('logits');
  const [kernel] = logits.getWeights();
  logits.setWeights([tf.zerosLike(kernel!), tf.mul(tf.cast(tf.oneHot(7, 10), 'float32'), 8)]);
  const { train } = await smallMnist();
  const images = Float32Array.from(train.images.subarray(0, BATCH_SIZE * 784), (byte) => byte / 255);
  const labels = Int32Array.from(train.labels.subarray(0, BATCH_SIZE));
  const lossOf = async (teaching: ReturnType<typeof teachingBy>) => {
    const model = networkOf(1);
    const { training: settings } = recipe;
    const step = createTrainStep({ ...settings, model, settings, teaching, seed: 1 });
    const { loss } = await step.run(images, labels, 0.01, 1);
    await step.dispose();
    model.dispose();
    return loss;
  };
  const teaching = teachingBy([teacher], recipe.training);
  assert.equal(await lossOf(teaching), await lossOf(null));

  const step = createTrainStep({
    ...recipe.training,
    model: student,
    settings: recipe.training,
    teaching,
    seed: 1,
  });
  for (let number = 1; number <= 60; number++) await step.run(images, labels, 0.02, number);
  const output = student.predict(tf.tensor4d(images, [BATCH_SIZE, 28, 28, 1])) as tf.Tensor2D;
  const sevens = (await tf.mean(output, 0).data())[7]!;
  assert.ok(sevens > 0.5, `its probability of a 7 is ${sevens}, whatever it sees`);
  await step.dispose();
  for (const model of [teacher, student]) model.dispose();
});

let mnist: Mnist;
let teacher: string;

before(async () => {
  mnist = await smallMnist();
  teacher = await mkdtemp(join(tmpdir(), 'tenfold-teacher-'));
  await runTraining({ mnist, folder: teacher, recipe: smallRecipe(5, 'epochs=1') });
});
after(() => rm(teacher, { recursive: true }));

const TAUGHT = smallRecipe(1, 'distillationWeight=0.5', 'epochs=2');
const isFirstEpochSaved = (event: FitEvent) => event.type === 'saved' && event.epoch === 1;

test('a run with a teacher records it by its hash, and goes on with it to the bits of one that was not stopped', async (context) => {
  const [whole, stopped] = [await temporaryFolder(context), await temporaryFolder(context)];
  await runTraining({ mnist, folder: whole, recipe: TAUGHT, teachers: [teacher] });
  const { teachers } = JSON.parse(await readRun(whole, 'recipe')) as ResolvedRecipe;
  assert.equal(teachers!.length, 1);
  assert.equal(teachers![0]!.run, teacher);
  assert.match(teachers![0]!.sha256, /^[0-9a-f]{64}$/);

  await runTraining({ mnist, folder: stopped, recipe: TAUGHT, teachers: [teacher] }, isFirstEpochSaved);
  const moved = join(await temporaryFolder(context), 'moved');
  await cp(teacher, moved, { recursive: true });
  await runTraining({ mnist, folder: stopped, resume: true, teachers: [moved] });
  assert.deepEqual(await tensorsOf(stopped), await tensorsOf(whole));

  const untaught = await temporaryFolder(context);
  await runTraining({ mnist, folder: untaught, recipe: smallRecipe(1, 'epochs=2') });
  assert.notDeepEqual(await tensorsOf(untaught), await tensorsOf(whole));
});

test('a run does not go on with another teacher, or without its own', async (context) => {
  const folder = await temporaryFolder(context);
  const own = join(await temporaryFolder(context), 'own');
  await cp(teacher, own, { recursive: true });
  await runTraining({ mnist, folder, recipe: TAUGHT, teachers: [own], maxSteps: STEPS_PER_EPOCH });
  const weights = await readFile(join(own, RUN_FILES.weights));
  weights[0]! ^= 1;
  await writeFile(join(own, RUN_FILES.weights), weights);
  await assert.rejects(runTraining({ mnist, folder, resume: true }), {
    code: 'bad-usage',
    message: /^Expected those that it began with, [0-9a-f]{64} for the teachers of a run that goes on, got /,
  });
  await rm(own, { recursive: true });
  await assert.rejects(runTraining({ mnist, folder, resume: true }), {
    code: 'not-found',
    message: /^Expected a run that finished an epoch .* for --teacher, got /,
  });
  await runTraining({ mnist, folder, resume: true, teachers: [teacher] });
});

test('a share of a loss without a teacher is refused, and a teacher without a share', async (context) => {
  const folder = await temporaryFolder(context);
  await assert.rejects(runTraining({ mnist, folder, recipe: TAUGHT }), {
    code: 'bad-usage',
    message:
      'Expected 0 for distillationWeight without a teacher, got 0.5. Name a run to learn from by --teacher, and how much by --set distillationWeight=0.5; or neither.',
  });
  await assert.rejects(runTraining({ mnist, folder, teachers: [teacher] }), {
    code: 'bad-usage',
    message: /^Expected a share above 0 for distillationWeight with a teacher, got 0\. /,
  });
});
