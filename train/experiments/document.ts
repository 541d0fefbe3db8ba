import { machineText } from '../machine.js';
import { RECIPE_GROUPS, type RecipeName } from '../recipes/table.js';
import type { Series } from '../reports/groups.js';
import { accuracyComparison } from '../reports/learning-comparison.js';
import type { ReportRun } from '../reports/read-run.js';
import { isPlot } from '../reports/report.js';
import { recallPlot } from '../reports/result-plots.js';
import type { Plot } from '../reports/svg.js';
import { SWEEPS, type SweepName } from '../sweeps/table.js';
import { EXPERIMENTS, type ExperimentName } from './experiments.js';
import {
  type Entry,
  epochsOf,
  epochsTable,
  isShortened,
  recallTable,
  resultsTable,
  summaryTable,
} from './tables.js';

/** A Markdown document, and the plots that it shows. */
export interface ExperimentsDocument {
  markdown: string;
  plots: Plot[];
}

/**
 * What was reached of every experiment beside what its report published.
 * @param runs of the experiments' recipes, at most one of a recipe and seed
 * @param plotPath the path of a plot's file from where the document stands, by the plot's name
 */
export function experimentsDocument(
  runs: readonly ReportRun[],
  plotPath: (name: string) => string,
): ExperimentsDocument {
  const sections = (Object.keys(EXPERIMENTS) as ExperimentName[]).map((name) =>
    section(name, runs, plotPath),
  );
  return {
    markdown: `${[INTRODUCTION, summary(runs), ...sections.map(({ markdown }) => markdown), measuredOn(runs)].join('\n\n')}\n`,
    plots: sections.flatMap(({ plots }) => plots),
  };
}

const INTRODUCTION = `# Experiments

Five published course reports on MNIST, repeated: what ours reached stands beside what theirs did. Our own networks come last. Written by
\`tenfold experiments\` from the records of runs in \`docs/experiments/\`, none of it by hand. Each sweep is one command; the
records of new runs are added by \`tenfold experiments RUN...\`.

Accuracies are shares of MNIST's own 10,000 test images after the last epoch, which is the recipe's and was not chosen; ±
is the standard deviation (n − 1) over the seeds. *Points* is ours minus the published one. Training accuracy is that of the finished
network on all images that it was trained on. Times are of the training steps alone, on machines that did other work as well: they give an order, not
a ratio.`;

/** How far each experiment is. */
const summary = (runs: readonly ReportRun[]): string =>
  summaryTable(
    (Object.keys(EXPERIMENTS) as ExperimentName[]).map((name) => {
      const entries = new Map(
        EXPERIMENTS[name].sweeps
          .flatMap((sweep) => entriesOf(sweep, runs))
          .map((entry) => [`${entry.recipe} ${epochsOf(entry)}`, entry]),
      );
      return { title: RECIPE_GROUPS[name].title, entries: [...entries.values()] };
    }),
  );

function section(
  name: ExperimentName,
  runs: readonly ReportRun[],
  plotPath: (name: string) => string,
): ExperimentsDocument {
  const { about, sweeps, remarks } = EXPERIMENTS[name];
  const parts = sweeps.map((sweep) => sweepPart(sweep, runs, plotPath));
  return {
    markdown: [
      `## ${RECIPE_GROUPS[name].title}`,
      about,
      ...parts.map(({ markdown }) => markdown),
      `${remarks.map((remark) => `- ${remark}`).join('\n')}`,
    ].join('\n\n'),
    plots: parts.flatMap(({ plots }) => plots),
  };
}

/** The runs of a point, those of equal length together, the longest first; a point without runs stays as one entry. */
function entriesOf(sweep: SweepName, runs: readonly ReportRun[]): Entry[] {
  return SWEEPS[sweep].points.flatMap(({ label, recipe }) => {
    const own = runs.filter((run) => run.recipe.name === recipe);
    const lengths = [...new Set(own.map(({ metrics }) => metrics.epochs))].sort((a, b) => b - a);
    const entry = (members: readonly ReportRun[]): Entry => ({
      label,
      recipe: recipe as RecipeName,
      runs: members,
    });
    if (lengths.length === 0) return [entry([])];
    return lengths.map((length) => entry(own.filter(({ metrics }) => metrics.epochs === length)));
  });
}

