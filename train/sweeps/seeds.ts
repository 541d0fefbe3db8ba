import { describe, unmet } from '../../core/errors.js';

const HIGHEST = 2 ** 31 - 1;
/** More in one go are rather a slip of the keyboard. */
const MOST = 1000;

/**
 * The seeds of `1..5`, `1,2,7` or both joined by commas, in the order given.
 * @throws TenfoldError `bad-usage` where it is neither, or a seed comes twice
 */
export function parseSeeds(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [, from, to = from] = /^\s*(\d{1,10})(?:\.\.(\d{1,10}))?\s*$/.exec(part) ?? [];
    const [low, high] = [Number(from), Number(to)];
    if (from === undefined || low > high || high > HIGHEST || high - low >= MOST) throw badSeeds(text);
    return Array.from({ length: high - low + 1 }, (_, offset) => low + offset);
  });
  if (new Set(seeds).size !== seeds.length || seeds.length > MOST) throw badSeeds(text);
  return seeds;
}

const badSeeds = (text: string) =>
  unmet({
    code: 'bad-usage',
    what: '--seeds',
    expected: `1..5 or 1,2,7: each seed once, from 0 to ${HIGHEST}, ${MOST} at most`,
    got: describe(text),
    advice: 'Give the seeds anew.',
  });
