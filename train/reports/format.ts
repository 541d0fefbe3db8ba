/** How figures read in a report: the same everywhere, so that columns can be compared. */

/** Says of a figure that nobody took it. */
export const NOT_MEASURED = 'not measured';

type Maybe = number | null | undefined;

const isFigure = (value: Maybe): value is number => typeof value === 'number' && !Number.isNaN(value);

const formatted =
  (format: (value: number) => string) =>
  (value: Maybe): string =>
    isFigure(value) ? format(value) : NOT_MEASURED;

/** A share, 0 to 1, as `98.83%`. */
export const percent = formatted((share) => `${(100 * share).toFixed(2)}%`);

/** A loss or a calibration error, five decimals as the published reports have them. */
export const decimal = formatted((value) => value.toFixed(5));

/** Precision, recall and F1: four decimals. */
export const share = formatted((value) => value.toFixed(4));

// Made once: each costs more than all that it formats.
const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const TICK = new Intl.NumberFormat('en-US', { maximumFractionDigits: 6 });

/** A whole number, its thousands apart: `370,762`. */
export const count = formatted((value) => WHOLE.format(value));

/** A duration in seconds as `45.3 s`, `7 min 32 s` or `2 h 05 min`. */
export const duration = formatted((seconds) => {
  if (seconds < 119.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 7200) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
});

/** The distance of two shares in percentage points: `+0.22`. */
export const points = formatted((difference) => {
  const text = (100 * difference).toFixed(2);
  return Number(text) > 0 ? `+${text}` : text.replace('-', '\u2212');
});

/** Mean and sample deviation in the same form: `98.83% ± 0.12`. */
export function spread(format: (value: Maybe) => string, mean: Maybe, deviation: Maybe): string {
  if (!isFigure(mean) || !isFigure(deviation)) return format(mean);
  return `${format(mean)} ± ${format(deviation).replace('%', '')}`;
}

/** Whole numbers, those that follow one another as a range: `1 to 3, 7`. */
export function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b);
  const parts: [number, number][] = [];
  for (const number of sorted) {
    const last = parts.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else parts.push([number, number]);
  }
  return parts
    .map(([from, to]) => (to - from < 2 ? (from === to ? `${from}` : `${from}, ${to}`) : `${from} to ${to}`))
    .join(', ');
}

/** A tick of an axis: as many digits as it needs. */
export const tick = (value: number): string =>
  value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)
    ? value.toExponential().replace('e-', 'e\u2212').replace('e+', 'e')
    : TICK.format(Number(value.toPrecision(6)));
