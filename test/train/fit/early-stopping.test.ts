import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { RUN_FILES, type RunMetrics } from '../../../core/run.js';
import type { Mnist } from '../../../train/dataset/mnist.js';
import { isBetter, isPatienceSpent } from '../../../train/early-stopping.js';
import { readRun, rowsOf, runTraining, smallMnist, smallRecipe, temporaryFolder } from './small-run.js';

const EPOCHS = 12;
const PATIENCE = 2;
/** 200 images in batches of 50. */
const STEPS_PER_EPOCH = 4;

/** A rate so high, and pictures so much the same, that the loss does not fall for long. */
const recipe = (...settings: string[]) =>
  smallRecipe(
    1,
    'schedule=constant',
    'warmup=0',
    'learningRate=0.03',
    'rotateDegrees=0',
    'elasticPixels=0',
    'eraseProbability=0',
    'validationImages=30',
    `epochs=${EPOCHS}`,
    ...settings,
  );

let mnist: Mnist;
before(async () => {
  mnist = await smallMnist();
});

const weightsOf = (folder: string) => readFile(join(folder, RUN_FILES.weights));
const metricsOf = async (folder: string) => JSON.parse(await readRun(folder, 'metrics')) as RunMetrics;
const validationLosses = async (folder: string) =>
  rowsOf(await readRun(folder, 'epochs')).map((row) => Number(row[3]));

for (const averaging of ['averageDecay=0', 'averageDecay=0.7']) {
  test(`with ${averaging} it ends when the validation loss has not fallen for two epochs, and keeps the best`, async (context) => {
    const folder = await temporaryFolder(context);
    await runTraining({ mnist, folder, recipe: recipe(`patience=${PATIENCE}`, averaging) });
    const losses = await validationLosses(folder);
    const best = 1 + losses.indexOf(Math.min(...losses));
    assert.ok(losses.length < EPOCHS, `it did not stop early: ${losses}`);
    assert.equal(losses.length, best + PATIENCE, `${losses}`);
    const { bestEpoch, epochs, steps, validation } = await metricsOf(folder);
    const ended = [losses.length, losses.length * STEPS_PER_EPOCH];
    assert.deepEqual([bestEpoch, epochs, steps], [best, ...ended]);
    assert.equal(validation?.loss, losses[best - 1], 'what is measured at the end is the best');

    const short = await temporaryFolder(context);
    const untilBest = best * STEPS_PER_EPOCH;
    await runTraining({ mnist, folder: short, recipe: recipe(averaging), maxSteps: untilBest });
    assert.deepEqual(await weightsOf(folder), await weightsOf(short));
    assert.equal(await readRun(folder, 'predictions'), await readRun(short, 'predictions'));
    assert.deepEqual((await metricsOf(folder)).test, (await metricsOf(short)).test);
  });
}

test('a run that has ended early is not trained on, but measured again', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, recipe: recipe(`patience=${PATIENCE}`) });
  const before = await metricsOf(folder);
  const events = await runTraining({ mnist, folder, resume: true });
  assert.deepEqual(
    events.map(({ type }) => type),
    ['start', 'end'],
  );
  const { test: tested, bestEpoch } = await metricsOf(folder);
  assert.deepEqual([tested, bestEpoch], [before.test, before.bestEpoch]);
});

test('stopped in the middle of an epoch it keeps the best finished one, or what it has where none is', async (context) => {
  for (const [epochs, extra] of [
    [1, 2],
    [0, 3],
  ] as const) {
    const [stopped, plain] = [await temporaryFolder(context), await temporaryFolder(context)];
    const maxSteps = epochs * STEPS_PER_EPOCH + extra;
    await runTraining({ mnist, folder: stopped, recipe: recipe(`patience=${PATIENCE}`), maxSteps });
    const kept = epochs > 0 ? epochs * STEPS_PER_EPOCH : maxSteps;
    await runTraining({ mnist, folder: plain, recipe: recipe(), maxSteps: kept });
    assert.deepEqual(await weightsOf(stopped), await weightsOf(plain));
    assert.equal((await metricsOf(stopped)).bestEpoch, epochs > 0 ? 1 : undefined);
  }
});

test('only less is better, and patience begins after the best epoch', () => {
  const best = { epoch: 3, validationLoss: 0.5 };
  assert.deepEqual(
    [isBetter(0.4, best), isBetter(0.5, best), isBetter(0.6, best), isBetter(0.6, null)],
    [true, false, false, true],
  );
  assert.deepEqual(
    [3, 4, 5, 6].map((epochsDone) => isPatienceSpent(epochsDone, best, 2)),
    [false, false, true, true],
  );
  assert.equal(isPatienceSpent(100, best, 0), false);
  assert.equal(isPatienceSpent(100, null, 2), false);
});
