import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RUN_FILES } from '../../../core/run.js';
import type { Mnist } from '../../../train/dataset/mnist.js';
import type { FitEvent } from '../../../train/events.js';
import {
  type Cleanup,
  EPOCHS,
  readRun,
  rowsOf,
  runTraining,
  STEPS_PER_EPOCH,
  smallMnist,
  smallRecipe,
  temporaryFolder,
  tensorsOf,
} from './small-run.js';

/** What must not depend on whether a run was interrupted. */
async function outcome(folder: string) {
  const epochs = rowsOf(await readRun(folder, 'epochs'));
  return {
    tensors: await tensorsOf(folder),
    weights: await readFile(join(folder, RUN_FILES.weights)),
    losses: await readRun(folder, 'losses'),
    // Without the last column, the seconds.
    epochs: epochs.map((row) => row.slice(0, -1)),
    report: await readRun(folder, 'report'),
    predictions: await readRun(folder, 'predictions'),
  };
}

let mnist: Mnist;
let uninterrupted: Awaited<ReturnType<typeof outcome>>;

async function trainWhole(context: Cleanup, seed: number) {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, recipe: smallRecipe(seed) });
  return outcome(folder);
}

before(async () => {
  mnist = await smallMnist();
  uninterrupted = await trainWhole({ after }, 1);
});

const isSaved = (epoch: number) => (event: FitEvent) => event.type === 'saved' && event.epoch === epoch;
const isStep = (epoch: number, step: number) => (event: FitEvent) =>
  event.type === 'step' && event.epoch === epoch && event.step === step;

test('the same seed twice gives the same bits, another seed gives others', async (context) => {
  assert.deepEqual(await trainWhole(context, 1), uninterrupted);
  assert.notDeepEqual((await trainWhole(context, 2)).tensors, uninterrupted.tensors);
});

const KILLS: Record<string, (event: FitEvent) => boolean> = {
  'between epochs': isSaved(1),
  'in the middle of an epoch': isStep(2, 3),
  'after the last step of an epoch, before it was saved': (event) =>
    event.type === 'epoch' && event.epoch === 2,
  'after the last epoch, before the results': isSaved(EPOCHS),
};

for (const [moment, isKill] of Object.entries(KILLS)) {
  test(`a run killed ${moment} goes on to the bits of one that was not`, async (context) => {
    const folder = await temporaryFolder(context);
    await runTraining({ mnist, folder }, isKill);
    await runTraining({ mnist, folder, resume: true });
    assert.deepEqual(await outcome(folder), uninterrupted);
  });
}

test('a stop by the number of steps, in the middle of an epoch, is gone on with likewise', async (context) => {
  const folder = await temporaryFolder(context);
  const maxSteps = STEPS_PER_EPOCH + 2;
  const events = await runTraining({ mnist, folder, maxSteps });
  assert.equal(events.filter(({ type }) => type === 'step').length, maxSteps);
  assert.equal(events.at(-1)?.type, 'end', 'a run that was limited is measured as well');
  const rest = await runTraining({ mnist, folder, resume: true });
  assert.equal(rest.filter(({ type }) => type === 'step').length, EPOCHS * STEPS_PER_EPOCH - maxSteps);
  const actual = await outcome(folder);
  assert.deepEqual(actual.tensors, uninterrupted.tensors);
  assert.equal(actual.losses, uninterrupted.losses);
  assert.equal(actual.predictions, uninterrupted.predictions);
  assert.equal(actual.epochs.length, EPOCHS);
});

test('what a kill tore is mended: half a row, a file half replaced', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder }, isSaved(1));
  await appendFile(join(folder, RUN_FILES.losses), '0.5,\n0.2');
  await appendFile(join(folder, RUN_FILES.epochs), '2,0.');
  await writeFile(join(folder, `${RUN_FILES.weights}.partial`), 'torn');
  await runTraining({ mnist, folder, resume: true });
  assert.deepEqual(await outcome(folder), uninterrupted);
  assert.deepEqual(
    (await readdir(folder)).filter((file) => file.endsWith('.partial')),
    [],
  );
});

test('the recipe of the folder holds, not the one named at the resumption', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder }, isSaved(1));
  await runTraining({ mnist, folder, resume: true, recipe: smallRecipe(9, 'epochs=1') });
  assert.deepEqual(await outcome(folder), uninterrupted);
});

test('a finished run that is resumed only measures again', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder });
  const events = await runTraining({ mnist, folder, resume: true });
  assert.deepEqual(
    events.map(({ type }) => type),
    ['start', 'end'],
  );
  assert.deepEqual(await outcome(folder), uninterrupted);
});

test('nothing to go on with is said, and nothing is written', async (context) => {
  const folder = await temporaryFolder(context);
  const message = `Expected a run that finished an epoch (recipe.json and optimizer.bin) for --resume, got ${folder}. Start it anew without --resume, in another folder.`;
  const refused = () =>
    assert.rejects(runTraining({ mnist, folder, resume: true }), {
      name: 'TenfoldError',
      code: 'not-found',
      message,
    });
  await refused();
  assert.deepEqual(await readdir(folder), []);
  await runTraining({ mnist, folder }, isStep(1, 2));
  await refused();
});

test('a checkpoint or a table that does not belong to the run is refused', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder }, isSaved(1));
  const checkpoint = join(folder, RUN_FILES.optimizer);
  const whole = await readFile(checkpoint);

  await writeFile(checkpoint, whole.subarray(0, -5));
  await assert.rejects(runTraining({ mnist, folder, resume: true }), {
    code: 'corrupt',
    message: `Expected ${whole.length} bytes for ${checkpoint}, got ${whole.length - 5} bytes. The run cannot be resumed: train it anew.`,
  });

  await writeFile(checkpoint, whole);
  const recipe = join(folder, RUN_FILES.recipe);
  const text = await readFile(recipe, 'utf8');
  await writeFile(recipe, text.replace('"filters": 3', '"filters": 4'));
  await assert.rejects(runTraining({ mnist, folder, resume: true }), {
    code: 'corrupt',
    message:
      /^Expected .* with \d+ values for the checkpoint, got .* with \d+\. It belongs to another recipe or version: train anew\.$/,
  });

  await writeFile(recipe, text);
  await rm(join(folder, RUN_FILES.losses));
  await assert.rejects(runTraining({ mnist, folder, resume: true }), { name: 'TenfoldError' });
});
