import { createHash } from 'node:crypto';

/** A deterministic stream of random numbers; see {@link randomStream}. */
export interface RandomStream {
  /** Uniform in [0, 1), a multiple of 2^-32. */
  next(): number;
  /**
   * Uniform in 0 ... bound - 1, without modulo bias.
   * @throws RangeError where `bound` is no integer from 1 to 2^32.
   */
  integer(bound: number): number;
  /** Standard normal: mean 0, standard deviation 1. */
  normal(): number;
  /** Fisher-Yates, in place; gives `values` back. */
  shuffle<T extends Uint32Array | unknown[]>(values: T): T;
}

const TWO_TO_32 = 2 ** 32;

/** Uniform from `low` to below `high`. */
export const between = (random: RandomStream, low: number, high: number): number =>
  low + (high - low) * random.next();

/**
 * The stream that belongs to `seed` and `keys`: equal arguments give equal numbers, any difference gives an
 * independent stream. Name a stream by its purpose and place (`randomStream(seed, 'shuffle', epoch)`), so that no use
 * of one can move the numbers of another and a resumed run draws what the uninterrupted one would have drawn.
 *
 * The generator is sfc32 (Doty-Humphrey; 128 bits of state, passes PractRand), its state a sha256 of the arguments.
 * Ours rather than pure-rand's, which has a generator and integers but neither keyed streams, normals nor a shuffle,
 * and whose xoroshiro128+ has weak low bits.
 */
export function randomStream(seed: number, ...keys: (string | number)[]): RandomStream {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...keys]))
    .digest();
  let a = digest.readInt32LE(0);
  let b = digest.readInt32LE(4);
  let c = digest.readInt32LE(8);
  let counter = digest.readInt32LE(12);
  let spareNormal: number | undefined;

  const bits = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };

  const next = (): number => bits() / TWO_TO_32;

  const integer = (bound: number): number => {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO_TO_32) {
      throw new RangeError(`bound must be an integer from 1 to 2^32, got: ${bound}`);
    }
    // The top partial copy of 0 ... bound - 1 is drawn again, or its values would come up more often.
    const limit = TWO_TO_32 - (TWO_TO_32 % bound);
    let drawn = bits();
    while (drawn >= limit) drawn = bits();
    return drawn % bound;
  };

  // Marsaglia's polar method: two normals from one point inside the unit circle.
  const normal = (): number => {
    if (spareNormal !== undefined) {
      const value = spareNormal;
      spareNormal = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * next() - 1;
      const y = 2 * next() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        spareNormal = y * scale;
        return x * scale;
      }
    }
  };

  const shuffle = <T extends Uint32Array | unknown[]>(values: T): T => {
    for (let last = values.length - 1; last > 0; last--) {
      const other = integer(last + 1);
      const moved = values[last];
      values[last] = values[other];
      values[other] = moved;
    }
    return values;
  };

  return { next, integer, normal, shuffle };
}
