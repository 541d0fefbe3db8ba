export type Setting = number | string;

/** What a setting may be. */
export interface Rule {
  expected: string;
  accepts(value: Setting): boolean;
}

export const number = (expected: string, accepts: (value: number) => boolean): Rule => ({
  expected,
  accepts: (value) => typeof value === 'number' && accepts(value),
});
export const integer = (low: number, high: number) =>
  number(
    `an integer from ${low} to ${high}`,
    (value) => Number.isInteger(value) && value >= low && value <= high,
  );
export const share = number('a number from 0 to below 1', (value) => value >= 0 && value < 1);
export const positive = number('a number above 0', (value) => value > 0 && Number.isFinite(value));
export const notNegative = number('a number from 0 up', (value) => value >= 0 && Number.isFinite(value));
export const among = (...values: readonly Setting[]): Rule => ({
  expected: `one of ${values.join(', ')}`,
  accepts: (value) => values.includes(value),
});
export const oneOf = (table: object): Rule => ({
  expected: `one of ${Object.keys(table).join(', ')}`,
  accepts: (value) => Object.hasOwn(table, value),
});
