import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { RUN_FILES, type RunMetrics } from '../../../core/run.js';
import { selectBackend } from '../../../train/backend.js';
import type { Mnist } from '../../../train/dataset/mnist.js';
import { splitValidation } from '../../../train/dataset/split.js';
import { classifierOf, evaluate } from '../../../train/evaluate.js';
import { loadRun } from '../../../train/load-run.js';
import { classificationReport } from '../../../train/metrics/classification-report.js';
import { confusionMatrix } from '../../../train/metrics/confusion.js';
import { hashOfData } from '../../../train/run-data.js';
import { createRunFolder } from '../../../train/run-folder.js';
import { train } from '../../../train/train.js';
import {
  BATCH_SIZE,
  EPOCHS,
  readRun,
  rowsOf,
  runTraining,
  STEPS_PER_EPOCH,
  smallMnist,
  smallRecipe,
  TEST_IMAGES,
  TRAIN_IMAGES,
  temporaryFolder,
} from './small-run.js';

let mnist: Mnist;
before(async () => {
  mnist = await smallMnist();
});

const STEPS = EPOCHS * STEPS_PER_EPOCH;

/** The rows of `epochs.csv` by their columns. */
async function epochRows(folder: string): Promise<Record<string, string>[]> {
  const text = await readRun(folder, 'epochs');
  const columns = text.split('\n')[0]!.split(',');
  return rowsOf(text).map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]!])));
}

test('a run tells its events in order', async (context) => {
  const folder = await temporaryFolder(context);
  const events = await runTraining({ mnist, folder });
  const epoch = [...new Array<string>(STEPS_PER_EPOCH).fill('step'), 'epoch', 'saved'];
  assert.deepEqual(
    events.map(({ type }) => type),
    ['start', ...epoch, ...epoch, ...epoch, 'end'],
  );
  const steps = events.filter((event) => event.type === 'step');
  assert.deepEqual(
    steps.map((event) => [event.epoch, event.step]),
    [1, 2, 3].flatMap((number) => [1, 2, 3, 4, 5].map((step) => [number, step])),
  );
  const rates = steps.map(({ learningRate }) => learningRate);
  const { learningRate } = smallRecipe().training;
  assert.ok(Math.abs(rates[0]! - learningRate / 25) < 1e-12, 'the cycle begins with the run');
  assert.ok(Math.abs(rates.at(-1)! - learningRate / 25e4) < 1e-12, 'the cycle ends with the run');
});

/** What `recipe.json` holds of a run that nobody told when to measure. */
const recordedRecipe = () => ({ ...smallRecipe(), dataSha256: hashOfData(mnist), evaluateEvery: 'end' });

test('the folder holds what it promises, every row and every image', async (context) => {
  const folder = await temporaryFolder(context);
  const events = await runTraining({ mnist, folder });
  assert.deepEqual((await readdir(folder)).sort(), Object.values(RUN_FILES).sort());
  assert.deepEqual(JSON.parse(await readRun(folder, 'recipe')), recordedRecipe());

  const steps = events.filter((event) => event.type === 'step');
  const losses = await readRun(folder, 'losses');
  assert.match(losses, /^Train Loss,Test Loss\n/);
  assert.deepEqual(
    rowsOf(losses),
    steps.map(({ loss }) => [String(loss), '']),
  );

  const epochs = await readRun(folder, 'epochs');
  assert.match(epochs, /^epoch,trainLoss,.*,seconds\n/);
  const [first] = rowsOf(epochs);
  assert.equal(rowsOf(epochs).length, EPOCHS);
  // Every image counts as much, in the smaller last batch too.
  const sizes = [50, 50, 50, 50, 30];
  const mean = steps.slice(0, 5).reduce((sum, { loss }, index) => sum + loss * sizes[index]!, 0) / 230;
  assert.ok(Math.abs(Number(first![1]) - mean) < 1e-9);
  assert.deepEqual([first![0], first![3], first![4]], ['1', '', '']);
});

