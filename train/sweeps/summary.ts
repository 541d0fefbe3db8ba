import { isDeepStrictEqual } from 'node:util';
import type { RunMetrics } from '../../core/run.js';
import { meanAndDeviation } from '../metrics/spread.js';
import { PUBLISHED, type PublishedFigures } from '../recipes/published.js';
import { publishedAt, publishedText } from '../recipes/published-at.js';
import { overriddenRecipe } from '../recipes/resolve.js';
import { RECIPES, type RecipeName } from '../recipes/table.js';
import { MNIST_SHA256 } from '../run-data.js';
import type { RunSpec } from './plan.js';
import type { SweepPoint } from './table.js';

/** What became of one run. */
export type RunResult = { spec: RunSpec } & (
  | { status: 'finished'; metrics: RunMetrics }
  | { status: 'failed'; reason: string }
  | { status: 'unfinished' }
);

/** Over the seeds of a point; the deviation is the sample's, null of a single run. */
export type Spread = ReturnType<typeof meanAndDeviation>;

export interface SweepRow {
  label: string;
  recipe: string;
  /** Of the runs that finished. */
  seeds: number[];
  /** Finished, by the runs that finished; whole ones. */
  epochs: number[];
  /** 0 to 1, on the test set; the measures are absent where no run finished. */
  accuracy?: Spread;
  loss?: Spread;
  /** Of the training steps alone. */
  seconds?: Spread;
  published?: PublishedFigures;
  /** Of the runs that did not finish, in words. */
  failures: string[];
}

/**
 * One row a point, in the sweep's order.
 * @param dataSha256 of what the runs were trained on: what is published is of MNIST
 */
export const summarize = (
  points: readonly SweepPoint[],
  results: readonly RunResult[],
  dataSha256: string,
): SweepRow[] =>
  points.map((point) => {
    const own = results.filter(({ spec }) => spec.label === point.label);
    const finished = own.flatMap((result) => (result.status === 'finished' ? [result] : []));
    const published =
      dataSha256 === MNIST_SHA256 ? publishedOf(point, own[0]?.spec.settings ?? []) : undefined;
    const measure = (read: (metrics: RunMetrics) => number) =>
      meanAndDeviation(finished.map(({ metrics }) => read(metrics)));
    return {
      label: point.label,
      recipe: point.recipe,
      seeds: finished.map(({ spec }) => spec.seed),
      epochs: finished.map(({ metrics }) => metrics.epochs),
      ...(finished.length > 0 && {
        accuracy: measure(({ test }) => test.accuracy),
        loss: measure(({ test }) => test.loss),
        seconds: measure(({ trainSeconds }) => trainSeconds),
      }),
      ...(published && { published }),
      failures: own.flatMap((result) =>
        result.status === 'finished'
          ? []
          : [`seed ${result.spec.seed}: ${result.status === 'failed' ? result.reason : 'not finished'}`],
      ),
    };
  });

/** What a report says of the point, where it is a recipe as it stands, its epochs apart. */
const publishedOf = (
  { recipe, overrides }: SweepPoint,
  settings: readonly string[],
): PublishedFigures | undefined =>
  overrides.length === 0 && isAsItStands(recipe as RecipeName, settings)
    ? PUBLISHED[recipe as RecipeName]
    : undefined;

function isAsItStands(name: RecipeName, settings: readonly string[]): boolean {
  const { model, training } = overriddenRecipe(name, settings);
  const own = RECIPES[name];
  return (
    isDeepStrictEqual(model, own.model) &&
    isDeepStrictEqual({ ...training, epochs: own.training.epochs }, own.training)
  );
}

const COLUMNS = [
  '',
  'seeds',
  'epochs',
  'test accuracy, %',
  'test loss',
  'training, s',
  'published, %',
] as const;

/** The rows as text with aligned columns; what did not finish is named below with its reason. */
export function sweepTable(rows: readonly SweepRow[]): string {
  const cells = rows.map((row) => [
    row.label,
    String(row.seeds.length),
    rangeText(row.epochs),
    spreadText(row.accuracy, 100, 2),
    spreadText(row.loss, 1, 5),
    spreadText(row.seconds, 1, 1),
    publishedCell(row),
  ]);
  const widths = COLUMNS.map((name, at) => Math.max(name.length, ...cells.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    row
      // Names to the left, figures to the right, and the last column, which has words too, to the left.
      .map((cell, at) =>
        at === 0 || at === COLUMNS.length - 1 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!),
      )
      .join('  ')
      .trimEnd();
  const failures = rows.flatMap(({ label, failures: reasons }) =>
    reasons.map((reason) => `${label}, ${reason}`),
  );
  return [line(COLUMNS), ...cells.map(line), ...(failures.length > 0 ? ['', ...failures] : [])].join('\n');
}

/** Runs that ended after different numbers of epochs have none in common. */
function publishedCell({ published, epochs: [first, ...others] }: SweepRow): string {
  const epochs = others.every((count) => count === first) ? first : undefined;
  const figure = publishedAt(published, 'testAccuracy', epochs);
  if (!published || !figure) return '-';
  return `${publishedText(figure, (accuracy) => (100 * accuracy).toFixed(2))} (${published.source})`;
}

const rangeText = (values: readonly number[]): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (values.length === 0) return '-';
  return low === high ? String(low) : `${low}-${high}`;
};

const spreadText = (spread: Spread | undefined, scale: number, digits: number): string => {
  if (spread === undefined) return '-';
  const text = (value: number) => (scale * value).toFixed(digits);
  return spread.deviation === null ? text(spread.mean) : `${text(spread.mean)} ± ${text(spread.deviation)}`;
};
