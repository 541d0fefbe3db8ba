import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RUN_FILES } from '../../../core/run.js';
import type { Mnist } from '../../../train/dataset/mnist.js';
import type { FitEvent } from '../../../train/events.js';
import type { ResolvedRecipe } from '../../../train/recipes/resolve.js';
import { pack, readSavedRun, unpack, writeFiles } from '../../../train/sweeps/queue/archive.js';
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
    // Without the last two columns, images a second and seconds.
    epochs: epochs.map((row) => row.slice(0, -2)),
    report: await readRun(folder, 'report'),
    predictions: await readRun(folder, 'predictions'),
  };
}

/** Everything that a training has to remember beside weights and one optimiser's slots. */
const WITH_EVERYTHING = smallRecipe(
  1,
  'optimizer=adamw',
  'learningRate=0.02',
  'weightDecay=0.01',
  'clipNorm=1',
  'averageDecay=0.8',
  'statisticsBatches=3',
  'schedule=exponential',
  'decayEpochs=1',
  'validationImages=30',
  'patience=2',
);

let mnist: Mnist;
let uninterrupted: Awaited<ReturnType<typeof outcome>>;
let uninterruptedWithEverything: typeof uninterrupted;

async function trainWhole(context: Cleanup, recipe: ResolvedRecipe) {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, recipe });
  return outcome(folder);
}

before(async () => {
  mnist = await smallMnist();
  uninterrupted = await trainWhole({ after }, smallRecipe());
  uninterruptedWithEverything = await trainWhole({ after }, WITH_EVERYTHING);
});

const isSaved = (epoch: number) => (event: FitEvent) => event.type === 'saved' && event.epoch === epoch;
const isStep = (epoch: number, step: number) => (event: FitEvent) =>
  event.type === 'step' && event.epoch === epoch && event.step === step;

test('the same seed twice gives the same bits, another seed gives others', async (context) => {
  assert.deepEqual(await trainWhole(context, smallRecipe()), uninterrupted);
  assert.notDeepEqual((await trainWhole(context, smallRecipe(2))).tensors, uninterrupted.tensors);
});

const KILLS: Record<string, (event: FitEvent) => boolean> = {
  'before its first step': ({ type }) => type === 'start',
  'in its first epoch': isStep(1, 2),
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

  test(`so does one with averaged weights, decay and patience, killed ${moment}`, async (context) => {
    const folder = await temporaryFolder(context);
    await runTraining({ mnist, folder, recipe: WITH_EVERYTHING }, isKill);
    await runTraining({ mnist, folder, resume: true });
    assert.deepEqual(await outcome(folder), uninterruptedWithEverything);
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
  assert.deepEqual(await outcome(folder), uninterrupted);
});

test('what a kill tore is mended: half a row, a file half replaced', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder }, isSaved(1));
  await appendFile(join(folder, RUN_FILES.losses), '0.5,\n0.2');
  await appendFile(join(folder, RUN_FILES.epochs), '2,0.');
  for (const file of Object.values(RUN_FILES)) await writeFile(join(folder, `${file}.partial`), 'torn');
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

/** The same digits, but for one pixel of the training set or one label of the test set. */
const OTHER_DATA: Record<string, () => Mnist> = {
  'another picture': () => {
    const images = Uint8Array.from(mnist.train.images);
    images[400]! ^= 1;
    return { ...mnist, train: { ...mnist.train, images } };
  },
  'another label of the test set': () => {
    const labels = Uint8Array.from(mnist.test.labels, (label, index) => (index === 7 ? 9 - label : label));
    return { ...mnist, test: { ...mnist.test, labels } };
  },
};

for (const [difference, other] of Object.entries(OTHER_DATA)) {
  test(`a run does not go on with ${difference}, even as one that came through a queue`, async (context) => {
    const folder = await temporaryFolder(context);
    await runTraining({ mnist, folder }, isSaved(1));
    const sent = join(await temporaryFolder(context), 'sent');
    await writeFiles(sent, await unpack(await pack((await readSavedRun(folder))!)));
    for (const run of [folder, sent]) {
      await assert.rejects(runTraining({ mnist: other(), data: 'fashion', folder: run, resume: true }), {
        code: 'bad-usage',
        message:
          /^Expected the images and labels that it began with, [0-9a-f]{64} for the data of a run that goes on, got [0-9a-f]{64} \(fashion\)\. Name the folder that it began with by --data/,
      });
      await runTraining({ mnist: structuredClone(mnist), data: 'elsewhere', folder: run, resume: true });
      assert.deepEqual(await outcome(run), uninterrupted);
    }
  });
}

test('nor before its first epoch was saved', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder }, isStep(1, 2));
  const other = OTHER_DATA['another picture']!();
  await assert.rejects(runTraining({ mnist: other, folder, resume: true }), { code: 'bad-usage' });
});

