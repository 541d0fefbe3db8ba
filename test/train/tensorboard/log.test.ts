import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RUN_FILES } from '../../../core/run.js';
import type { Mnist } from '../../../train/dataset/mnist.js';
import type { FitEvent } from '../../../train/events.js';
import { openEventFile } from '../../../train/tensorboard/event-file.js';
import { encodeEvent, type LogEvent } from '../../../train/tensorboard/events.js';
import {
  EPOCHS,
  runTraining,
  STEPS_PER_EPOCH,
  smallMnist,
  smallRecipe,
  temporaryFolder,
} from '../fit/small-run.js';
import { eventsOf } from './read-events.js';

let mnist: Mnist;
/** What a run leaves that nothing interrupted. */
let uninterrupted: ReturnType<typeof eventsOf>;
before(async () => {
  mnist = await smallMnist();
  const folder = await temporaryFolder({ after });
  await runTraining({ mnist, folder, recipe });
  uninterrupted = eventsOf(folder);
});

const recipe = smallRecipe(1, 'validationImages=30');
/** 200 images in batches of 50. */
const STEPS = STEPS_PER_EPOCH - 1;

type Contents = Pick<LogEvent, 'step' | 'kind' | 'content'>;
const hexOf = (event: Contents) =>
  Buffer.from(encodeEvent({ wallTime: 0, ...event } as LogEvent).subarray(9)).toString('hex');
const scalars = (step: number, values: Record<string, number>): Contents => ({
  step,
  kind: 'summary',
  content: Object.entries(values).map(([tag, scalar]) => ({ tag, scalar })),
});

/** What the events of a run should have become; the graph and the pictures have tests of their own. */
function expectedOf(events: readonly FitEvent[]): Record<string, string[]> {
  const expected: Record<string, Contents[]> = { train: [], validation: [], test: [] };
  let step = 0;
  for (const event of events) {
    if (event.type === 'step') {
      step = (event.epoch - 1) * STEPS + event.step;
      const { loss, accuracy, learningRate } = event;
      expected.train!.push(
        scalars(step, { 'step/loss': loss, 'step/accuracy': accuracy, 'step/learning_rate': learningRate }),
      );
    } else if (event.type === 'evaluate') {
      expected.test!.push(scalars(step, { 'step/loss': event.loss, 'step/accuracy': event.accuracy }));
    } else if (event.type === 'epoch') {
      const { trainLoss, trainAccuracy, validationLoss, validationAccuracy, testLoss, testAccuracy } = event;
      expected.train!.push(scalars(step, { 'epoch/loss': trainLoss, 'epoch/accuracy': trainAccuracy }));
      expected.validation!.push(
        scalars(step, { 'epoch/loss': validationLoss!, 'epoch/accuracy': validationAccuracy! }),
      );
      if (testLoss !== undefined) {
        expected.test!.push(scalars(step, { 'epoch/loss': testLoss, 'epoch/accuracy': testAccuracy! }));
      }
    } else if (event.type === 'end') {
      const { loss, accuracy } = event.test;
      expected.test!.push(scalars(step, { 'epoch/loss': loss, 'epoch/accuracy': accuracy }));
    }
  }
  return Object.fromEntries(
    Object.entries(expected).map(([split, contents]) => [split, contents.map(hexOf)]),
  );
}

test('every number that a run tells stands in the file of its split, once, in order', async (context) => {
  const folder = await temporaryFolder(context);
  const told = await runTraining({ mnist, folder, recipe, evaluateEvery: 'step' });
  const expected = expectedOf(told);
  const { train, validation, test: tested } = eventsOf(folder);
  const [graph, ...steps] = train!;
  assert.ok(graph!.length > 2000, `a graph of ${graph!.length / 2} bytes`);
  assert.deepEqual(steps, expected.train);
  assert.deepEqual(validation, expected.validation);
  // Pictures come last.
  assert.deepEqual(tested!.slice(0, expected.test!.length), expected.test);
  assert.ok(tested!.length > expected.test!.length + 5, `${tested!.length} events of the test set`);
});

