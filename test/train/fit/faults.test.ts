import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { disposeVariables } from '@tensorflow/tfjs-core';
import { RUN_FILES } from '../../../core/run.js';
import { selectBackend } from '../../../train/backend.js';
import { classifierOf, evaluate } from '../../../train/evaluate.js';
import { loadRun } from '../../../train/load-run.js';
import { readReportRun } from '../../../train/reports/read-run.js';
import { eventsOf } from '../tensorboard/read-events.js';
import {
  readRun,
  rowsOf,
  runTraining,
  STEPS_PER_EPOCH,
  smallMnist,
  smallRecipe,
  temporaryFolder,
} from './small-run.js';

const CONSTANT = ['schedule=constant', 'warmup=0'];
const ADVICE = 'lower the rate by --set learningRate=...';

test('a training that diverges says so, at which step and rate, and what to do', async (context) => {
  const mnist = await smallMnist();
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, 'learningRate=1e30', ...CONSTANT);
  await assert.rejects(runTraining({ mnist, folder, recipe }), {
    code: 'failed',
    message: `Expected a finite number for the loss at step 2, learning rate 1e+30, got NaN. The training diverged (no epoch was finished before): ${ADVICE}`,
  });
});

test('weights that the last update of an epoch broke are not saved over those of the last good one', async (context) => {
  const mnist = await smallMnist();
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, ...CONSTANT);
  await runTraining({ mnist, folder, recipe, maxSteps: STEPS_PER_EPOCH });
  const saved = await readFile(join(folder, RUN_FILES.weights));
  // As float32 it is infinite, and the loss of the step comes before its update.
  const broken = { ...recipe, training: { ...recipe.training, learningRate: 1e300 } };
  await writeFile(join(folder, RUN_FILES.recipe), JSON.stringify(broken));
  for (const [maxSteps, what, step] of [
    [STEPS_PER_EPOCH + 1, 'a weight', 1],
    [2 * STEPS_PER_EPOCH, 'the loss', 2],
  ] as const) {
    await assert.rejects(runTraining({ mnist, folder, resume: true, maxSteps }), {
      code: 'failed',
      message: new RegExp(
        `^Expected a finite number for ${what} at step ${STEPS_PER_EPOCH + step}, learning rate 1e\\+300, got (NaN|-?Infinity)\\. The training diverged \\(epoch 1, finished before, is kept\\): lower`,
      ),
    });
    assert.deepEqual(await readFile(join(folder, RUN_FILES.weights)), saved);
  }
  await selectBackend('onnxruntime', 'cpu');
  const { loss } = await evaluate(classifierOf(await loadRun(folder)), mnist.test);
  disposeVariables();
  assert.ok(Number.isFinite(loss));
});

test('the steps that led to a divergence are in losses.csv and for TensorBoard, and cut off once the run goes on', async (context) => {
  const mnist = await smallMnist();
  const [folder, undisturbed] = [await temporaryFolder(context), await temporaryFolder(context)];
  const recipe = smallRecipe(1, ...CONSTANT);
  await runTraining({ mnist, folder: undisturbed, recipe });
  await runTraining({ mnist, folder, recipe, maxSteps: STEPS_PER_EPOCH });
  const [lossesBefore, eventsBefore] = [await readRun(folder, 'losses'), eventsOf(folder)];
  const whole = await readFile(join(folder, RUN_FILES.recipe));
  const broken = { ...recipe, training: { ...recipe.training, learningRate: 1e30 } };
  await writeFile(join(folder, RUN_FILES.recipe), JSON.stringify(broken));
  const losses: number[] = [];
  const diverging = runTraining({ mnist, folder, resume: true }, (event) => {
    if (event.type === 'step') losses.push(event.loss);
    return false;
  });
  await assert.rejects(diverging, { code: 'failed' });
  assert.ok(losses.length > 0, 'it diverged before its first step');
  const led = losses.map((loss) => `${loss},\n`).join('');
  assert.equal(await readRun(folder, 'losses'), lossesBefore + led);
  assert.equal(eventsOf(folder).train?.length, eventsBefore.train!.length + losses.length);
  // The results that it has are those of the steps before.
  const run = await readReportRun(folder);
  assert.deepEqual(
    [run.losses.rows, run.losses.column('Train Loss')?.length],
    [STEPS_PER_EPOCH, STEPS_PER_EPOCH],
  );

  await writeFile(join(folder, RUN_FILES.recipe), whole);
  await runTraining({ mnist, folder, resume: true });
  assert.equal(await readRun(folder, 'losses'), await readRun(undisturbed, 'losses'));
  assert.deepEqual(eventsOf(folder).train, eventsOf(undisturbed).train);
});

test('a run that diverges in its first epoch has its steps too, and begins anew when it is resumed', async (context) => {
  const mnist = await smallMnist();
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, 'learningRate=1e30', ...CONSTANT);
  for (const resume of [false, true]) {
    await assert.rejects(runTraining({ mnist, folder, recipe, resume }), { code: 'failed' });
    const rows = rowsOf(await readRun(folder, 'losses'));
    assert.equal(rows.length, 1, 'the loss of step 2 is no number');
    assert.ok(Number(rows[0]![0]) > 0);
    assert.deepEqual(rowsOf(await readRun(folder, 'epochs')), []);
  }
});

test('a measurement that is no number ends the training too', async (context) => {
  const mnist = await smallMnist();
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, 'learningRate=1e300', ...CONSTANT);
  await assert.rejects(runTraining({ mnist, folder, recipe, evaluateEvery: 'step' }), {
    code: 'failed',
    message:
      /^Expected a finite number for the loss on the test set at step 1, learning rate 1e\+300, got NaN\./,
  });
});

test('more validation images than there are images leave no folder with half a run', async (context) => {
  const mnist = await smallMnist();
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, 'validationImages=5000');
  await assert.rejects(runTraining({ mnist, folder, recipe }), { code: 'bad-usage' });
  assert.deepEqual(await readdir(folder), []);
});

test('a damaged recipe.json is named when the run is resumed', async (context) => {
  const mnist = await smallMnist();
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, maxSteps: 5 });
  await writeFile(join(folder, RUN_FILES.recipe), '{"name":');
  await assert.rejects(runTraining({ mnist, folder, resume: true }), {
    code: 'corrupt',
    message: /recipe\.json, got .*train it anew/,
  });
});

test('a finished run that is resumed is measured again, with a time a step', async (context) => {
  const mnist = await smallMnist();
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder });
  const end = (await runTraining({ mnist, folder, resume: true })).at(-1);
  assert.equal(end?.type, 'end');
  assert.ok(end?.type === 'end' && end.stepMillisecondsMedian > 0);
});
