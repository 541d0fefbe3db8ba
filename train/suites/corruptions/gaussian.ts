import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';

/** What lies outside of the picture: its outermost pixel again, or 0. */
export type Edge = 'nearest' | 'zero';

/** Where scipy cuts the Gaussian off, standard deviations. */
const TRUNCATE = 4;

/** Half of a Gaussian, its middle first, so that both halves sum to 1. */
function weightsOf(sigma: number): number[] {
  const radius = Math.floor(TRUNCATE * sigma + 0.5);
  const half = Array.from({ length: radius + 1 }, (_, distance) =>
    Math.exp((-0.5 / (sigma * sigma)) * distance * distance),
  );
  const sum = half.reduce((total, weight) => total + 2 * weight, -half[0]!);
  return half.map((weight) => weight / sum);
}

/** The picture smoothed along lines of pixels `step` apart, one at every `across`. */
function smoothLines(
  image: Float64Array,
  weights: readonly number[],
  edge: Edge,
  [step, across]: readonly [number, number],
): Float64Array {
  const smooth = new Float64Array(INPUT_LENGTH);
  const last = INPUT_SIDE - 1;
  for (let line = 0; line < INPUT_SIDE; line++) {
    const valueAt = (place: number): number => {
      if (edge === 'zero' && (place < 0 || place > last)) return 0;
      return image[line * across + Math.min(last, Math.max(0, place)) * step]!;
    };
    for (let place = 0; place < INPUT_SIDE; place++) {
      let sum = weights[0]! * valueAt(place);
      // From the outermost weight inwards, as scipy adds them: canny_edges compares sums that may be equal.
      for (let distance = weights.length - 1; distance > 0; distance--) {
        sum += weights[distance]! * (valueAt(place - distance) + valueAt(place + distance));
      }
      smooth[line * across + place * step] = sum;
    }
  }
  return smooth;
}

/** Down the columns alone; scipy.ndimage's `gaussian_filter` with a sigma of `[sigma, 0]`. */
export const smoothDown = (image: Float64Array, sigma: number, edge: Edge): Float64Array =>
  smoothLines(image, weightsOf(sigma), edge, [INPUT_SIDE, 1]);

/**
 * scipy.ndimage's `gaussian_filter`, which scikit-image's `gaussian` calls with the nearest edge.
 * @param image `[28, 28]`
 * @param sigma pixels
 */
export const smooth = (image: Float64Array, sigma: number, edge: Edge): Float64Array =>
  smoothLines(smoothDown(image, sigma, edge), weightsOf(sigma), edge, [1, INPUT_SIDE]);
