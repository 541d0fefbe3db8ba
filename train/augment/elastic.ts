import { INPUT_LENGTH } from '../../core/image.js';
import type { RandomStream } from '../random.js';
import { type Band, bandOf, createBothWays } from './both-ways.js';
import type { Displacement } from './warp.js';

/** Where the Gaussian is cut off, standard deviations: scipy.ndimage's default. */
const TRUNCATE = 4;

const STEPS = 2 ** 16;

/** What smooths an image by a Gaussian, 0 outside of it. */
export function gaussianBand(sigma: number): Band {
  const reach = Math.floor(TRUNCATE * sigma + 0.5);
  const weight = (distance: number) => Math.exp(-(distance ** 2) / (2 * sigma ** 2));
  let sum = 0;
  for (let distance = -reach; distance <= reach; distance++) sum += weight(distance);
  return bandOf((row, column) => (Math.abs(row - column) > reach ? 0 : weight(row - column) / sum));
}

/**
 * Gives what draws displacement fields as Simard, Steinkraus and Platt (2003) do: a random number from -1 to 1 a pixel and
 * direction, smoothed by a Gaussian, times alpha. A field is good until the next is drawn.
 * @param alpha pixels
 * @param sigma the Gaussian's standard deviation, pixels
 */
export function createElastic(alpha: number, sigma: number): (random: RandomStream) => Displacement {
  const gaussian = gaussianBand(sigma);
  const smooth = createBothWays();
  const right = new Float32Array(INPUT_LENGTH);
  const down = new Float32Array(INPUT_LENGTH);
  return (random) => {
    for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
      // One number of 32 random bits is two of 16.
      const drawn = random.next() * STEPS;
      const step = Math.floor(drawn);
      right[pixel] = alpha * ((2 * step + 1) / STEPS - 1);
      down[pixel] = alpha * (2 * (drawn - step) - 1);
    }
    smooth(right, gaussian);
    smooth(down, gaussian);
    return { right, down };
  };
}