test('a run of an earlier version, which does not say what data it began with, goes on with what there is', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder }, isSaved(1));
  const { dataSha256, evaluateEvery, ...recipe } = JSON.parse(await readRun(folder, 'recipe'));
  assert.match(dataSha256, /^[0-9a-f]{64}$/);
  assert.equal(evaluateEvery, 'end');
  await writeFile(join(folder, RUN_FILES.recipe), JSON.stringify(recipe));
  await runTraining({ mnist, folder, resume: true });
  assert.deepEqual(await outcome(folder), uninterrupted);
  assert.deepEqual(
    JSON.parse(await readRun(folder, 'recipe')),
    recipe,
    'exported before, it is no longer the same',
  );
});

test('a run that goes on measures the test set when it was told to, unless it is told anew', async (context) => {
  const measuredEpochs = (events: FitEvent[]) =>
    events.flatMap((event) => (event.type === 'evaluate' ? [event.epoch] : []));
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, evaluateEvery: 'epoch' }, isSaved(1));
  assert.deepEqual(measuredEpochs(await runTraining({ mnist, folder, resume: true }, isSaved(2))), [2]);
  const told = await runTraining({ mnist, folder, resume: true, evaluateEvery: 'step' }, isStep(3, 2));
  assert.deepEqual(measuredEpochs(told), [3]);
  const rest = await runTraining({ mnist, folder, resume: true });
  assert.deepEqual(measuredEpochs(rest), Array(STEPS_PER_EPOCH).fill(3));
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

/** Its rate falls, and does not ask how long the run is. */
const FALLING = ['schedule=exponential', 'decayEpochs=1', 'warmup=0'];

test('a finished run goes on to more epochs, to the bits of one that began with these', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, recipe: smallRecipe(1, ...FALLING, 'epochs=1') });
  const events = await runTraining({ mnist, folder, resume: true, epochs: EPOCHS });
  assert.equal(events.filter(({ type }) => type === 'step').length, (EPOCHS - 1) * STEPS_PER_EPOCH);
  assert.deepEqual(await outcome(folder), await trainWhole(context, smallRecipe(1, ...FALLING)));
  assert.equal(JSON.parse(await readRun(folder, 'recipe')).training.epochs, EPOCHS);
});

test('an interrupted one ends after fewer, but not before what it has begun', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, recipe: smallRecipe(1, ...FALLING), maxSteps: STEPS_PER_EPOCH + 1 });
  await assert.rejects(runTraining({ mnist, folder, resume: true, epochs: 1 }), {
    code: 'bad-usage',
    message:
      'Expected at least the 2 that it has begun for --epochs of a run that goes on, got 1. Name more, or leave --epochs out.',
  });
  await runTraining({ mnist, folder, resume: true, epochs: 2 });
  assert.deepEqual(await outcome(folder), await trainWhole(context, smallRecipe(1, ...FALLING, 'epochs=2')));
});

for (const settings of [['schedule=one-cycle'], ['schedule=cosine', 'warmup=0'], ['schedule=constant']]) {
  test(`a run whose rate is spread over its epochs keeps their number: ${settings}`, async (context) => {
    const folder = await temporaryFolder(context);
    await runTraining({ mnist, folder, recipe: smallRecipe(1, ...settings) }, isSaved(1));
    await assert.rejects(runTraining({ mnist, folder, resume: true, epochs: EPOCHS + 1 }), {
      code: 'bad-usage',
      message: new RegExp(
        `^Expected ${EPOCHS}, over which its learning rate is spread \\(.*\\) for --epochs of a run that goes on, got ${EPOCHS + 1}\\. Leave`,
      ),
    });
    await runTraining({ mnist, folder, resume: true, epochs: EPOCHS });
    assert.deepEqual(await outcome(folder), await trainWhole(context, smallRecipe(1, ...settings)));
  });
}

test('nothing to go on with is said, and nothing is written', async (context) => {
  const folder = await temporaryFolder(context);
  await assert.rejects(runTraining({ mnist, folder, resume: true }), {
    name: 'TenfoldError',
    code: 'not-found',
    message: `Expected a run (a folder with recipe.json) for --resume, got ${folder}. Start it without --resume.`,
  });
  assert.deepEqual(await readdir(folder), []);
});

test('a finished run whose checkpoint is gone is not trained over', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder });
  await rm(join(folder, RUN_FILES.optimizer));
  await assert.rejects(runTraining({ mnist, folder, resume: true }), {
    code: 'not-found',
    message: /^Expected a finished run with its optimizer\.bin for --resume/,
  });
});

test('results of earlier weights do not outlive them', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, maxSteps: STEPS_PER_EPOCH });
  assert.ok((await readdir(folder)).includes(RUN_FILES.metrics));
  await runTraining({ mnist, folder, resume: true }, isSaved(2));
  const left = await readdir(folder);
  for (const file of [RUN_FILES.metrics, RUN_FILES.predictions, RUN_FILES.report]) {
    assert.ok(!left.includes(file), `${file} is of other weights than those saved`);
  }
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
