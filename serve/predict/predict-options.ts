import { describe, unmet } from '../../core/errors.js';
import { CLASS_COUNT } from '../../core/image.js';
import { askWhetherMeant } from '../../core/nearest.js';
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
 * Reads the query of `POST /predict`: `?top=3&digits=many&model=fast&version=2`.
 * @throws TenfoldError `bad-usage` where a value is not one of those allowed, and where a parameter is none of these or there twice: whoever
 * misspells one would take an answer to another question for theirs.
 */
export function predictOptions(query: URLSearchParams): PredictQuery {
  if (query.size === 0) return DEFAULTS;
  const names = [...query.keys()];
  const unknown = names.find((name) => !isOption(name));
  if (unknown !== undefined) throw unknownParameter(unknown);
  const twice = names.find((name, place) => names.indexOf(name) !== place);
  if (twice !== undefined) throw repeated(twice);
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

/**
 * @param names what came beside the pictures, in a body
 * @throws TenfoldError `bad-input` where one of them is a parameter, which there would have no effect.
 */
export function refuseOptions(names: readonly string[], what: string): void {
  const option = names.find(isOption);
  if (option === undefined) return;
  throw unmet({
    code: 'bad-input',
    what,
    expected: 'pictures alone',
    got: describe(option),
    advice: `It is a parameter of the address: ask for /predict?${option}=..., with the pictures as the body.`,
  });
}

const isOption = (name: string): boolean => Object.hasOwn(HELP, name);

const unknownParameter = (name: string) =>
  unmet({
    code: 'bad-usage',
    what: 'the parameters',
    expected: `none but ${NAMES.join(', ')}`,
    got: describe(name),
    advice: `${askWhetherMeant(name, NAMES)}Correct it, or leave it out.`,
  });

const repeated = (name: string) =>
  unmet({
    code: 'bad-usage',
    what: `the parameter ${name}`,
    expected: 'one value',
    got: 'several',
    advice: 'Give it once.',
  });
