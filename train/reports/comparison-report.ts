import { html, type Markup } from '../../core/markup.js';
import type { LabelledImages } from '../dataset/mnist.js';
import { publishedAt, publishedText } from '../recipes/published-at.js';
import { networkPlots, sharedGallery } from './figures.js';
import { duration, percent, points, spread } from './format.js';
import { type RunGroup, seriesOf } from './groups.js';
import { accuracyComparison, learningRatePlot, lossComparison } from './learning-comparison.js';
import { figure } from './page.js';
import { type Figure, footer, isPlot, type KeyFigure, keyFigures, type Report } from './report.js';
import { confusionPlot, recallPlot, resultsPlot, timePlots } from './result-plots.js';
import { deviation, mean } from './statistics.js';
import { drawnOnce } from './svg.js';
import { costTable, groupTable, otherEpochsNote, runsTable, settingsTable } from './tables.js';

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
  const figure = publishedAt(best.published, 'testAccuracy', best.runs[0].metrics.epochs);
  const figures: KeyFigure[] = [
    {
      name: groups.length === 1 ? 'Test accuracy' : `Best test accuracy: ${best.label}`,
      value: spread(percent, best.accuracy, best.deviation),
      beside:
        figure === undefined ? `of ${best.runs.length} runs` : `published ${publishedText(figure, percent)}`,
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
      ? `Published figures: ${sources.join('; ')}.${otherEpochsNote(groups)}`
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
