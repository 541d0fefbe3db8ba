import { describe, unmet } from '../../core/errors.js';
import type { SweepPoint } from './table.js';

interface Axis {
  key: string;
  values: string[];
}

/**
 * The points of a grid: every combination of the values, the last axis changing fastest.
 * @param axes as given: `learningRate=0.1,0.01`
 * @throws TenfoldError `bad-usage` where an axis is not of that form, has a value twice, or a key comes twice
 */
export function gridPoints(recipe: string, axes: readonly string[]): SweepPoint[] {
  const parsed = axes.map(parseAxis);
  const keys = parsed.map(({ key }) => key);
  const twice = keys.find((key, at) => keys.indexOf(key) !== at);
  if (twice !== undefined) throw badGrid('each key once', `${twice} twice`, 'Join its values by commas.');
  const combinations = parsed.reduce<string[][]>(
    (rows, { key, values }) => rows.flatMap((row) => values.map((value) => [...row, `${key}=${value}`])),
    [[]],
  );
  return combinations.map((overrides) => ({ label: overrides.join(' '), recipe, overrides }));
}

function parseAxis(text: string): Axis {
  const [, key, list] = /^([^=,\s]+)=(.+)$/s.exec(text) ?? [];
  const values = list?.split(',').map((value) => value.trim()) ?? [];
  if (key === undefined || values.includes('')) {
    throw badGrid('key=a,b,c', describe(text), 'Give a setting and its values, joined by commas.');
  }
  const meant = values.map(canonical);
  const again = meant.findIndex((value, at) => meant.indexOf(value) !== at);
  if (again >= 0) {
    const [first, second] = [values[meant.indexOf(meant[again]!)]!, values[again]!];
    const got = first === second ? `${first} twice` : `${first} and ${second}`;
    throw badGrid(`each value of ${key} once`, got, 'Leave one out.');
  }
  return { key, values };
}

/** One text for every way to write a number: `0.1` for `0.10` and `1e-1`. */
const canonical = (value: string): string => (Number.isNaN(Number(value)) ? value : String(Number(value)));

const badGrid = (expected: string, got: string, advice: string) =>
  unmet({ code: 'bad-usage', what: '--grid', expected, got, advice });
