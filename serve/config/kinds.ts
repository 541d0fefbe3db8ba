import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { DEFAULT_BUNDLE } from '../models/bundle.js';
import type { Canary, RateLimit } from './config.js';
import { digestOf } from './key-digest.js';
import { BYTE_UNITS, quantity, TIME_UNITS, written } from './quantity.js';

/** A value as it is printed. */
export type Shown = string | number | boolean | readonly string[] | null;

/** A kind of value: how it is written, checked and shown. */
export interface Kind<Value> {
  /** What stands for it in a usage line: `N`. */
  placeholder: string;
  /** Of the value that is shown; empty where it has none. */
  unit: string;
  /** What it may be, as an error says it: `an integer from 0 to 65535`. */
  expected: string;
  schema: z.ZodType<Value, string>;
  shown(value: Value): Shown;
}

const itself = <Value extends Shown>(value: Value): Value => value;

export const integer = (low: number, high: number, unit = ''): Kind<number> => ({
  placeholder: 'N',
  unit,
  expected: `an integer from ${low} to ${high}`,
  schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.int().min(low).max(high)),
  shown: itself,
});

/** Milliseconds, written with their unit: `500ms`, `30s`, `2m`. */
export const time = (low: number, high: number): Kind<number> => ({
  placeholder: 'TIME',
  unit: 'milliseconds',
  expected: `a time from ${written(low, TIME_UNITS)} to ${written(high, TIME_UNITS)}, such as 500ms, 30s or 2m`,
  schema: quantity(TIME_UNITS, low, high),
  shown: itself,
});

/** Bytes, with a unit or without: `1000`, `16kb`, `1.5mb`; a kb is 1024 bytes. */
export const size = (low: number, high: number): Kind<number> => ({
  placeholder: 'SIZE',
  unit: 'bytes',
  expected: `a size from ${written(low, BYTE_UNITS)} to ${written(high, BYTE_UNITS)}, such as 16kb or 1.5mb`,
  schema: quantity(BYTE_UNITS, low, high),
  shown: itself,
});

export const choice = <const Choices extends readonly [string, ...string[]]>(
  choices: Choices,
): Kind<Choices[number]> => ({
  placeholder: 'NAME',
  unit: '',
  expected: `one of ${choices.join(', ')}`,
  schema: z.string().pipe(z.enum(choices)),
  shown: itself,
});

export const onOrOff: Kind<boolean> = {
  placeholder: 'on|off',
  unit: '',
  expected: 'on or off',
  schema: z.stringbool({ truthy: ['on', 'true', 'yes', '1'], falsy: ['off', 'false', 'no', '0'] }),
  shown: itself,
};

const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i;

export const host: Kind<string> = {
  placeholder: 'HOST',
  unit: '',
  expected: 'a host name or an IP address',
  schema: z.string().refine((text) => isIP(text) !== 0 || HOST_NAME.test(text)),
  shown: itself,
};

export const folder: Kind<string> = {
  placeholder: 'DIR',
  unit: '',
  expected: 'a folder',
  schema: z.string().trim().min(1),
  shown: itself,
};

/** What names the bundle that comes with the package. */
const DEFAULT = 'default';

export const bundle: Kind<string> = {
  ...folder,
  schema: folder.schema.transform((text) => (text === DEFAULT ? DEFAULT_BUNDLE : text)),
  shown: (directory) => (directory === DEFAULT_BUNDLE ? DEFAULT : directory),
};

/** `DIR=SHARE` */
export const canary: Kind<Canary> = {
  placeholder: 'DIR=SHARE',
  unit: '',
  expected: 'a bundle folder and a share from 0 to 1, such as bundles/next=0.05',
  schema: z
    .string()
    .regex(/^.+=(0|1|[01]?\.\d+)$/)
    .transform((text) => {
      const equals = text.lastIndexOf('=');
      return { directory: text.slice(0, equals).trim(), share: Number(text.slice(equals + 1)) };
    })
    .pipe(z.object({ directory: z.string().min(1), share: z.number().min(0).max(1) })),
  shown: ({ directory, share }) => `${directory}=${share}`,
};

/** A web origin exactly as browsers send it, or `*`. */
export const origin: Kind<string> = {
  placeholder: 'ORIGIN',
  unit: '',
  expected: '* or an origin such as https://example.com',
  schema: z
    .string()
    .trim()
    .refine((text) => text === '*' || isOrigin(text)),
  shown: itself,
};

function isOrigin(text: string): boolean {
  return /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** Requests in a time: `100/1m`. */
export const rate: Kind<RateLimit> = {
  placeholder: 'N/TIME',
  unit: 'requests/time',
  expected: 'requests in a time of 1s to 24h, such as 100/1m',
  schema: z
    .string()
    .transform((text) => text.split('/'))
    .pipe(z.tuple([integer(1, 1e9).schema, time(1000, 24 * 3_600_000).schema]))
    .transform(([requests, milliseconds]) => ({ requests, milliseconds })),
  shown: ({ requests, milliseconds }) => `${requests}/${written(milliseconds, TIME_UNITS)}`,
};

/** What a header can carry, without the comma that separates keys; long enough not to be guessed. */
const API_KEY = /^[!-+\--~]{16,}$/;

/** Keys, of which only the SHA-256 is kept. */
export const apiKeys: Kind<readonly Buffer[]> = {
  placeholder: 'KEY,...',
  unit: 'keys',
  expected: 'keys of 16 or more visible ASCII characters, a comma or a new line between two',
  schema: z.union([
    z.literal('none').transform(() => []),
    z
      .string()
      .transform(splitKeys)
      .pipe(z.array(z.string().regex(API_KEY).transform(digestOf)).min(1)),
  ]),
  shown: (digests) => digests.length,
};

/** Several of a kind, a comma between two; the word `none` is none. */
export const list = <Value>(of: Kind<Value>, none = 'none'): Kind<readonly Value[]> => ({
  placeholder: of.placeholder,
  unit: of.unit,
  expected: `${of.expected}, a comma between two, or ${none}`,
  schema: z.union([
    z.literal(none).transform(() => []),
    z.string().transform(splitList).pipe(z.array(of.schema)),
  ]),
  shown: (values) => values.map((value) => String(of.shown(value))),
});

/** A kind or nothing, which a word says. */
export const optional = <Value>(of: Kind<Value>, none: string): Kind<Value | null> => ({
  ...of,
  expected: `${of.expected}, or ${none}`,
  schema: z.union([z.literal(none).transform(() => null), of.schema]),
  shown: (value) => (value === null ? null : of.shown(value)),
});

/** Beyond this, one process of HTTP does not keep more workers busy. */
const MOST_AUTOMATIC_WORKERS = 4;

/** Worker threads: `auto` is one a core, HTTP being a small part of the work; on two cores a second one carried 1.8 times the rows. */
export const workers: Kind<number> = {
  ...integer(1, 64),
  expected: 'auto or an integer from 1 to 64',
  schema: z.union([
    z.literal('auto').transform(() => Math.min(availableParallelism(), MOST_AUTOMATIC_WORKERS)),
    integer(1, 64).schema,
  ]),
};

function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

/** Lines that are empty, as the last of a file is, hold no key. */
function splitKeys(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .flatMap(splitList);
}
