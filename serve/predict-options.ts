import { describe, unmet } from '../core/errors.js';
import { CLASS_COUNT } from '../core/image.js';

export interface PredictOptions {
  /** How many of the likeliest digits to list; null lists none. */
  top: number | null;
}

/**
 * Reads the query of `POST /predict`: `?top=3`.
 * @throws TenfoldError `bad-usage` where a value is not one of those allowed.
 */
export function predictOptions(query: URLSearchParams): PredictOptions {
  const digits = query.get('digits');
  if (digits !== null && digits !== 'one') {
    throw unmet({
      code: 'bad-usage',
      what: 'the parameter digits',
      expected: 'one',
      got: describe(digits),
      advice: 'This version reads one digit a picture: cut the picture up, or leave the parameter out.',
    });
  }
  const top = query.get('top');
  if (top === null) return { top: null };
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
  return { top: count };
}
