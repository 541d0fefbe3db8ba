import type { LabelledImages } from '../dataset/mnist.js';
import type { PublishedFigures } from '../recipes/published.js';
import { imagesPerSecond } from './curves.js';
import { networkPlots, runGalleries, sharedGallery } from './figures.js';
import { count, decimal, duration, percent, points, spread } from './format.js';
import { type RunGroup, seriesOf } from './groups.js';
import {
  accuracyComparison,
  accuracyPlot,
  learningRatePlot,
  lossComparison,
  lossPlot,
} from './learning-plots.js';
import { html, type Markup } from './markup.js';
import { figure, type Page } from './page.js';
import type { ReportRun } from './read-run.js';
import {
  confusionPlot,
  digitsByEpochPlot,
  epochTimePlots,
  recallPlot,
  resultsPlot,
  timePlots,
} from './result-plots.js';
import { deviation, mean } from './statistics.js';
import { drawnOnce, type MissingPlot, type Plot } from './svg.js';
import {
  costTable,
  digitTable,
  factsTable,
  groupTable,
  resultsTable,
  runsTable,
  settingsTable,
} from './tables.js';

/** A page and the plots whose files belong to it. */
export interface Report {
  page: Page;
  plots: Plot[];
}

type Figure = Plot | MissingPlot;

const isPlot = (plot: Figure): plot is Plot => 'draw' in plot;

interface KeyFigure {
  name: string;
  value: string;
  beside: string;
}

const keyFigures = (figures: readonly KeyFigure[]): Markup =>
  html`<dl class="figures">${figures.map(
    ({ name, value, beside }) =>
      html`<div><dt>${name}</dt><dd><b>${value}</b><span>${beside}</span></dd></div>`,
  )}</dl>`;

/** Says what the published figures are held against, and what they are not. */
const publishedNote = (
  published: PublishedFigures | undefined,
  changes: readonly string[],
): Markup | null => {
  const source = published
    ? `Published figures: ${published.source}.`
    : 'No report has published figures for this recipe.';
  const changed = changes.length > 0 ? ` This run differs from the recipe: ${changes.join('; ')}.` : '';
  return html`<p class="note">${source}${changed}</p>`;
};

const footer = html`Written by <code>tenfold report</code>. Losses are mean cross-entropies in nats; accuracies are shares of the whole set.`;

/** The report of one run. */
export async function runReport(group: RunGroup, test: LabelledImages, title?: string): Promise<Report> {
  const [run] = group.runs;
  const { published, changes } = group;
  const series = { name: group.label, runs: [run] as const };
  const learning = drawnOnce([
    lossPlot(series, published),
    accuracyPlot(series, published),
    learningRatePlot([series]),
  ]);
  const digits = drawnOnce([
    recallPlot([{ ...series, name: 'this run' }], published),
    digitsByEpochPlot(series),
    confusionPlot(series, 'confusion'),
  ]);
  const network = drawnOnce(networkPlots([run], [group.label]));
  const time = drawnOnce(epochTimePlots(series));
  const galleries = await runGalleries(run, test);
  const figures: Figure[] = [...learning, ...digits, ...network, ...time];
  return {
    page: {
      title: title ?? `${run.recipe.name}, seed ${run.recipe.seed}`,
      lead: run.recipe.summary,
      sections: [
        {
          id: 'result',
          title: 'Result',
          content: html`${keyFigures(runFigures(run, published))}<div class="pair">${resultsTable(run, published)}${factsTable(run)}</div>${publishedNote(published, changes)}`,
        },
        { id: 'learning', title: 'Learning', content: html`${learning.map(figure)}` },
        {
          id: 'digits',
          title: 'Digits',
          content: html`${digitTable(run, published)}${digits.map(figure)}`,
        },
        { id: 'pictures', title: 'Pictures', content: galleries.markup },
        { id: 'network', title: 'Network', content: html`${network.map(figure)}` },
        { id: 'time', title: 'Time', content: html`<div class="pair">${time.map(figure)}</div>` },
        { id: 'settings', title: 'Settings', content: html`${settingsTable(run)}${repeatNote(run)}` },
      ],
      footer,
    },
    plots: [...figures.filter(isPlot), ...galleries.plots],
  };
}

function runFigures(run: ReportRun, published: PublishedFigures | undefined): KeyFigure[] {
  const { metrics } = run;
  const accuracy = published?.testAccuracy;
  return [
    {
      name: 'Test accuracy',
      value: percent(metrics.test.accuracy),
      beside:
        accuracy === undefined
          ? 'of the whole test set'
          : `published ${percent(accuracy)}, ${points(metrics.test.accuracy - accuracy)}`,
    },
    {
      name: 'Test loss',
      value: decimal(metrics.test.loss),
      beside: published?.testLoss === undefined ? 'nats' : `published ${decimal(published.testLoss)}`,
    },
    { name: 'Parameters', value: count(metrics.parameters), beside: run.recipe.architecture },
    {
      name: 'Training time',
      value: duration(metrics.trainSeconds),
      beside: `${count(imagesPerSecond(run))} images a second`,
    },
  ];
}

