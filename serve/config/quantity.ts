import { z } from 'zod';

/** Units by what they stand for, the smallest first. */
type Units = { readonly [unit: string]: number };

export const TIME_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
/** Without a unit it is bytes. */
export const BYTE_UNITS = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;

/** A number with one of the units, in any case: `1.5mb`; rounded to a whole number of the smallest, `low` to `high`. */
export function quantity(units: Units, low: number, high: number): z.ZodType<number, string> {
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?)(${Object.keys(units).join('|')})$`);
  return z
    .string()
    .toLowerCase()
    .regex(pattern)
    .transform((text) => {
      const [, number, unit] = pattern.exec(text)!;
      return Math.round(Number(number) * units[unit!]!);
    })
    .pipe(z.int().min(low).max(high));
}

/** In the largest unit that it is a whole number of: 90,000 milliseconds are `90s`. */
export function written(value: number, units: Units): string {
  const [unit, scale] = Object.entries(units).findLast(
    ([, each]) => value % each === 0 && (value > 0 || each === 1),
  )!;
  return `${value / scale}${unit}`;
}