function sweepPart(
  sweep: SweepName,
  runs: readonly ReportRun[],
  plotPath: (name: string) => string,
): ExperimentsDocument {
  const entries = entriesOf(sweep, runs);
  const series = entries.flatMap((entry): Series[] => {
    const [first, ...others] = entry.runs;
    if (!first) return [];
    const name = isShortened(entry) ? `${entry.label}, ${epochsOf(entry)} epochs` : entry.label;
    return [{ name, runs: [first, ...others] }];
  });
  const plots = plotsOf(sweep, series);
  const isRun = series.length > 0;
  const train = isRun ? epochsTable(entries, 'train') : null;
  const test = isRun ? epochsTable(entries, 'test') : null;
  const recall = recallTable(entries);
  const shown = (plot: string) =>
    plots
      .filter(({ name }) => name === `${sweep}-${plot}`)
      .map(({ name, title }) => `![${title}](${plotPath(name)})`);
  return {
    markdown: [
      `### ${titleOf(sweep)}`,
      `\`tenfold sweep ${sweep}${seedsOption(entries)}\``,
      resultsTable(entries),
      ...(test
        ? [
            'Test accuracy by epoch, in brackets the published; the best epoch is that of each seed, known only afterwards:',
            test,
          ]
        : []),
      ...(train ? ['Training accuracy by epoch, in brackets the published:', train] : []),
      ...shown('accuracy-test'),
      ...(recall ? ['Recall of each digit, in brackets the published:', recall] : []),
      ...shown('recall'),
    ].join('\n\n'),
    plots,
  };
}

/** Without the group, under whose heading it stands. */
function titleOf(sweep: SweepName): string {
  const title = SWEEPS[sweep].title.replace(/^[^:]+: /, '');
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** The seeds that every point was run with, if they are more than the one that a sweep takes of itself. */
function seedsOption(entries: readonly Entry[]): string {
  const counts = entries.map(({ runs }) => runs.length).filter((count) => count > 0);
  const least = Math.min(...counts);
  return counts.length > 0 && least > 1 ? ` --seeds 1..${least}` : '';
}

function plotsOf(sweep: SweepName, series: readonly Series[]): Plot[] {
  if (series.length === 0) return [];
  const recall = RECALL_SHOWN.has(sweep) ? [recallPlot(series, undefined)] : [];
  return [...accuracyComparison(series), ...recall]
    .filter(isPlot)
    .filter(({ name }) => SHOWN.has(name))
    .map((plot) => ({
      ...plot,
      name: `${sweep}-${plot.name}`,
      title: `${titleOf(sweep)}. ${plot.title}`,
    }));
}

/** The document shows no others: training accuracies stand in its tables. */
const SHOWN: ReadonlySet<string> = new Set(['accuracy-test', 'recall']);

/** Names of all plots that the document may show, whatever is run. */
export const PLOT_NAMES: readonly string[] = Object.keys(SWEEPS).flatMap((sweep) =>
  [...SHOWN].map((plot) => `${sweep}-${plot}`),
);

/** Whose report compares digits. */
const RECALL_SHOWN: ReadonlySet<SweepName> = new Set<SweepName>(['groups-a']);

/** The machines, with what was measured on each. */
function measuredOn(runs: readonly ReportRun[]): string {
  const counts = new Map<string, number>();
  for (const { metrics } of runs) {
    const threads =
      metrics.threads === undefined
        ? ''
        : `, ${metrics.threads} ${metrics.threads === 1 ? 'thread' : 'threads'} a run`;
    const place = `${machineText(metrics.machine)}; ${metrics.backend} on ${metrics.device}${threads}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const lines = [...counts].map(([place, count]) => `- ${count} ${count === 1 ? 'run' : 'runs'}: ${place}`);
  return ['## Machines', lines.length === 0 ? 'No run is recorded yet.' : lines.join('\n')].join('\n\n');
}
