import { describe, unmet } from './errors.js';

/** A place in a file that is not what it should be. */
interface Fault {
  /** As in `suites.robust[0].mean`. */
  path: string;
  expected: string;
  got: unknown;
}

/** Looks at a value of a parsed file: its first fault, or null where it has none. */
export type Shape = (value: unknown, path: string) => Fault | null;

const leaf =
  (expected: string, check: (value: unknown) => boolean): Shape =>
  (value, path) =>
    check(value) ? null : { path, expected, got: value };

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const TEXT: Shape = leaf('a text', (value) => typeof value === 'string');
export const FLAG: Shape = leaf('true or false', (value) => typeof value === 'boolean');
export const NUMBER: Shape = leaf('a number', Number.isFinite);
/** 0 to 1. */
export const SHARE: Shape = leaf(
  'a number from 0 to 1',
  (value) => typeof value === 'number' && value >= 0 && value <= 1,
);
/** A whole number from 0 on. */
export const COUNT: Shape = leaf(
  'a whole number from 0 on',
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);
export const SHA256: Shape = leaf(
  'a sha256 in lower-case hexadecimal',
  (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
);
export const exactly = (wanted: string | number): Shape =>
  leaf(JSON.stringify(wanted), (value) => value === wanted);

export const orNull =
  (shape: Shape): Shape =>
  (value, path) =>
    value === null ? null : shape(value, path);

/** A member that may be left out. */
export const orAbsent =
  (shape: Shape): Shape =>
  (value, path) =>
    value === undefined ? null : shape(value, path);

export const listOf =
  (shape: Shape): Shape =>
  (value, path) => {
    if (!Array.isArray(value)) return { path, expected: 'a list', got: value };
    return firstFault(value.map((item, place) => () => shape(item, `${path}[${place}]`)));
  };

/** An object with these members; what else it has is let be. */
export const objectOf =
  <T>(members: { [K in keyof Required<T>]: Shape }): Shape =>
  (value, path) => {
    if (!isRecord(value)) return { path, expected: 'an object', got: value };
    const entries = Object.entries<Shape>(members);
    return firstFault(
      entries.map(
        ([name, shape]) =>
          () =>
            shape(value[name], path === '' ? name : `${path}.${name}`),
      ),
    );
  };

/** An object of these values under any names. */
export const tableOf =
  (shape: Shape): Shape =>
  (value, path) => {
    if (!isRecord(value)) return { path, expected: 'an object', got: value };
    return firstFault(
      Object.entries(value).map(
        ([name, item]) =>
          () =>
            shape(item, `${path}.${name}`),
      ),
    );
  };

function firstFault(looks: readonly (() => Fault | null)[]): Fault | null {
  for (const look of looks) {
    const fault = look();
    if (fault) return fault;
  }
  return null;
}

/**
 * Holds a parsed file to its shape.
 * @throws TenfoldError `corrupt`, naming the first place that is not as it should be
 */
export function requireShape(shape: Shape, value: unknown, source: string, advice: string): void {
  const fault = shape(value, '');
  if (!fault) return;
  const { path, expected, got } = fault;
  throw unmet({
    code: 'corrupt',
    what: path === '' ? source : `${path} in ${source}`,
    expected,
    got: describe(isRecord(got) ? JSON.stringify(got) : got),
    advice,
  });
}
