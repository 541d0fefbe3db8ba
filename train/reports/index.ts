import { unmet } from '../../core/errors.js';
import { loadMnistSplit } from '../dataset/mnist.js';
import type { PublishedFigures } from '../recipes/published.js';
import { comparisonReport } from './comparison-report.js';
import { groupRuns, type RunGroup } from './groups.js';
import { readReportRun } from './read-run.js';
import { runReport } from './run-report.js';
import { type WrittenReport, writeFiles } from './write-files.js';

export interface ReportOptions {
  /** Folders of finished runs, at least one. */
  runs: readonly string[];
  /** Where `report.html` and `plots/` go; made where it is not there. */
  out: string;
  /** By default the recipe, and the seed or the number of runs. */
  title?: string;
  /** What to call each run, as many as there are runs: the value that a sweep gave it. Runs of one label that differ in their seed alone are one group. */
  labels?: readonly string[];
  /** Published figures for each run, as many as there are runs, where its recipe's own are not the ones to hold it against. */
  published?: readonly (PublishedFigures | undefined)[];
  /** A folder with the test set that the runs were measured on; by default MNIST's own. */
  data?: string;
}

/**
 * Writes the report of a run, or one that compares several: a page that needs no other file, and its plots as SVG and PNG.
 * @throws TenfoldError `bad-usage` where there is no run, or not a label for each; `not-found`, `bad-input` or `corrupt` where a run is none,
 * is not finished or not whole; `failed` where the report cannot be written. Then nothing is.
 */
export async function writeReport(options: ReportOptions): Promise<WrittenReport> {
  const { runs: folders, out, title, labels, published, data } = options;
  if (folders.length === 0) throw wrongNumber('runs', 'at least one run folder', 'none');
  for (const [name, list] of Object.entries({ labels, published })) {
    if (list && list.length !== folders.length) {
      throw wrongNumber(name, `${folders.length}, one for each run`, String(list.length));
    }
  }
  const [runs, test] = await Promise.all([
    Promise.all(folders.map(readReportRun)),
    loadMnistSplit('test', data === undefined ? {} : { directory: data }),
  ]);
  const groups = groupRuns(runs, labels, published) as [RunGroup, ...RunGroup[]];
  const isSingle = runs.length === 1;
  const report = isSingle
    ? await runReport(groups[0], test, title)
    : await comparisonReport(groups, test, title);
  return writeFiles(report, out);
}

const wrongNumber = (what: string, expected: string, got: string) =>
  unmet({ code: 'bad-usage', what, expected, got, advice: 'See tenfold report --help.' });
