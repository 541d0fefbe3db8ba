import type { z } from 'zod';
import { describe, type TenfoldError, unmet } from '../../core/errors.js';

/** How deep arrays and objects may lie in one another: data nested by its shape needs seven. */
const MOST_DEPTH = 16;

export interface Refusal {
  /** What was looked at. */
  what: string;
  expected: string;
  got: string;
  advice: string;
  cause?: unknown;
}

/** A request that cannot be what it should be. */
export const refused = (refusal: Refusal): TenfoldError => unmet({ code: 'bad-input', ...refusal });

/**
 * Reads JSON and holds it to a schema.
 * @param what names it in messages
 * @throws TenfoldError `bad-input` where it is not JSON, too deep, or not as the schema says.
 */
export function readJson<Schema extends z.ZodType>(
  bytes: Buffer,
  schema: Schema,
  { what, advice }: Pick<Refusal, 'what' | 'advice'>,
): z.infer<Schema> {
  if (isDeeper(bytes, MOST_DEPTH)) {
    throw refused({ what, expected: `JSON at most ${MOST_DEPTH} deep`, got: 'deeper JSON', advice });
  }
  const value = parse(bytes, what, advice);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw describeIssue(result.error.issues[0]!, value, { what, advice });
}

function parse(bytes: Buffer, what: string, advice: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw refused({ what, expected: 'JSON', got: (cause as Error).message, advice, cause });
  }
}

function describeIssue(
  issue: z.core.$ZodIssue,
  value: unknown,
  { what, advice }: Pick<Refusal, 'what' | 'advice'>,
): TenfoldError {
  const got = issue.path.reduce<unknown>(
    (inner, step) => (inner as Record<PropertyKey, unknown> | undefined)?.[step],
    value,
  );
  const member = issue.path.reduce<string>(
    (path, step) => (typeof step === 'number' ? `${path}[${step}]` : `${path}${path && '.'}${String(step)}`),
    '',
  );
  return refused({
    what: member ? `${member} of ${what}` : what,
    expected: expectedBy(issue),
    got: describe(typeof got === 'object' && got !== null && !Array.isArray(got) ? JSON.stringify(got) : got),
    advice,
  });
}

function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small')
    return `at least ${issue.minimum}${issue.origin === 'array' ? ' of them' : ''}`;
  if (issue.code === 'too_big')
    return `at most ${issue.maximum}${issue.origin === 'array' ? ' of them' : ''}`;
  if (issue.code === 'invalid_type') return NAMES[issue.expected] ?? issue.expected;
  return 'a text, a number, true or false';
}

/** What zod calls types. */
const NAMES: Record<string, string> = {
  string: 'a text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  never: 'nothing',
};

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, `]` and `}`. */
const OPENING: readonly number[] = [0x5b, 0x7b];
const CLOSING: readonly number[] = [0x5d, 0x7d];

/** Whether JSON opens more than so many arrays and objects at once; told before a parser makes them. */
function isDeeper(bytes: Buffer, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (inText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (OPENING.includes(byte)) {
      if (++depth > most) return true;
    } else if (CLOSING.includes(byte)) depth--;
  }
  return false;
}
