import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunMetrics } from '../../../core/run.js';
import { MNIST_SHA256 } from '../../../train/run-data.js';
import { planRuns } from '../../../train/sweeps/plan.js';
import { type RunResult, summarize, sweepTable } from '../../../train/sweeps/summary.js';
import { SWEEPS, type SweepPoint } from '../../../train/sweeps/table.js';

const metrics = (accuracy: number, loss: number, trainSeconds: number) =>
  ({ trainSeconds, epochs: trainSeconds / 2, test: { accuracy, loss } }) as RunMetrics;

/** The runs of two points with two seeds; the second point failed with one seed and was not trained with the other. */
function resultsOf(points: readonly SweepPoint[]): RunResult[] {
  const [a1, b1, a2, b2] = planRuns(points.slice(0, 2), [1, 2], { settings: [] });
  return [
    { spec: a1!, status: 'finished', metrics: metrics(0.99, 0.04, 10) },
    { spec: b1!, status: 'failed', reason: 'It broke' },
    { spec: a2!, status: 'finished', metrics: metrics(0.98, 0.06, 14) },
    { spec: b2!, status: 'unfinished' },
  ];
}

test('a row a point: means, deviations of n - 1, what a report says, and why what is missing is', () => {
  const points = SWEEPS['groups-a'].points.slice(0, 2);
  const rows = summarize(points, resultsOf(points), MNIST_SHA256);
  assert.deepEqual(sweepTable(rows).split('\n'), [
    '                               seeds  epochs  test accuracy, %          test loss  training, s  published, %',
    // statistics.stdev of Python: 98, 99 -> 0.70711; 0.04, 0.06 -> 0.01414; 10, 14 -> 2.82843.
    'group 1: 32 filters, 2 blocks      2     5-7      98.50 ± 0.71  0.05000 ± 0.01414   12.0 ± 2.8  98.61 after 10 (Experiment A, group 1)',
    'group 2: 64 filters, 2 blocks      0       -                 -                  -            -  98.33 after 10 (Experiment A, group 2)',
    '',
    'group 2: 64 filters, 2 blocks, seed 1: It broke',
    'group 2: 64 filters, 2 blocks, seed 2: not finished',
  ]);
});

test("a changed recipe does not borrow its recipe's published figure", () => {
  const plain: SweepPoint = { label: 'a', recipe: 'bottleneck-32x2', overrides: [] };
  const rows = summarize([plain, { ...plain, label: 'b', overrides: ['filters=4'] }], [], MNIST_SHA256);
  assert.deepEqual(
    rows.map(({ published }) => published?.testAccuracy),
    [0.9861, undefined],
  );
});

test('nor do runs on other data than MNIST', () => {
  const points = SWEEPS['groups-a'].points.slice(0, 1);
  assert.equal(summarize(points, [], MNIST_SHA256)[0]!.published?.testAccuracy, 0.9861);
  assert.equal(summarize(points, [], 'f'.repeat(64))[0]!.published, undefined);
});

test('nor does a recipe that all runs of a sweep changed alike, but for its epochs', () => {
  const points = SWEEPS['groups-a'].points.slice(0, 1);
  const figureWith = (...settings: string[]) => {
    const [spec] = planRuns(points, [1], { settings });
    const [row] = summarize(
      points,
      [{ spec: spec!, status: 'finished', metrics: metrics(0.9, 0.1, 1) }],
      MNIST_SHA256,
    );
    return row!.published?.testAccuracy;
  };
  assert.equal(figureWith('epochs=2'), 0.9861);
  assert.equal(figureWith('batchSize=512'), 0.9861, 'which the recipe has');
  assert.equal(figureWith('validationImages=5000'), undefined);
  assert.equal(figureWith('epochs=2', 'dropout=0.5'), undefined);
});

test('beside a run of few epochs stands what a report says of as many, else of the end or of the best, by word', () => {
  const points = SWEEPS['activation-b'].points.slice(0, 2);
  const [relu, sigmoid] = planRuns(points, [1], { settings: [] });
  const shown = (epochs: number) => {
    const finished = { ...metrics(0.9, 0.1, 1), epochs };
    const results = [relu!, sigmoid!].map(
      (spec) => ({ spec, status: 'finished', metrics: finished }) as const,
    );
    return sweepTable(summarize(points, results, MNIST_SHA256)).match(/\d+\.\d\d( [a-z]+ \w+)? \(.*\)$/gm);
  };
  assert.deepEqual(shown(1), [
    '94.54 (Experiment B, ReLU, Adam, rate 0.001)',
    '12.18 (Experiment B, sigmoid)',
  ]);
  assert.deepEqual(shown(2), [
    '99.08 after 10 (Experiment B, ReLU, Adam, rate 0.001)',
    '57.33 at best (Experiment B, sigmoid)',
  ]);
  assert.deepEqual(shown(10), [
    '99.08 (Experiment B, ReLU, Adam, rate 0.001)',
    '57.33 at best (Experiment B, sigmoid)',
  ]);
});
