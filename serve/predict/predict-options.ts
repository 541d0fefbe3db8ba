import { describe, unmet } from '../../core/errors.js';
import { CLASS_COUNT } from '../../core/image.js';
import type { PictureWork } from '../workers/work.js';

const DIGITS = ['one', 'many'] as const satisfies readonly PictureWork[];

export interface PredictOptions {
  /** How many of the likeliest digits to list; null lists none. */
  top: number | null;
  /** Whether a picture is one digit, or lines of them. */
  digits: PictureWork;
}

/**
 * Reads the query of `POST /predict`: `?top=3&digits=many`.
 * @throws TenfoldError `bad-usage` where a value is not one of those allowed.
 */
export function predictOptions(query: URLSearchParams): PredictOptions {
  const asked = query.get('digits') ?? 'one';
  const digits = DIGITS.find((kind) => kind === asked);
  if (digits === undefined) {
    throw unmet({
      code: 'bad-usage',
      what: 'the parameter digits',
      expected: DIGITS.join(' or '),
      got: describe(asked),
      advice: 'Ask for /predict?digits=many, say, to have whole numbers read.',
    });
  }
  const top = query.get('top');
  if (top === null) return { top: null, digits };
  const count = Number(top);
  if (top.trim() === '' || !Number.isInteger(count) || count < 1 || count > CLASS_COUNT) {
    throw unmet({
      code: 'bad-usage',
      what: 'the parameter top',
      expected: `a whole number from 1 to ${CLASS_COUNT}`,
      got: describe(top),
      advice: 'Ask for /predict?top=3, say.',
    });
  }
  return { top: count, digits };
}
