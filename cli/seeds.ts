import { describe, unmet } from '../core/errors.js';

/** The highest seed. */
export const HIGHEST_SEED = 2 ** 31 - 1;
/** More would be a slip of the keyboard. */
const MOST_SEEDS = 1000;

/**
 * Reads `1..5`, `1,2,3`, or both mixed.
 * @returns the seeds in the order given
 * @throws TenfoldError `bad-usage` for anything else, a seed named twice, or more than 1000
 */
export function parseSeeds(text: string): number[] {
  const ranges = text.split(',').map((part) => {
    const [, first = '', last = first] = /^(\d{1,10})(?:\.\.(\d{1,10}))?$/.exec(part.trim()) ?? [];
    return first === '' ? null : { first: Number(first), last: Number(last) };
  });
  const seeds: number[] = [];
  for (const range of ranges) {
    const isUsable = range && range.first <= range.last && range.last <= HIGHEST_SEED;
    if (!isUsable || range.last - range.first >= MOST_SEEDS - seeds.length) throw refused(text);
    for (let seed = range.first; seed <= range.last; seed++) seeds.push(seed);
  }
  if (new Set(seeds).size < seeds.length) throw refused(text);
  return seeds;
}

const refused = (text: string) =>
  unmet({
    code: 'bad-usage',
    what: '--seeds',
    expected: `a range such as 1..5 or a list such as 1,2,3 of at most ${MOST_SEEDS} different seeds up to ${HIGHEST_SEED}`,
    got: describe(text),
    advice: 'Name each seed once, ranges from low to high.',
  });
