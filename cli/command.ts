import type { ParseArgsConfig } from 'node:util';
import { describe, unmet } from '../core/errors.js';

/** What a command writes to: progress for people, one object for programs. */
export interface Output {
  /** Whether standard output is for programs: then people's text goes to standard error. */
  json: boolean;
  /** A line for people. */
  say(text: string): void;
  /** The result: the last line of standard output under `--json`, else nothing. */
  result(value: object): void;
}

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface Invocation {
  values: Values;
  positionals: string[];
  output: Output;
}

export interface Command {
  /** What comes after the command's name. */
  usage: string;
  summary: string;
  options: NonNullable<ParseArgsConfig['options']>;
  run(invocation: Invocation): Promise<void>;
}

export const text = (values: Values, name: string): string | undefined => {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
};

/** @throws TenfoldError `bad-usage` where the option is not a whole number of that range. */
export function integer(
  values: Values,
  name: string,
  [low, high]: readonly [number, number],
): number | undefined {
  const given = text(values, name);
  if (given === undefined) return undefined;
  const value = Number(given);
  if (given.trim() !== '' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw unmet({
    code: 'bad-usage',
    what: `--${name}`,
    expected: `an integer from ${low} to ${high}`,
    got: describe(given),
    advice: 'Give another number.',
  });
}

/** @throws TenfoldError `bad-usage` where the option is none of the choices. */
export function choice<T extends string, Fallback extends T | undefined>(
  values: Values,
  name: string,
  choices: readonly T[],
  fallback: Fallback,
): T | Fallback {
  const given = text(values, name);
  if (given === undefined) return fallback;
  const found = choices.find((candidate) => candidate === given);
  if (found !== undefined) return found;
  throw unmet({
    code: 'bad-usage',
    what: `--${name}`,
    expected: `one of ${choices.join(', ')}`,
    got: describe(given),
    advice: 'Choose one of them.',
  });
}

/** @throws TenfoldError `bad-usage` where there are more positional arguments than `most`. */
export function atMostPositionals(positionals: readonly string[], most: 0 | 1): void {
  if (positionals.length <= most) return;
  throw unmet({
    code: 'bad-usage',
    what: 'the arguments',
    expected: most === 0 ? 'options alone' : 'one name at most',
    got: positionals.join(' '),
    advice: 'See tenfold --help.',
  });
}

/** @throws TenfoldError `bad-usage` unless there is exactly one positional argument. */
export function onePositional(positionals: readonly string[], what: string): string {
  const [first] = positionals;
  if (first !== undefined && positionals.length === 1) return first;
  throw unmet({
    code: 'bad-usage',
    what: 'the arguments',
    expected: `one ${what}`,
    got: positionals.length === 0 ? 'none' : positionals.join(' '),
    advice: 'See tenfold --help.',
  });
}

/** @throws TenfoldError `bad-usage` where one of the options is given that mean nothing beside `form`. */
export function refuseBeside(form: string, options: readonly string[], values: Values): void {
  const other = options.find((option) => values[option] !== undefined);
  if (other === undefined) return;
  throw unmet({
    code: 'bad-usage',
    what: form,
    expected: `none of ${options.map((option) => `--${option}`).join(', ')}`,
    got: `--${other}`,
    advice: 'Leave one of them out.',
  });
}
