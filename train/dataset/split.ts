import { describe, unmet } from '../../core/errors.js';
import { CLASS_COUNT } from '../../core/image.js';
import { randomStream } from '../random.js';
import { type LabelledImages, selectImages } from './mnist.js';

export interface ValidationOptions {
  /** Images to set aside, 0 to one less than there are. */
  count: number;
  seed: number;
}

export interface TrainValidation {
  train: LabelledImages;
  validation: LabelledImages;
}

/**
 * Sets validation images aside, chosen at random with every digit in its share of the whole; what remains keeps its
 * order. Equal arguments give equal splits.
 * @throws TenfoldError `bad-usage` where `count` is out of range.
 */
export function splitValidation(source: LabelledImages, { count, seed }: ValidationOptions): TrainValidation {
  if (!Number.isInteger(count) || count < 0 || count >= source.count) {
    throw unmet({
      code: 'bad-usage',
      what: 'the number of validation images',
      expected: `an integer from 0 to ${source.count - 1}`,
      got: describe(count),
      advice: 'Set aside fewer images than the training set has.',
    });
  }
  const byDigit = Array.from({ length: CLASS_COUNT }, (): number[] => []);
  source.labels.forEach((label, index) => {
    byDigit[label]!.push(index);
  });
  const quotas = apportion(
    byDigit.map((indices) => indices.length),
    count,
  );
  const chosen = new Set(
    byDigit.flatMap((indices, digit) =>
      randomStream(seed, 'validation', digit).shuffle(indices).slice(0, quotas[digit]),
    ),
  );
  const all = Uint32Array.from({ length: source.count }, (_, index) => index);
  return {
    train: selectImages(
      source,
      all.filter((index) => !chosen.has(index)),
    ),
    validation: selectImages(
      source,
      all.filter((index) => chosen.has(index)),
    ),
  };
}

/** Shares `total` out in proportion to `sizes`, whole units, the largest remainders first; the sum is `total`. */
function apportion(sizes: readonly number[], total: number): number[] {
  const sum = sizes.reduce((partial, size) => partial + size, 0);
  const exact = sizes.map((size) => (size * total) / sum);
  const shares = exact.map(Math.floor);
  const missing = total - shares.reduce((partial, share) => partial + share, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((left, right) => right.remainder - left.remainder || left.index - right.index);
  for (const { index } of byRemainder.slice(0, missing)) shares[index]!++;
  return shares;
}
