import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadMnist } from '../../../train/dataset/mnist.js';
import { groupRuns } from '../../../train/reports/groups.js';
import { type ReportRun, readReportRun } from '../../../train/reports/read-run.js';
import { hashOfData } from '../../../train/run-data.js';

const recorded = await readReportRun('docs/experiments/fast-seed1');

type Changes = Partial<Pick<ReportRun['recipe'], 'seed' | 'teachers' | 'dataSha256'>> & {
  training?: ReportRun['recipe']['training'];
  metrics?: Partial<ReportRun['metrics']>;
};

/** A run of which a record is kept, but for what is given. */
const runWith = ({ metrics, training, ...recipe }: Changes): ReportRun => ({
  ...recorded,
  recipe: { ...recorded.recipe, ...recipe, training: { ...recorded.recipe.training, ...training } },
  metrics: { ...recorded.metrics, ...metrics },
});

test('seeds whose training ended by itself after different epochs are one group', () => {
  const training = { epochs: 20, patience: 2 };
  const runs = [5, 6, 8].map((epochs, index) =>
    runWith({ seed: index + 1, training, metrics: { epochs, steps: epochs * 469 } }),
  );
  assert.deepEqual(
    groupRuns(runs).map((group) => group.runs.length),
    [3],
  );
});

test('a run that ended after whole epochs is not said to have ended within one', () => {
  const ended = (epochs: number, rows: number) => ({
    ...runWith({ training: { epochs: 9 }, metrics: { epochs, steps: 2150 } }),
    epochs: { ...recorded.epochs, rows },
  });
  const [whole, cut] = [ended(5, 5), ended(4, 5)].map((run) => groupRuns([run])[0]?.changes.at(-1));
  assert.deepEqual([whole, cut], ['ended after 5 of 9 epochs', 'ended after 2150 steps, in epoch 5 of 9']);
});

test('a run of before a kind of augmentation is in one group with those that have it off', () => {
  const before = runWith({ seed: 1 });
  delete (before.recipe.training as Record<string, unknown>).refitProbability;
  const off = runWith({ seed: 2, training: { refitProbability: 0 } });
  const on = runWith({ seed: 3, training: { refitProbability: 0.5 } });
  assert.deepEqual(
    groupRuns([before, off, on]).map(({ label, runs }) => [label, runs.length]),
    [
      ['refitProbability 0', 2],
      ['refitProbability 0.5', 1],
    ],
  );
});

test('runs that learned from other teachers are other groups, each named after its teachers', () => {
  const taughtBy = (seed: number, ...teachers: string[]) =>
    runWith({ seed, teachers: teachers.map((name) => ({ run: `runs/${name}`, sha256: name.repeat(64) })) });
  const groups = groupRuns([taughtBy(1, 'a'), taughtBy(2, 'b', 'c'), taughtBy(2, 'a')]);
  assert.deepEqual(
    groups.map(({ label, runs }) => [label, runs.length]),
    [
      ['teachers runs/a', 2],
      ['teachers runs/b and runs/c', 1],
    ],
  );
});

test('runs on other data are another group, named after it, and said to be otherwise than the recipe', async () => {
  const dataSha256 = hashOfData(await loadMnist());
  const unsaid = runWith({ seed: 3 });
  delete unsaid.recipe.dataSha256;
  const runs = [
    runWith({ seed: 1, dataSha256 }),
    runWith({ seed: 2, dataSha256: 'f'.repeat(64) }),
    unsaid,
    runWith({ seed: 4, dataSha256: 'f'.repeat(64) }),
  ];
  assert.deepEqual(
    groupRuns(runs).map(({ label, changes, runs: own }) => [label, own.length, changes.at(-1)]),
    [
      ['data MNIST', 2, undefined],
      ['data ffffffffffff', 2, 'other data than MNIST'],
    ],
  );
});
