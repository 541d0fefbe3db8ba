import type { PublishedFigures } from '../recipes/published.js';
import { type Axis, drawChart, type Level, type Line } from './chart.js';
import {
  epochAxis,
  epochPoints,
  finalTest,
  learningRates,
  stepAxis,
  stepLosses,
  stepPoints,
  stepsPerEpoch,
} from './curves.js';
import { decimal, percent } from './format.js';
import type { Series } from './groups.js';
import { MOST_LINES, panelDrawer } from './panels.js';
import { type Point, runningMean, thinned } from './statistics.js';
import { type MissingPlot, type Plot, WIDTHS } from './svg.js';

type Figure = Plot | MissingPlot;

/** Of the mini-batches of a run: the window of its running mean, and where that is short for its noise, at least so many. */
const windowOf = (steps: number): number => Math.min(steps, Math.max(5, Math.round(steps / 40)));

/** Values over more than this many powers of ten ask for a logarithmic axis. */
const LINEAR_DECADES = 1;

function lossAxis(points: readonly Point[]): Axis {
  const values = points.map(([, y]) => y);
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const isLogarithmic = low > 0 && Math.log10(high / low) > LINEAR_DECADES;
  return {
    name: `Cross-entropy loss (nats${isLogarithmic ? ', logarithmic' : ''})`,
    scale: isLogarithmic ? 'logarithmic' : 'linear',
  };
}

const percentPoints = (points: readonly Point[]): Point[] => points.map(([x, y]) => [x, 100 * y]);

