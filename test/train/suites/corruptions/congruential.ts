import type { RandomStream } from '../../../../train/random.js';

type Drawn = Pick<RandomStream, 'next' | 'integer' | 'normal'>;

/** A stream that any language has in three lines, so that another program can draw the same: Numerical Recipes' generator. */
export function congruential(seed: number): RandomStream {
  let state = seed;
  const next = () => {
    // The product modulo 2^32, which has more bits than a number holds.
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const drawn: Drawn = {
    next,
    integer: (bound) => Math.floor(next() * bound),
    normal() {
      const radius = Math.sqrt(-2 * Math.log(1 - next()));
      return radius * Math.cos(2 * Math.PI * next());
    },
  };
  return {
    ...drawn,
    shuffle() {
      throw new Error('the published generator shuffles nothing');
    },
  };
}
