import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { RUN_FILES } from '../../../core/run.js';
import { runTraining, smallMnist, smallRecipe, temporaryFolder } from './small-run.js';

test('a training that diverges says so, and what to do', async (context) => {
  const mnist = await smallMnist();
  const folder = await temporaryFolder(context);
  const recipe = smallRecipe(1, 'learningRate=1e30', 'schedule=constant');
  await assert.rejects(runTraining({ mnist, folder, recipe }), {
    code: 'failed',
    message: /^Expected a finite number for the loss of step \d+, got .*lower the rate by --set learningRate/,
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
