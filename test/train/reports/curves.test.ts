import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CsvRow, csvLine, EPOCHS_COLUMNS, LOSSES_COLUMNS } from '../../../train/metrics/csv.js';
import { lossPlot } from '../../../train/reports/learning-plots.js';
import { parseNumberTable } from '../../../train/reports/number-table.js';
import { type ReportRun, readReportRun } from '../../../train/reports/read-run.js';
import { runningMean } from '../../../train/reports/statistics.js';
import type { Plot } from '../../../train/reports/svg.js';

const recorded = await readReportRun('docs/experiments/fast-seed1');
const PER_EPOCH = 10;

/** A run by its losses on the test set after each mini-batch, or after each epoch; NaN where it was not measured. */
function runOf(
  steps: number,
  epochs: number,
  { byStep = [], byEpoch }: { byStep?: readonly number[]; byEpoch: readonly number[] },
): ReportRun {
  const table = <Column extends string>(columns: readonly Column[], rows: readonly CsvRow<Column>[]) =>
    parseNumberTable(
      [`${columns.join(',')}\n`, ...rows.map((row) => csvLine(columns, row))].join(''),
      '',
      '',
    );
  const measured = (value: number | undefined) => (Number.isNaN(value) ? undefined : value);
  return {
    ...recorded,
    recipe: { ...recorded.recipe, training: { ...recorded.recipe.training, batchSize: 60_000 / PER_EPOCH } },
    metrics: { ...recorded.metrics, steps, epochs },
    losses: table(
      LOSSES_COLUMNS,
      Array.from({ length: steps }, (_, step) => ({
        'Train Loss': 2.3 * Math.exp(-step / 5),
        'Test Loss': measured(byStep[step]),
      })),
    ),
    epochs: table(
      EPOCHS_COLUMNS,
      byEpoch.map((loss, index) => ({ epoch: index + 1, testLoss: measured(loss) })),
    ),
  };
}

const plotOf = (run: ReportRun) => lossPlot({ name: 'run', runs: [run] }, undefined);
const markupOf = (run: ReportRun) => (plotOf(run) as Plot).draw('wide').content.markup;

test('losses over powers of ten stand on a logarithmic axis, an epoch that was not measured or none', () => {
  for (const run of [
    runOf(20, 2, { byEpoch: [1, 0.02] }),
    runOf(25, 2, { byEpoch: [1, 0.02, Number.NaN] }),
    runOf(20, 2, { byEpoch: [Number.NaN, 0.02] }),
  ]) {
    assert.match(markupOf(run), /Cross-entropy loss \(nats, logarithmic\)/);
  }
});

test('a run of one mini-batch an epoch has its losses, the test set measured by step or by epoch', () => {
  const losses = [1, 0.5, 0.2, 0.1];
  const byEpoch = plotOf(runOf(4, 4, { byEpoch: losses })) as Plot;
  assert.match(byEpoch.caption, /^Training loss of each mini-batch.* measured after every epoch, not/);
  const byStep = plotOf(runOf(4, 4, { byStep: losses, byEpoch: losses })) as Plot;
  assert.match(byStep.caption, /Test loss over the whole test set after every mini-batch\./);
});

test('a point an epoch in the table of mini-batches is no curve by mini-batches', () => {
  const byStep = Array.from({ length: 20 }, (_, step) => (step % 10 === 9 ? 0.5 : Number.NaN));
  const { caption } = plotOf(runOf(20, 2, { byStep, byEpoch: [0.5, 0.5] })) as Plot;
  assert.match(caption, /measured after every epoch, not after every mini-batch/);
});

test('the running mean of a plot is of as many mini-batches as its name says', () => {
  for (const steps of [1, 4, 30, 800, 4000]) {
    const { caption } = plotOf(runOf(steps, 1, { byEpoch: [0.5] })) as Plot;
    const said = Number(/with the mean of the (\d+) around it/.exec(caption)?.[1]);
    // A single loss in the middle shows in as many means as take it in.
    const losses = Array.from({ length: steps }, (_, step) => (step === steps >> 1 ? 1 : 0));
    const reached = runningMean(losses, said).filter((value) => value > 0).length;
    assert.equal(reached, said, `${steps} steps`);
  }
});
