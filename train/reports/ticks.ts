/** Where an axis begins and ends, and what is written at it. */
export interface Ticks {
  range: readonly [number, number];
  values: number[];
}

/** The smallest of 1, 2, 5, 10 times a power of ten that is not below `value`. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10);
}

/** Without what adding up fractions leaves behind. */
const clean = (value: number): number => Number(value.toPrecision(12));

const multiples = (step: number, low: number, high: number): number[] => {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => clean((first + index) * step));
};

/**
 * Ticks at equal distances.
 * @param most of them at most, nearly
 * @param exact whether the axis ends where the values end, not at a tick
 * @param least smallest distance: 1 for what is counted
 */
export function linearTicks(
  [low, high]: readonly [number, number],
  { most = 6, exact = false, least = 0 } = {},
): Ticks {
  const spread = high > low ? high - low : Math.abs(high) || 1;
  const step = Math.max(least, roundUp(spread / most));
  if (exact) return { range: [low, high], values: multiples(step, low, high) };
  const range = [step * Math.floor(low / step + 1e-9), step * Math.ceil(high / step - 1e-9)] as const;
  const open = range[1] > range[0] ? range : ([range[0] - step, range[1] + step] as const);
  return { range: [clean(open[0]), clean(open[1])], values: multiples(step, ...open) };
}

/**
 * Ticks at 1, 2 and 5 times the powers of ten, or at these alone where the values go over more than `detailed` of them.
 * @param low above 0
 */
export function logarithmicTicks([low, high]: readonly [number, number], detailed = 2.5): Ticks {
  const powers = Array.from({ length: 40 }, (_, index) => index - 20);
  const candidates = powers.flatMap((power) => [1, 2, 5].map((factor) => clean(factor * 10 ** power)));
  const from = candidates.filter((value) => value <= low * (1 + 1e-9)).at(-1) ?? low;
  const to = candidates.find((value) => value >= high * (1 - 1e-9)) ?? high;
  const range = [from, to > from ? to : 10 * from] as const;
  const isDetailed = Math.log10(range[1] / range[0]) <= detailed;
  const values = candidates.filter(
    (value) => value >= range[0] && value <= range[1] && (isDetailed || isPowerOfTen(value)),
  );
  return { range, values };
}

const isPowerOfTen = (value: number): boolean => value.toExponential().startsWith('1e');