test('predictions, report and metrics are those of the weights that were saved', async (context) => {
  const folder = await temporaryFolder(context);
  const end = (await runTraining({ mnist, folder })).at(-1)!;
  await selectBackend('onnxruntime', 'cpu');
  const measured = await evaluate(classifierOf(await loadRun(folder)), mnist.test);
  tf.disposeVariables();

  const predictions = await readRun(folder, 'predictions');
  assert.match(predictions, /^Label,Prediction,Confidence\n/);
  assert.deepEqual(
    rowsOf(predictions),
    Array.from(measured.predictions, (digit, image) => [
      String(mnist.test.labels[image]),
      String(digit),
      String(measured.confidences[image]),
    ]),
  );
  assert.equal(rowsOf(predictions).length, TEST_IMAGES);
  const matrix = confusionMatrix(mnist.test.labels, measured.predictions);
  assert.equal(await readRun(folder, 'report'), classificationReport(matrix));

  const metrics = JSON.parse(await readRun(folder, 'metrics')) as RunMetrics;
  assert.deepEqual({ type: 'end', ...metrics }, end);
  const { test: tested, trainSeconds, stepMillisecondsMedian, parameters, machine, ...rest } = metrics;
  assert.deepEqual(rest, {
    run: folder,
    recipe: 'bottleneck-32x2',
    seed: 1,
    backend: 'onnxruntime',
    device: 'cpu',
    epochs: EPOCHS,
    steps: STEPS,
  });
  assert.equal(machine.node, process.versions.node);
  assert.equal(machine.logicalCores, cpus().length);
  assert.match(machine.onnxRuntime, /^\d+\.\d+\.\d+/);
  assert.ok(trainSeconds > 0 && stepMillisecondsMedian > 0 && parameters > 0);
  assert.equal(tested.accuracy, measured.accuracy);
  assert.ok(Math.abs(tested.loss - measured.loss) < 1e-9);
  assert.equal(
    tested.perClass.reduce((sum, { support }) => sum + support, 0),
    TEST_IMAGES,
  );
});

test('the loss on the test set after every step fills its column', async (context) => {
  const folder = await temporaryFolder(context);
  const events = await runTraining({ mnist, folder, evaluateEvery: 'step', maxSteps: STEPS_PER_EPOCH });
  const rows = rowsOf(await readRun(folder, 'losses'));
  const evaluated = events.filter((event) => event.type === 'evaluate');
  assert.equal(evaluated.length, STEPS_PER_EPOCH);
  assert.deepEqual(
    rows.map(([, loss]) => loss),
    evaluated.map(({ loss }) => String(loss)),
  );
  const end = events.at(-1)!;
  assert.ok(
    end.type === 'end' && end.test.loss === evaluated.at(-1)!.loss,
    'the last one is that of the end',
  );
});

test('the test set after every epoch fills its columns, of each digit too, and changes nothing else', async (context) => {
  const [plain, measured] = [await temporaryFolder(context), await temporaryFolder(context)];
  await runTraining({ mnist, folder: plain });
  const events = await runTraining({ mnist, folder: measured, evaluateEvery: 'epoch' });
  const evaluated = events.filter((event) => event.type === 'evaluate');
  assert.deepEqual(
    evaluated.map(({ epoch, step }) => [epoch, step]),
    [1, 2, 3].map((epoch) => [epoch, STEPS_PER_EPOCH]),
  );
  const rows = await epochRows(measured);
  assert.deepEqual(
    rows.map(({ testLoss, testAccuracy }) => [testLoss, testAccuracy]),
    evaluated.map(({ loss, accuracy }) => [String(loss), String(accuracy)]),
  );
  const { test: tested } = JSON.parse(await readRun(measured, 'metrics')) as RunMetrics;
  assert.deepEqual(
    tested.perClass.map(({ digit }) => rows.at(-1)![`val_accuracy_class_${digit}`]),
    tested.perClass.map(({ recall, support }) => (support > 0 ? String(recall) : '')),
  );
  assert.equal(rows.at(-1)!.testLoss, String(tested.loss));
  const losses = rowsOf(await readRun(measured, 'losses'));
  assert.deepEqual(
    losses.flatMap(([, loss], step) => (loss === '' ? [] : [[step + 1, loss]])),
    evaluated.map(({ loss }, index) => [(index + 1) * STEPS_PER_EPOCH, String(loss)]),
  );
  const weights = (folder: string) => readFile(join(folder, RUN_FILES.weights));
  assert.deepEqual(await weights(measured), await weights(plain));
  for (const { testLoss, testAccuracy, val_accuracy_class_0 } of await epochRows(plain)) {
    assert.deepEqual([testLoss, testAccuracy, val_accuracy_class_0], ['', '', ''], 'nobody asked for it');
  }
});

test("an epoch's row has its learning rate and the images a second of its steps", async (context) => {
  const folder = await temporaryFolder(context);
  const events = await runTraining({ mnist, folder });
  const rows = await epochRows(folder);
  rows.forEach(({ learningRate, imagesPerSecond }, index) => {
    const steps = events.filter((event) => event.type === 'step' && event.epoch === index + 1);
    const last = steps.at(-1)!;
    assert.equal(learningRate, last.type === 'step' && String(last.learningRate));
    const seconds =
      steps.reduce((sum, step) => sum + (step.type === 'step' ? step.milliseconds : 0), 0) / 1000;
    assert.ok(Math.abs((Number(imagesPerSecond) * seconds) / TRAIN_IMAGES - 1) < 1e-9);
  });
});

