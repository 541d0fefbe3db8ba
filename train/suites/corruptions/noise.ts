import type { RandomStream } from '../../random.js';
import type { Corruption } from './corruption.js';

/** Photons for full ink: severity 5. */
const PHOTONS = 3;
/** Share of the pixels that are replaced: severity 4. */
const AMOUNT = 0.17;

/**
 * A number with a Poisson distribution, by Knuth's multiplication of uniform numbers (The Art of Computer Programming 3.4.1);
 * numpy draws it the same way below a mean of 10.
 */
function poisson(mean: number, random: RandomStream): number {
  if (mean === 0) return 0;
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > least; product *= random.next()) count++;
  return count;
}

/** Poisson noise on the ink; the paper stays black, since it has none. */
export const shotNoise: Corruption = {
  summary: `Poisson noise of ${PHOTONS} photons at full ink`,
  corrupt: (digit, random) => digit.map((value) => poisson(value * PHOTONS, random) / PHOTONS),
};

/** Salt and pepper in equal parts, as scikit-image's `random_noise` makes them. */
export const impulseNoise: Corruption = {
  summary: `${100 * AMOUNT}% of the pixels made black or white`,
  corrupt(digit, random) {
    const flipped = Array.from(digit, () => random.next() < AMOUNT);
    const salted = Array.from(digit, () => random.next() < 0.5);
    return digit.map((value, pixel) => (flipped[pixel] ? Number(salted[pixel]) : value));
  },
};
