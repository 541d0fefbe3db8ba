import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import type { Corruption } from './corruption.js';
import { smoothDown } from './gaussian.js';

/** Severity 1 of glass_blur. */
const GLASS = { sigma: 0.7, reach: 1, iterations: 2 } as const;
/** Severity 1 of motion_blur; angles in degrees. */
const MOTION = { radius: 10, sigma: 3, angle: 45 } as const;
/** A sum of weights that should be a whole level may fall this much short of it. */
const ROUNDING = 1e-9;

/**
 * Pixels trade places with others at most one pixel up and left, twice over, between two blurs. The published generator tells
 * scikit-image 0.14 that its grey picture has colour channels; its columns are then taken for them, and the blur is one down the
 * columns alone. So it is here.
 */
export const glassBlur: Corruption = {
  summary: `pixels shuffled by up to ${GLASS.reach}, ${GLASS.iterations} times, between two Gaussians of ${GLASS.sigma} pixels`,
  corrupt(digit, random) {
    const { sigma, reach, iterations } = GLASS;
    const levels = smoothDown(digit, sigma, 'nearest').map((value) => Math.floor(value * 255));
    const drawn = () => random.integer(2 * reach) - reach;
    for (let iteration = 0; iteration < iterations; iteration++) {
      for (let row = INPUT_SIDE - reach; row > reach; row--) {
        for (let column = INPUT_SIDE - reach; column > reach; column--) {
          if (random.integer(2) === 1) continue;
          const [right, down] = [drawn(), drawn()];
          const here = row * INPUT_SIDE + column;
          const there = here + down * INPUT_SIDE + right;
          [levels[here], levels[there]] = [levels[there]!, levels[here]!];
        }
      }
    }
    return smoothDown(
      levels.map((level) => level / 255),
      sigma,
      'nearest',
    );
  },
};

/**
 * One-sided blur along a line, ImageMagick's `MotionBlurImage`: half a Gaussian whose taps lie at whole pixels, its result cut off
 * to 8 bits and not rounded.
 */
export const motionBlur: Corruption = {
  summary: `motion of ${MOTION.radius} pixels, sigma ${MOTION.sigma}, at -${MOTION.angle} to ${MOTION.angle} degrees`,
  corrupt(digit, random) {
    const { radius, sigma, angle } = MOTION;
    const direction = ((angle * (2 * random.next() - 1)) / 180) * Math.PI;
    const taps = Array.from({ length: 2 * radius + 1 }, (_, step) => ({
      weight: Math.exp((-step * step) / (2 * sigma * sigma)),
      right: Math.ceil(step * Math.cos(direction) - 0.5),
      down: Math.ceil(step * Math.sin(direction) - 0.5),
    }));
    const sum = taps.reduce((total, { weight }) => total + weight, 0);
    const inside = (place: number) => Math.min(INPUT_SIDE - 1, Math.max(0, place));
    const blurred = new Float64Array(INPUT_LENGTH);
    for (let row = 0; row < INPUT_SIDE; row++) {
      for (let column = 0; column < INPUT_SIDE; column++) {
        let value = 0;
        for (const { weight, right, down } of taps) {
          value += weight * digit[inside(row + down) * INPUT_SIDE + inside(column + right)]!;
        }
        blurred[row * INPUT_SIDE + column] = Math.floor((value / sum) * 255 + ROUNDING) / 255;
      }
    }
    return blurred;
  },
};
