import { type Axis, drawChart } from './chart.js';
import {
  epochAxis,
  epochPoints,
  learningRates,
  lossAxis,
  percentPoints,
  stepAxis,
  stepLosses,
  stepPoints,
  windowOf,
} from './curves.js';
import type { Series } from './groups.js';
import { MOST_LINES, panelDrawer } from './panels.js';
import { type Point, runningMean, thinned } from './statistics.js';
import { type MissingPlot, type Plot, WIDTHS } from './svg.js';

type Figure = Plot | MissingPlot;

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
