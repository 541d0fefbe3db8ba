import { learningRateAt, SCHEDULES } from '../schedules.js';
import type { Axis } from './chart.js';
import type { Series } from './groups.js';
import type { ReportRun } from './read-run.js';
import { mean, meanLine, type Point } from './statistics.js';

/** MNIST's own. */
const TRAIN_IMAGES = 60_000;
const TEST_IMAGES = 10_000;

/** Mini-batches an epoch; null where the files do not tell (a run on other data that ended within an epoch). */
export function stepsPerEpoch({ metrics, epochs, recipe }: ReportRun): number | null {
  if (metrics.epochs > 0 && epochs.rows === metrics.epochs && metrics.steps % metrics.epochs === 0) {
    return metrics.steps / metrics.epochs;
  }
  const tested = metrics.test.perClass.reduce((total, { support }) => total + support, 0);
  if (tested !== TEST_IMAGES) return null;
  const { batchSize, validationImages = 0 } = recipe.training;
  const steps = Math.ceil((TRAIN_IMAGES - Number(validationImages)) / Number(batchSize));
  return Math.floor(metrics.steps / steps) === metrics.epochs ? steps : null;
}

/** Training images a second over the whole run, evaluations left out. */
export const imagesPerSecond = ({ metrics, recipe }: ReportRun): number =>
  (metrics.steps * Number(recipe.training.batchSize)) / metrics.trainSeconds;

type Column =
  | 'trainLoss'
  | 'trainAccuracy'
  | 'validationLoss'
  | 'validationAccuracy'
  | 'testLoss'
  | 'testAccuracy';

/** A column of `epochs.csv` against the epoch, the mean over the runs that have it; null where none has. */
export function epochPoints({ runs }: Series, column: Column | string): Point[] | null {
  const lines = runs.flatMap(({ epochs }) => epochs.column(column) ?? []);
  return lines.length === 0 ? null : meanLine(lines).map((value, index): Point => [index + 1, value]);
}

/** A column of `losses.csv`, a value a mini-batch, the mean over the runs; null where none has it. */
export function stepLosses({ runs }: Series, column: 'Train Loss' | 'Test Loss'): number[] | null {
  const lines = runs.flatMap(({ losses, metrics }) => {
    const line = losses.column(column);
    if (!line || column === 'Train Loss') return line ? [line] : [];
    // Measured after every epoch it has a point an epoch, which is no curve by mini-batches where those are more.
    const measured = line.filter(Number.isFinite).length;
    return measured > metrics.epochs || measured === metrics.steps ? [line] : [];
  });
  return lines.length === 0 ? null : meanLine(lines);
}

/** Values by step as points, step 1 first; what was not measured is no point. */
export const stepPoints = (values: readonly number[]): Point[] =>
  values.flatMap((value, index): Point[] => (Number.isFinite(value) ? [[index + 1, value]] : []));

/** Final figures of a series, each the mean over its runs. */
export const finalTest = ({ runs }: Series) => ({
  accuracy: mean(runs.map(({ metrics }) => metrics.test.accuracy))!,
  loss: mean(runs.map(({ metrics }) => metrics.test.loss))!,
});

/** The best epoch, whose weights the final figures are of, the mean over the runs; undefined where none kept it. */
export const keptEpoch = ({ runs }: Pick<Series, 'runs'>): number | undefined =>
  mean(runs.map(({ metrics }) => metrics.bestEpoch));

/** Recall of each digit, the mean over the runs, `[10]`. */
export const recallOf = ({ runs }: Series): number[] =>
  Array.from(
    { length: 10 },
    (_, digit) =>
      mean(runs.map(({ metrics }) => metrics.test.perClass.find((row) => row.digit === digit)?.recall)) ??
      Number.NaN,
  );

/** The learning rate of each step as the recipe's schedule gives it; null where the schedule or the epoch's length is unknown. */
export function learningRates(run: ReportRun): Point[] | null {
  const { schedule, epochs } = run.recipe.training;
  const length = stepsPerEpoch(run);
  const name = String(schedule);
  if (length === null || !Object.hasOwn(SCHEDULES, name)) return null;
  const settings = run.recipe.training as unknown as Parameters<typeof learningRateAt>[2];
  return Array.from(
    { length: run.metrics.steps },
    (_, step): Point => [
      step + 1,
      learningRateAt(step, { epochs: Number(epochs), stepsPerEpoch: length }, settings),
    ],
  );
}

/** The axis of the mini-batches of several series. */
export function stepAxis(series: readonly Series[]): Axis {
  const runs = series.flatMap((own) => own.runs);
  const lengths = new Set(runs.map(stepsPerEpoch));
  const [length] = lengths;
  return {
    name: lengths.size === 1 && length ? `Mini-batch (${length} an epoch)` : 'Mini-batch',
    range: [0, Math.max(...runs.map(({ metrics }) => metrics.steps))],
    whole: true,
  };
}

/** The axis of the epochs that lines over them have. */
export function epochAxis(lines: readonly { points: readonly Point[] }[]): Axis {
  const last = Math.max(...lines.flatMap(({ points }) => points.map(([epoch]) => epoch)));
  return { name: 'Epoch', whole: true, range: last > 1 ? [1, last] : [0, 2] };
}

/** Mini-batches in the running mean of a run of so many: a fortieth, at least 5; odd, to have as many before each as after it. */
export function windowOf(steps: number): number {
  const most = Math.min(steps, Math.max(5, Math.round(steps / 40)));
  return most - 1 + (most % 2);
}

/** Values over more than this many powers of ten ask for a logarithmic axis. */
const LINEAR_DECADES = 1;

/** The axis of losses, logarithmic where they go over more than a power of ten; what was not measured does not count. */
export function lossAxis(points: readonly Point[]): Axis {
  const values = points.map(([, y]) => y).filter(Number.isFinite);
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), 0);
  const isLogarithmic = low > 0 && Math.log10(high / low) > LINEAR_DECADES;
  return {
    name: `Cross-entropy loss (nats${isLogarithmic ? ', logarithmic' : ''})`,
    scale: isLogarithmic ? 'logarithmic' : 'linear',
  };
}

/** Shares as percent. */
export const percentPoints = (points: readonly Point[]): Point[] => points.map(([x, y]) => [x, 100 * y]);