/** Loss against the mini-batch of one run: each, their running mean, and the test set's. */
export function lossPlot(series: Series, published: PublishedFigures | undefined): Figure {
  const title = 'Loss against mini-batch, training and test';
  const losses = stepLosses(series, 'Train Loss');
  if (!losses) return { title, missing: 'The run has no losses.csv, so its mini-batches are not known.' };
  const window = windowOf(losses.length);
  const smooth = stepPoints(runningMean(losses, window));
  const test = testLosses(series, losses.length);
  const levels: Level[] = [
    ...(published?.trainLoss === undefined
      ? []
      : [{ name: `training, published: ${decimal(published.trainLoss)}`, value: published.trainLoss }]),
    ...(published?.testLoss === undefined
      ? []
      : [{ name: `test, published: ${decimal(published.testLoss)}`, value: published.testLoss }]),
  ];
  const all = stepPoints(losses);
  return {
    name: 'loss',
    title,
    caption: `Training loss of each mini-batch, with the mean of the ${window} around it. ` + `${test.note}`,
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
  const lines: Line[] = hasTest
    ? measured
    : [
        ...measured,
        {
          name: 'test, at the end',
          points: [[last, 100 * finalTest(series).accuracy]],
          look: 2,
          marks: 'only',
        },
      ];
  const byEpoch = published?.testAccuracyByEpoch ?? [];
  if (byEpoch.length > 0) {
    const points = byEpoch.map(({ epoch, accuracy }): Point => [epoch, 100 * accuracy]);
    lines.push({ name: 'test, published', points, look: 'published', marks: 'only' });
  }
  const level = published?.testAccuracy;
  const levels =
    level === undefined ? [] : [{ name: `test, published: ${percent(level)}`, value: 100 * level }];
  return {
    name: 'accuracy',
    title,
    caption:
      'Training accuracy is the mean over the mini-batches of the epoch, while the weights still move' +
      `${hasTest ? '.' : '; the test set was measured at the end.'}`,
    draw: (format) => drawChart({ x: epochAxis(lines), y: { name: 'Accuracy (%)' }, lines, levels }, format),
  };
}

/** One plot with a line each, or a panel each where they are many. */
function comparison(
  plot: Pick<Plot, 'name' | 'title' | 'caption'>,
  lines: readonly { name: string; points: readonly Point[]; look: number }[],
  axes: { x: Axis; y: Axis },
  marks: boolean,
): Plot {
  if (lines.length > MOST_LINES) {
    const caption = `${plot.caption} The pale line is the median of all.`;
    return { ...plot, caption, draw: panelDrawer(lines, axes) };
  }
  return {
    ...plot,
    draw: (format) => {
      const thin = lines.map((line) => ({
        ...line,
        points: thinned(line.points, WIDTHS[format] / 3),
        marks,
      }));
      return drawChart({ ...axes, lines: thin }, format);
    },
  };
}

/** Loss against the mini-batch of several series, training and test apart. */
export function lossComparison(series: readonly Series[]): Figure[] {
  return (['Train Loss', 'Test Loss'] as const).map((column) => {
    const isTrain = column === 'Train Loss';
    const title = isTrain ? 'Training loss against mini-batch' : 'Test loss against mini-batch';
    const lines = series.flatMap((own, look) => {
      const losses = stepLosses(own, column);
      if (!losses) return [];
      const values = isTrain ? runningMean(losses, windowOf(losses.length)) : losses;
      return [{ name: own.name, points: stepPoints(values), look }];
    });
    if (lines.length === 0) {
      return {
        title,
        missing: isTrain
          ? 'No run has a losses.csv.'
          : 'No run measured the test set after every mini-batch: train with --evaluate-every step for these curves.',
      };
    }
    const axes = { x: stepAxis(series), y: lossAxis(lines.flatMap(({ points }) => points)) };
    const caption = isTrain
      ? 'Mean over a fortieth of the mini-batches around each, at least 5.'
      : 'Over the whole test set after every mini-batch.';
    return comparison(
      {
        name: isTrain ? 'loss-train' : 'loss-test',
        title,
        caption: `${caption}${missingNote(series, lines)}`,
      },
      lines,
      axes,
      false,
    );
  });
}

const missingNote = (series: readonly Series[], lines: readonly { name: string }[]): string => {
  const without = series.length - lines.length;
  return without === 0 ? '' : ` Not measured by ${without} of ${series.length}.`;
};

/** Accuracy after each epoch of several series, a plot for each set that any measured. */
export function accuracyComparison(series: readonly Series[]): Figure[] {
  const splits = ['train', 'validation', 'test'] as const;
  const plots = splits.flatMap((split): Plot[] => {
    const lines = series.flatMap((own, look) => {
      const points = epochPoints(own, `${split}Accuracy`);
      return points ? [{ name: own.name, points: percentPoints(points), look }] : [];
    });
    if (lines.length === 0) return [];
    const name = split === 'train' ? 'training' : split;
    const caption =
      split === 'train'
        ? 'Mean over the mini-batches of the epoch, while the weights still move.'
        : `Over the whole ${name} set.`;
    const axes = { x: epochAxis(lines), y: { name: `Accuracy, ${name} (%)` } };
    const title = `Accuracy on the ${name} set after each epoch`;
    return [
      comparison(
        { name: `accuracy-${split}`, title, caption: `${caption}${missingNote(series, lines)}` },
        lines,
        axes,
        true,
      ),
    ];
  });
  if (plots.length > 0) return plots;
  return [{ title: 'Accuracy after each epoch', missing: 'No run has an epochs.csv.' }];
}

/** How far below the lowest of the highest rates a logarithmic axis goes. */
const FALL_SHOWN = 100;

/** The learning rate of each step; series with the same one share a line. */
export function learningRatePlot(series: readonly Series[]): Figure {
  const title = 'Learning rate by step';
  const curves = new Map<string, { names: string[]; points: Point[] }>();
  for (const { name, runs } of series) {
    const points = learningRates(runs[0]);
    if (!points) continue;
    const key = JSON.stringify(points);
    const curve = curves.get(key) ?? { names: [], points };
    curve.names.push(name);
    curves.set(key, curve);
  }
  if (curves.size === 0) {
    return {
      title,
      missing: 'The schedule is not one of this version, or the length of an epoch is not known.',
    };
  }
  const distinct = [...curves.values()];
  const lines = distinct.map(({ names, points }, look) => ({
    name: names.length === series.length && series.length > 1 ? 'all' : names.join('; '),
    points,
    look,
  }));
  const peaks = lines.map(({ points }) => points.reduce((most, [, rate]) => Math.max(most, rate), 0));
  const [lowest, highest] = [Math.min(...peaks), Math.max(...peaks)];
  const isSpread = lowest > 0 && highest / lowest > 30;
  const y: Axis = isSpread
    ? { name: 'Learning rate (logarithmic)', scale: 'logarithmic', range: [lowest / FALL_SHOWN, highest] }
    : { name: 'Learning rate', range: [0, 1.1 * highest] };
  const shown = isSpread
    ? lines.map((line) => ({
        ...line,
        points: line.points.filter(([, rate]) => rate >= lowest / FALL_SHOWN),
      }))
    : lines;
  return comparison(
    { name: 'learning-rate', title, caption: 'As the schedule of the recipe gives it.' },
    shown,
    { x: stepAxis(series), y },
    false,
  );
}
