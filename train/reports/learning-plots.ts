import type { PublishedFigures } from '../recipes/published.js';
import { endOf, publishedAt, publishedText } from '../recipes/published-at.js';
import { drawChart, type Level, type Line } from './chart.js';
import {
  epochAxis,
  epochPoints,
  finalTest,
  keptEpoch,
  lossAxis,
  percentPoints,
  stepAxis,
  stepLosses,
  stepPoints,
  stepsPerEpoch,
  windowOf,
} from './curves.js';
import { decimal, percent } from './format.js';
import type { Series } from './groups.js';
import { type Point, runningMean, thinned } from './statistics.js';
import { type MissingPlot, type Plot, WIDTHS } from './svg.js';

type Figure = Plot | MissingPlot;

/** Loss against the mini-batch of one run: each, their running mean, and the test set's. */
export function lossPlot(series: Series, published: PublishedFigures | undefined): Figure {
  const title = 'Loss against mini-batch, training and test';
  const losses = stepLosses(series, 'Train Loss');
  if (!losses) return { title, missing: 'The run has no losses.csv, so its mini-batches are not known.' };
  const window = windowOf(losses.length);
  const smooth = stepPoints(runningMean(losses, window));
  const test = testLosses(series, losses.length);
  const { epochs } = series.runs[0].metrics;
  const levels = (['training', 'test'] as const).flatMap((name): Level[] => {
    const figure = publishedAt(published, name === 'training' ? 'trainLoss' : 'testLoss', epochs);
    return figure
      ? [{ name: `${name}, published: ${publishedText(figure, decimal)}`, value: figure.value }]
      : [];
  });
  const all = stepPoints(losses);
  return {
    name: 'loss',
    title,
    caption: `Training loss of each mini-batch, with the mean of the ${window} around it. ${test.note}`,
    draw: (format) => {
      const pixels = WIDTHS[format];
      const lines: Line[] = [
        { name: 'training, each mini-batch', points: thinned(all, pixels / 2), look: 'faint' },
        { name: `training, mean of ${window}`, points: thinned(smooth, pixels / 2), look: 0 },
        { ...test.line, points: thinned(test.line.points, pixels / 2), look: 1 },
      ];
      const axes = { x: stepAxis([series]), y: lossAxis([...all, ...test.line.points]) };
      return drawChart({ ...axes, lines, levels, height: format === 'wide' ? 380 : 320 }, format);
    },
  };
}

/** The test set's loss as finely as it was measured. */
function testLosses(series: Series, steps: number): { line: Omit<Line, 'look'>; note: string } {
  const byStep = stepLosses(series, 'Test Loss');
  if (byStep) {
    return {
      line: { name: 'test, whole set', points: stepPoints(byStep) },
      note: 'Test loss over the whole test set after every mini-batch.',
    };
  }
  const length = stepsPerEpoch(series.runs[0]);
  const split =
    length === null
      ? null
      : (['test', 'validation'] as const).find((name) => epochPoints(series, `${name}Loss`));
  if (split && length !== null) {
    const points = epochPoints(series, `${split}Loss`)!.map(([epoch, loss]): Point => [epoch * length, loss]);
    return {
      line: { name: `${split}, whole set`, points, marks: true },
      note: `The ${split} set was measured after every epoch, not after every mini-batch.`,
    };
  }
  return {
    line: { name: 'test, whole set', points: [[steps, finalTest(series).loss]], marks: 'only' },
    note: 'The test set was measured once, at the end: train with --evaluate-every step for a curve.',
  };
}

/** Accuracy after each epoch of one run on every set that was measured. */
export function accuracyPlot(series: Series, published: PublishedFigures | undefined): Figure {
  const title = 'Accuracy after each epoch';
  const splits = [
    { column: 'trainAccuracy', name: 'training, mean over the epoch' },
    { column: 'validationAccuracy', name: 'validation' },
    { column: 'testAccuracy', name: 'test' },
  ];
  const measured: Line[] = splits.flatMap(({ column, name }, look) => {
    const points = epochPoints(series, column);
    return points ? [{ name, points: percentPoints(points), look, marks: true }] : [];
  });
  if (measured.length === 0)
    return { title, missing: 'The run has no epochs.csv, so its epochs are not known.' };
  const last = Math.max(...measured.flatMap(({ points }) => points.map(([x]) => x)));
  const hasTest = epochPoints(series, 'testAccuracy') !== null;
  const kept = keptEpoch(series);
  const ofBest = kept === undefined ? '' : ', with the weights of the best epoch';
  const lines: Line[] = hasTest
    ? measured
    : [
        ...measured,
        {
          name: 'test, at the end',
          points: [[kept ?? last, 100 * finalTest(series).accuracy]],
          look: 2,
          marks: 'only',
        },
      ];
  const byEpoch = published?.testAccuracyByEpoch ?? [];
  if (byEpoch.length > 0) {
    const points = byEpoch.map(({ epoch, accuracy }): Point => [epoch, 100 * accuracy]);
    lines.push({ name: 'test, published', points, look: 'published', marks: 'only' });
  }
  const value = published?.testAccuracy;
  const levels: Level[] = [];
  if (published && value !== undefined) {
    const text = publishedText({ value, ...endOf(published, series.runs[0].metrics.epochs) }, percent);
    levels.push({ name: `test, published: ${text}`, value: 100 * value });
  }
  return {
    name: 'accuracy',
    title,
    caption:
      'Training accuracy is the mean over the mini-batches of the epoch, while the weights still move' +
      `${hasTest ? '.' : `; the test set was measured at the end${ofBest}.`}`,
    draw: (format) => drawChart({ x: epochAxis(lines), y: { name: 'Accuracy (%)' }, lines, levels }, format),
  };
}