describe('a run that was interrupted leaves the events of one that was not', () => {
  const isSaved = (epoch: number) => (event: FitEvent) => event.type === 'saved' && event.epoch === epoch;
  const KILLS: Record<string, (event: FitEvent) => boolean> = {
    'before its first step': ({ type }) => type === 'start',
    'in the middle of an epoch': (event) => event.type === 'step' && event.epoch === 2,
    'between epochs': isSaved(1),
    'before its results': isSaved(EPOCHS),
  };
  for (const [moment, isKill] of Object.entries(KILLS)) {
    test(`killed ${moment}`, async (context) => {
      const folder = await temporaryFolder(context);
      await runTraining({ mnist, folder, recipe }, isKill);
      await runTraining({ mnist, folder, recipe, resume: true });
      assert.deepEqual(eventsOf(folder), uninterrupted);
    });
  }

  test('killed after the events of an epoch were written, before its weights were', async (context) => {
    const folder = await temporaryFolder(context);
    await runTraining({ mnist, folder, recipe }, isSaved(1));
    const optimizer = await readFile(join(folder, RUN_FILES.optimizer));
    await runTraining({ mnist, folder, recipe, resume: true }, isSaved(2));
    await writeFile(join(folder, RUN_FILES.optimizer), optimizer);
    const events = join(folder, RUN_FILES.tensorboard, 'train');
    for (const file of await readdir(events)) await appendFile(join(events, file), 'a torn record');
    await runTraining({ mnist, folder, recipe, resume: true });
    assert.deepEqual(eventsOf(folder), uninterrupted);
  });

  test('finished, and measured again', async (context) => {
    const folder = await temporaryFolder(context);
    await runTraining({ mnist, folder, recipe });
    await runTraining({ mnist, folder, recipe, resume: true });
    assert.deepEqual(eventsOf(folder), uninterrupted);
  });
});

test('a run that was ended within an epoch and gone on with keeps what it measured there', async (context) => {
  const folder = await temporaryFolder(context);
  const maxSteps = STEPS + 2;
  const told = expectedOf(await runTraining({ mnist, folder, recipe, maxSteps }));
  await runTraining({ mnist, folder, recipe, resume: true });
  const { train, validation, test: tested } = eventsOf(folder);
  const isOfUninterrupted = (split: string) => (event: string) => uninterrupted[split]!.includes(event);
  assert.deepEqual(train!.filter(isOfUninterrupted('train')), uninterrupted.train);
  assert.deepEqual(
    train!.filter((event) => !isOfUninterrupted('train')(event)),
    told.train!.slice(-1),
    'the means of the part of an epoch',
  );
  assert.deepEqual(validation, [...told.validation!, ...uninterrupted.validation!.slice(1)]);
  assert.deepEqual(tested![0], told.test![0]);
  assert.deepEqual(tested!.slice(-uninterrupted.test!.length), uninterrupted.test);
});

test('what stands in a file stays as it is', async (context) => {
  const folder = await temporaryFolder(context);
  await runTraining({ mnist, folder, recipe, maxSteps: STEPS + 2 });
  const events = join(folder, RUN_FILES.tensorboard);
  const contents = async () => {
    const names = (await readdir(events, { recursive: true })).filter((name) => name.includes('tfevents'));
    return Promise.all(names.sort().map(async (name) => [name, await readFile(join(events, name), 'hex')]));
  };
  const before = await contents();
  await runTraining({ mnist, folder, recipe, resume: true });
  const after = await contents();
  assert.equal(before.length, 3);
  assert.equal(after.length, 6);
  for (const file of before)
    assert.deepEqual(
      after.find(([name]) => name === file[0]),
      file,
    );
});

test('a run that begins anew voids the files of one of which nothing was saved', async (context) => {
  const folder = await temporaryFolder(context);
  for (const steps of [3, 2]) {
    const file = await openEventFile(folder, false);
    assert.ok(file.isFirst);
    for (let step = 1; step <= steps; step++) file.append(step, 'summary', [{ tag: 'loss', scalar: step }]);
    await file.flush();
  }
  assert.deepEqual(await readdir(folder), ['events.out.tfevents.0001.tenfold']);
});

test('a place that cannot be written is named', async (context) => {
  const folder = await temporaryFolder(context);
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(openEventFile(join(folder, 'file'), true), {
    code: 'failed',
    message: /\/file.*ENOTDIR/,
  });
  const file = await openEventFile(join(folder, 'events'), false);
  await writeFile(join(folder, 'events'), '');
  file.append(1, 'summary', [{ tag: 'loss', scalar: 1 }]);
  await assert.rejects(file.flush(), { code: 'failed', message: /for .*\/events, got .*EEXIST/ });
});