test('what was trained on is measured by the kept network where that is asked for', async (context) => {
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, 'validationImages=30', 'averageDecay=0.5');
  await runTraining({ mnist, folder, recipe, evaluateTrain: true });
  const {
    train: trained,
    validation,
    test: tested,
  } = JSON.parse(await readRun(folder, 'metrics')) as RunMetrics;
  await selectBackend('onnxruntime', 'cpu');
  const classify = classifierOf(await loadRun(folder));
  const sets = splitValidation(mnist.train, { count: 30, seed: 1 });
  for (const [metrics, set] of [
    [trained, sets.train],
    [validation, sets.validation],
    [tested, mnist.test],
  ] as const) {
    const { accuracy, loss } = await evaluate(classify, set);
    assert.equal(metrics?.accuracy, accuracy);
    assert.ok(Math.abs(metrics.loss - loss) < 1e-9);
  }
  tf.disposeVariables();

  const partial = await temporaryFolder(context);
  await runTraining({ mnist, folder: partial, evaluateTrain: true, maxSteps: 2 });
  assert.ok(!('train' in JSON.parse(await readRun(partial, 'metrics'))), 'it has not seen them all yet');
});

test('measuring after every step does not change the training', async (context) => {
  const [plain, measured] = [await temporaryFolder(context), await temporaryFolder(context)];
  await runTraining({ mnist, folder: plain, maxSteps: 3 });
  await runTraining({ mnist, folder: measured, maxSteps: 3, evaluateEvery: 'step' });
  const weights = (folder: string) => readFile(join(folder, RUN_FILES.weights));
  assert.deepEqual(await weights(measured), await weights(plain));
});

test('images that are set aside are measured every epoch and not trained on', async (context) => {
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, 'validationImages=130', 'epochs=1');
  const events = await runTraining({ mnist, folder, recipe });
  assert.equal(events.filter(({ type }) => type === 'step').length, Math.ceil(100 / BATCH_SIZE));
  const [row] = await epochRows(folder);
  const [loss, accuracy] = [Number(row!.validationLoss), Number(row!.validationAccuracy)];
  assert.ok(loss > 0 && accuracy >= 0 && accuracy <= 1, JSON.stringify(row));
  const ofDigits = Array.from({ length: 10 }, (_, digit) => Number(row![`val_accuracy_class_${digit}`]));
  assert.ok(
    ofDigits.every((share) => share >= 0 && share <= 1),
    JSON.stringify(row),
  );
});

test('a folder that holds a run already is refused, and the run is left as it is', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, maxSteps: 1 });
  const before = await readRun(folder, 'metrics');
  await assert.rejects(runTraining({ mnist, folder, recipe: smallRecipe(2) }), {
    name: 'TenfoldError',
    code: 'bad-usage',
    message: `Expected a folder without a run for --out, got ${folder}. Name another folder, or go on with this run by --resume.`,
  });
  assert.equal(await readRun(folder, 'metrics'), before);
  assert.deepEqual(JSON.parse(await readRun(folder, 'recipe')), recordedRecipe());
});

test('the network is the same file, layer names included, whatever was trained before it', async (context) => {
  const models: string[] = [];
  for (let run = 0; run < 2; run++) {
    const folder = await temporaryFolder(context);
    await runTraining({ mnist, folder, maxSteps: 1 });
    models.push(await readRun(folder, 'model'));
  }
  assert.equal(models[1], models[0]);
});

test('a run leaves no tensors behind: two may follow each other in a process', async (context) => {
  const engine = await selectBackend('onnxruntime', 'cpu');
  const options = { recipe: smallRecipe(), engine, mnist, evaluateEvery: 'epoch' } as const;
  const folder = await temporaryFolder(context);
  const before = tf.memory().numTensors;
  try {
    for await (const _event of train({ ...options, folder, resume: false, maxSteps: 1 }));
    for await (const _event of train({ ...options, folder, resume: true, maxSteps: 2 }));
    assert.equal(tf.memory().numTensors, before);
  } finally {
    tf.disposeVariables();
  }
});

test('of many trainings that begin in one new folder at the same moment, one gets it', async (context) => {
  const folder = join(await temporaryFolder(context), 'runs', 'one');
  const begun = await Promise.allSettled(
    Array.from({ length: 8 }, (_, seed) => createRunFolder(folder, smallRecipe(seed))),
  );
  const codes = begun.map((outcome) => (outcome.status === 'fulfilled' ? 'begun' : outcome.reason.code));
  assert.deepEqual(codes.sort(), [...new Array(7).fill('bad-usage'), 'begun']);
  const { seed } = JSON.parse(await readRun(folder, 'recipe'));
  assert.equal(begun[seed]?.status, 'fulfilled', 'the recipe is that of another training');
  assert.deepEqual(await readdir(folder), [RUN_FILES.recipe]);
});

test('a file system that makes no folders is told of', {
  skip: process.platform !== 'linux' && 'there is no /proc',
}, async () => {
  const folder = '/proc/tenfold/run';
  await assert.rejects(createRunFolder(folder, smallRecipe()), {
    code: 'failed',
    message: /^Expected .*\/proc\/tenfold\/run/,
  });
});