const repeatNote = ({ recipe }: ReportRun): Markup =>
  html`<p class="note">To repeat it: <code>tenfold train --recipe ${recipe.name} --seed ${recipe.seed}</code>, with <code>--set key=value</code> for what differs from the recipe.</p>`;

/** The report that compares several runs. */
export async function comparisonReport(
  groups: readonly [RunGroup, ...RunGroup[]],
  test: LabelledImages,
  title?: string,
): Promise<Report> {
  const series = seriesOf(groups);
  const runs = groups.flatMap((group) => group.runs);
  const recipes = [...new Set(runs.map(({ recipe }) => recipe.name))];
  const results = drawnOnce([resultsPlot(groups)]);
  const learning = drawnOnce([
    ...lossComparison(series),
    ...accuracyComparison(series),
    learningRatePlot(series),
  ]);
  const recall = drawnOnce([recallPlot(series, groups.length === 1 ? groups[0].published : undefined)]);
  const confusions = drawnOnce(series.map((own, index) => confusionPlot(own, `confusion-${index + 1}`)));
  const network = drawnOnce(
    networkPlots(
      groups.map((group) => group.runs[0]),
      groups.map(({ label }) => label),
    ),
  );
  const time = drawnOnce(timePlots(groups));
  const galleries = await sharedGallery(runs, test);
  const figures: Figure[] = [...results, ...learning, ...recall, ...confusions, ...network, ...time];
  return {
    page: {
      title: title ?? `${recipes.join(', ')}: ${runs.length} runs`,
      lead: leadOf(groups, runs.length),
      sections: [
        {
          id: 'results',
          title: 'Results',
          content: html`${keyFigures(bestFigures(groups))}${groupTable(groups)}${costTable(groups)}${groupNotes(groups)}${results.map(figure)}${
            groups.some((group) => group.runs.length > 1) ? runsTable(groups) : null
          }`,
        },
        { id: 'learning', title: 'Learning', content: html`${learning.map(figure)}` },
        {
          id: 'digits',
          title: 'Digits',
          content: html`${recall.map(figure)}<details><summary>Confusion matrices</summary><div class="pair">${confusions.map(figure)}</div></details>`,
        },
        { id: 'pictures', title: 'Pictures', content: galleries.markup },
        { id: 'network', title: 'Network', content: html`${network.map(figure)}` },
        { id: 'time', title: 'Time', content: html`${time.map(figure)}` },
        {
          id: 'settings',
          title: 'Settings',
          content: html`${groups.map(
            ({ label, runs: [run] }) =>
              html`<details><summary>${label}</summary>${settingsTable(run)}</details>`,
          )}`,
        },
      ],
      footer,
    },
    plots: [...figures.filter(isPlot), ...galleries.plots],
  };
}

const leadOf = (groups: readonly RunGroup[], runs: number): string =>
  groups.length === 1
    ? `${runs} runs that differ in their seed alone. ${groups[0]?.runs[0].recipe.summary ?? ''}`
    : `${runs} runs in ${groups.length} groups; runs of a group differ in their seed alone.`;

/** The group that is best on the test set, and by how much groups differ. */
function bestFigures(groups: readonly [RunGroup, ...RunGroup[]]): KeyFigure[] {
  const measured = groups
    .map(({ label, runs, published }) => {
      const accuracies = runs.map(({ metrics }) => metrics.test.accuracy);
      return { label, published, accuracy: mean(accuracies)!, deviation: deviation(accuracies), runs };
    })
    .sort((a, b) => b.accuracy - a.accuracy);
  const [best, last] = [measured[0]!, measured.at(-1)!];
  const figure = best.published?.testAccuracy;
  const figures: KeyFigure[] = [
    {
      name: groups.length === 1 ? 'Test accuracy' : `Best test accuracy: ${best.label}`,
      value: spread(percent, best.accuracy, best.deviation),
      beside: figure === undefined ? `of ${best.runs.length} runs` : `published ${percent(figure)}`,
    },
  ];
  if (groups.length > 1) {
    figures.push({
      name: `Lowest: ${last.label}`,
      value: spread(percent, last.accuracy, last.deviation),
      beside: `${points(last.accuracy - best.accuracy)} points`,
    });
  }
  const seconds = groups.flatMap(({ runs }) => runs.map(({ metrics }) => metrics.trainSeconds));
  return [
    ...figures,
    {
      name: 'Training time, together',
      value: duration(seconds.reduce((sum, value) => sum + value, 0)),
      beside: `${seconds.length} runs`,
    },
  ];
}

const groupNotes = (groups: readonly RunGroup[]): Markup => {
  const sources = [...new Set(groups.flatMap(({ published }) => published?.source ?? []))];
  const source =
    sources.length > 0
      ? `Published figures: ${sources.join('; ')}.`
      : 'No report has published figures for these recipes.';
  const changed = groups.filter(({ changes }) => changes.length > 0);
  return html`<p class="note">${source}</p>${
    changed.length === 0
      ? null
      : html`<details><summary>Where runs differ from their recipe</summary><ul class="note">${changed.map(
          ({ label, runs, changes }) =>
            html`<li>${label} (${runs[0].recipe.name}): ${changes.join('; ')}</li>`,
        )}</ul></details>`
  }`;
};
