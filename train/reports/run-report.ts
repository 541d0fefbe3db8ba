import { html, type Markup } from '../../core/markup.js';
import type { LabelledImages } from '../dataset/mnist.js';
import type { PublishedFigures } from '../recipes/published.js';
import { type PublishedFigure, publishedAt, publishedText } from '../recipes/published-at.js';
import { imagesPerSecond } from './curves.js';
import { networkPlots, runGalleries } from './figures.js';
import { count, decimal, duration, percent, points } from './format.js';
import { changedSettings, isOfMnist, type RunGroup } from './groups.js';
import { learningRatePlot } from './learning-comparison.js';
import { accuracyPlot, lossPlot } from './learning-plots.js';
import { figure } from './page.js';
import type { ReportRun } from './read-run.js';
import { type Figure, footer, isPlot, type KeyFigure, keyFigures, type Report } from './report.js';
import { confusionPlot, digitsByEpochPlot, epochTimePlots, recallPlot } from './result-plots.js';
import { drawnOnce } from './svg.js';
import { digitTable, factsTable, otherEpochsNote, resultsTable, settingsTable } from './tables.js';

/** Says what the published figures are held against, and what they are not. */
const publishedNote = (group: RunGroup): Markup => {
  const {
    published,
    changes,
    runs: [run],
  } = group;
  const source = published
    ? `Published figures: ${published.source}.${otherEpochsNote([group])}`
    : 'No report has published figures for this recipe.';
  const changed = changes.length > 0 ? ` This run differs from the recipe: ${changes.join('; ')}.` : '';
  const training = run.metrics.train
    ? ''
    : ' Training loss and accuracy are means over the mini-batches of the last epoch.';
  return html`<p class="note">${source}${changed}${training}</p>`;
};

/** The report of one run. */
export async function runReport(group: RunGroup, test: LabelledImages, title?: string): Promise<Report> {
  const [run] = group.runs;
  const { published } = group;
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
          content: html`${keyFigures(runFigures(run, published))}<div class="pair">${resultsTable(run, published)}${factsTable(run)}</div>${publishedNote(group)}`,
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
  const accuracy = publishedAt(published, 'testAccuracy', metrics.epochs);
  const loss = publishedAt(published, 'testLoss', metrics.epochs);
  return [
    {
      name: 'Test accuracy',
      value: percent(metrics.test.accuracy),
      beside:
        accuracy === undefined
          ? 'of the whole test set'
          : `published ${publishedText(accuracy, percent)}${differenceText(metrics.test.accuracy, accuracy)}`,
    },
    {
      name: 'Test loss',
      value: decimal(metrics.test.loss),
      beside: loss === undefined ? 'nats' : `published ${publishedText(loss, decimal)}`,
    },
    { name: 'Parameters', value: count(metrics.parameters), beside: run.recipe.architecture },
    {
      name: 'Training time',
      value: duration(metrics.trainSeconds),
      beside: `${count(imagesPerSecond(run))} images a second`,
    },
  ];
}

/** Of figures after as many epochs alone: others lie apart for that. */
const differenceText = (ours: number, { value, moment }: PublishedFigure): string =>
  moment === undefined ? `, ${points(ours - value)}` : '';

/** Whether it ended before its epochs were done, and not for want of patience. */
function isCutShort({ recipe: { training }, metrics, epochs }: ReportRun): boolean {
  const { epochs: done, bestEpoch } = metrics;
  const patience = Number(training.patience ?? 0);
  const hasEndedItself = patience > 0 && bestEpoch !== undefined && done - bestEpoch >= patience;
  return done < Number(training.epochs) && (epochs.rows > done || !hasEndedItself);
}

/** The command that trains the same run again; nothing where this version has no such recipe. */
function repeatNote(run: ReportRun): Markup | null {
  const changed = changedSettings(run);
  if (!changed) return null;
  const { name, seed, teachers, evaluateEvery = 'end' } = run.recipe;
  const taught = teachers.length > 0 ? ` --teacher ${teachers.map((teacher) => teacher.run).join(',')}` : '';
  const set = changed.map(({ key, value }) => ` --set ${key}=${value}`).join('');
  const cut = isCutShort(run) ? ` --max-steps ${run.metrics.steps}` : '';
  const measured = evaluateEvery === 'end' ? '' : ` --evaluate-every ${evaluateEvery}`;
  const data = isOfMnist(run) ? '' : ' --data DIR';
  return html`<p class="note">To repeat it: <code>tenfold train --recipe ${name} --seed ${seed}${set}${taught}${cut}${measured}${data}</code></p>`;
}
