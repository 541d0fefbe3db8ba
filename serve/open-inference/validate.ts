import type { z } from 'zod';
import { describe, type TenfoldError, unmet } from '../../core/errors.js';
import { checkJsonDepth } from '../http/json-depth.js';
import { jsonText } from '../http/json-text.js';

export interface Refusal {
  /** What was looked at. */
  what: string;
  expected: string;
  got: string;
  advice: string;
  cause?: unknown;
}

/** Where JSON stands, and how deep its arrays and objects may lie in one another: data nested by its shape needs seven. */
export interface JsonPlace extends Pick<Refusal, 'what' | 'advice'> {
  mostDepth: number;
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
  { what, advice, mostDepth }: JsonPlace,
): z.infer<Schema> {
  checkJsonDepth(bytes, mostDepth);
  const value = parse(bytes, what, advice);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw describeIssue(result.error.issues[0]!, value, { what, advice });
}

function parse(bytes: Buffer, what: string, advice: string): unknown {
  try {
    return JSON.parse(jsonText(bytes));
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
