import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { groupRuns } from '../../../train/reports/groups.js';
import { accuracyPlot } from '../../../train/reports/learning-plots.js';
import { type ReportRun, readReportRun } from '../../../train/reports/read-run.js';
import { resultsPlot } from '../../../train/reports/result-plots.js';
import type { Plot } from '../../../train/reports/svg.js';
import { runTraining, smallMnist, smallRecipe, temporaryFolder } from '../fit/small-run.js';

let run: ReportRun;
before(async () => {
  const folder = join(await temporaryFolder({ after }), 'run');
  await runTraining({ mnist: await smallMnist(), folder, recipe: smallRecipe() });
  run = await readReportRun(folder);
});

/** The run as one that kept the weights of its best epoch. */
const keeping = (bestEpoch: number): ReportRun => ({ ...run, metrics: { ...run.metrics, bestEpoch } });

/** How far to the right the marks of a run's accuracies stand, the test set's last. */
function marksOf(of: ReportRun): number[] {
  const plot = accuracyPlot({ name: 'run', runs: [of] }, undefined) as Plot;
  const { markup } = plot.draw('wide').content;
  return [...markup.matchAll(/matrix\([\d.-]+,0,0,[\d.-]+,([\d.]+),[\d.]+\)/g)].map(([, x]) => Number(x));
}

test('what was measured by the weights of the best epoch stands over that epoch, and the captions say so', () => {
  const [first, second, third, tested] = marksOf(run);
  assert.ok(first! < second! && second! < third!, 'a mark for the training accuracy of each epoch');
  assert.equal(tested, third);
  assert.equal(marksOf(keeping(1)).at(-1), first);
  assert.equal(marksOf(keeping(2)).at(-1), second);
  const captions = (of: ReportRun) => [
    resultsPlot(groupRuns([of])).caption,
    (accuracyPlot({ name: 'run', runs: [of] }, undefined) as Plot).caption,
  ];
  const [results, accuracy] = captions(run);
  assert.equal(results, 'On the whole test set, after the last epoch.');
  assert.match(accuracy!, /; the test set was measured at the end\.$/);
  const [bestResults, bestAccuracy] = captions(keeping(1));
  assert.match(bestResults!, /, or with the weights of the best one where training might end early\.$/);
  assert.match(
    bestAccuracy!,
    /; the test set was measured at the end, with the weights of the best epoch\.$/,
  );
});
