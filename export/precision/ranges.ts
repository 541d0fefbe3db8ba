/** How far a value's numbers reach, 0 included. */
export interface Range {
  low: number;
  high: number;
}

/** What calibration saw of one value of a graph. */
export interface Distribution {
  range: Range;
  /** Of the numbers' sizes without their signs, from 0 to the largest, zeros left out: they are exact in every range. */
  histogram: Float64Array;
}

export const HISTOGRAM_BINS = 2048;

/** The share of numbers, signs left out, that a range keeps: more are cut off. */
const percentile =
  (share: number): Threshold =>
  ({ histogram }) => {
    const wanted = share * sum(histogram);
    let bins = 0;
    for (let seen = 0; seen < wanted; bins++) seen += histogram[bins]!;
    return bins / histogram.length;
  };

/** A share of the largest number, 0 to 1. */
type Threshold = (distribution: Distribution) => number;

/** The ways in which a range is found: from what size on numbers are cut off, as a share of the largest. */
export const RANGES = {
  'min-max': () => 1,
  'percentile-99.999': percentile(0.99999),
  'percentile-99.99': percentile(0.9999),
  'percentile-99.9': percentile(0.999),
  /** Migacz (2017), "8-bit inference with TensorRT": where the numbers as they are and as they are rounded differ least. */
  entropy: entropyThreshold,
} as const satisfies Record<string, Threshold>;

export type RangeMethod = keyof typeof RANGES;

/** Zeros and what is next to nothing: its 255th part would be no float32 any more. */
const LEAST_SIZE = 2 ** -100;

/** The range of a value's numbers that shall be told apart. */
export function rangeBy(method: RangeMethod, distribution: Distribution): Range {
  const { low, high } = distribution.range;
  const largest = Math.max(-low, high);
  if (largest < LEAST_SIZE) return { low: 0, high: 1 };
  const size = largest * RANGES[method](distribution);
  return { low: Math.max(low, -size), high: Math.min(high, size) };
}

/** Of a rounded number, as in the paper. */
const LEVELS = 128;

function entropyThreshold({ histogram }: Distribution): number {
  const total = sum(histogram);
  let best = { divergence: Number.POSITIVE_INFINITY, bins: histogram.length };
  let inside = sum(histogram.subarray(0, LEVELS));
  for (let bins = LEVELS; bins <= histogram.length; bins += BIN_STEP) {
    const divergence = divergenceOf(histogram, bins, total - inside);
    if (divergence < best.divergence) best = { divergence, bins };
    inside += sum(histogram.subarray(bins, bins + BIN_STEP));
  }
  return best.bins / histogram.length;
}

const BIN_STEP = 8;

/** Kullback-Leibler divergence, nats, between the first bins, what lies beyond put into the last one, and the same in the paper's levels. */
function divergenceOf(histogram: Float64Array, bins: number, beyond: number): number {
  const kept = sum(histogram.subarray(0, bins));
  const total = kept + beyond;
  let divergence = 0;
  for (let level = 0; level < LEVELS; level++) {
    const from = Math.floor((level * bins) / LEVELS);
    const to = Math.floor(((level + 1) * bins) / LEVELS);
    let [count, filled] = [0, 0];
    for (let bin = from; bin < to; bin++) {
      count += histogram[bin]!;
      if (isFilled(histogram, bin, bins, beyond)) filled++;
    }
    for (let bin = from; bin < to; bin++) {
      if (!isFilled(histogram, bin, bins, beyond)) continue;
      const p = (histogram[bin]! + (bin === bins - 1 ? beyond : 0)) / total;
      // A level whose only numbers were cut off from beyond has none of its own.
      const q = Math.max(count, LEAST_COUNT) / filled / kept;
      divergence += p * Math.log(p / q);
    }
  }
  return divergence;
}

const LEAST_COUNT = 1e-3;

const isFilled = (histogram: Float64Array, bin: number, bins: number, beyond: number): boolean =>
  histogram[bin]! > 0 || (bin === bins - 1 && beyond > 0);

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
