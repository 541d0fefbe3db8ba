import { describe, unmet } from '../../core/errors.js';
import { CLASS_COUNT } from '../../core/image.js';
import { DIGITS, PREDICT_QUERY, type PredictQuery } from './schemas.js';

/** What to say of a parameter that is none of what its schema allows. */
const HELP: { readonly [Name in keyof PredictQuery]-?: { expected: string; advice: string } } = {
  top: { expected: `a whole number from 1 to ${CLASS_COUNT}`, advice: 'Ask for /predict?top=3, say.' },
  digits: {
    expected: DIGITS.join(' or '),
    advice: 'Ask for /predict?digits=many, say, to have whole numbers read.',
  },
  model: { expected: 'the name of a model', advice: 'Leave it out to ask the default model.' },
  version: { expected: 'a version of the model', advice: 'Leave it out to let the service choose.' },
};

const NAMES = Object.keys(HELP) as (keyof PredictQuery)[];
const DEFAULTS = PREDICT_QUERY.parse({});

/**
 * Reads the query of `POST /predict`: `?top=3&digits=many&model=fast&version=2`. Other parameters do not matter.
 * @throws TenfoldError `bad-usage` where a value is not one of those allowed.
 */
export function predictOptions(query: URLSearchParams): PredictQuery {
  if (query.size === 0) return DEFAULTS;
  const given = Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? undefined]));
  const { success, data, error } = PREDICT_QUERY.safeParse(given);
  if (success) return data;
  const name = error.issues[0]!.path[0] as keyof PredictQuery;
  throw unmet({
    code: 'bad-usage',
    what: `the parameter ${name}`,
    got: describe(given[name]),
    ...HELP[name],
  });
}
