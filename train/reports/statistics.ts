import { meanAndDeviation } from '../metrics/spread.js';

type Measurement = number | null | undefined;

const finite = (values: readonly Measurement[]): number[] =>
  values.filter((value): value is number => Number.isFinite(value));

/** The mean of what was measured; undefined where nothing was. */
export function mean(values: readonly Measurement[]): number | undefined {
  const measured = finite(values);
  return measured.length === 0 ? undefined : meanAndDeviation(measured).mean;
}

/** The sample's standard deviation (n - 1); undefined of fewer than two values. */
export function deviation(values: readonly Measurement[]): number | undefined {
  const measured = finite(values);
  return measured.length < 2 ? undefined : meanAndDeviation(measured).deviation!;
}

/** A place of a plot: x, y. */
export type Point = readonly [number, number];

/**
 * Means over up to `window` values around each place: as many before it as after, so that the steep beginning of a curve stays where it
 * is, and fewer after it towards the end. What is not finite counts as a gap and stays out of the means.
 */
export function runningMean(values: ArrayLike<number>, window: number): number[] {
  const { length } = values;
  const totals = new Float64Array(length + 1);
  const counts = new Uint32Array(length + 1);
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    const isMeasured = Number.isFinite(value);
    totals[index + 1] = totals[index]! + (isMeasured ? value : 0);
    counts[index + 1] = counts[index]! + (isMeasured ? 1 : 0);
  }
  return Array.from({ length }, (_, index) => {
    const reach = Math.min(Math.floor(window / 2), index);
    const [from, to] = [index - reach, Math.min(length, index + reach + 1)];
    return (totals[to]! - totals[from]!) / (counts[to]! - counts[from]!);
  });
}

/**
 * Thins a line to what `buckets` columns of pixels can show: of each column its first, lowest, highest and last point, in their
 * order. Points that are not finite are left out.
 * @param points with rising x
 */
export function thinned(points: readonly Point[], buckets: number): Point[] {
  const shown = points.filter(([, y]) => Number.isFinite(y));
  if (shown.length <= 4 * buckets) return shown;
  const [first] = shown[0]!;
  const width = (shown.at(-1)![0] - first) / buckets;
  const kept: Point[] = [];
  for (let from = 0; from < shown.length; ) {
    const bucket = Math.min(buckets - 1, Math.floor((shown[from]![0] - first) / width));
    let to = from + 1;
    let lowest = from;
    let highest = from;
    while (to < shown.length && (bucket === buckets - 1 || shown[to]![0] < first + (bucket + 1) * width)) {
      if (shown[to]![1] < shown[lowest]![1]) lowest = to;
      if (shown[to]![1] > shown[highest]![1]) highest = to;
      to++;
    }
    const corners = new Set([from, lowest, highest, to - 1]);
    for (const index of [...corners].sort((a, b) => a - b)) kept.push(shown[index]!);
    from = to;
  }
  return kept;
}

/** Place by place means of several lines, as long as the longest. */
export function meanLine(lines: readonly ArrayLike<number>[]): number[] {
  const length = Math.max(0, ...lines.map((line) => line.length));
  return Array.from({ length }, (_, index) => mean(lines.map((line) => line[index])) ?? Number.NaN);
}

/** The lowest and the highest of what is finite; 0 and 1 where nothing is. */
export function extent(values: readonly number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 1];
}
