import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { Affine } from './affine.js';

/** How much further right and down than its own place each pixel is taken from, pixels: `[28, 28]` each. */
export interface Displacement {
  right: Float32Array;
  down: Float32Array;
}

/** Two rows and columns of background about the image: every neighbour of a place that is not all background. */
const PADDED_SIDE = INPUT_SIDE + 2;

/**
 * Gives what resamples images in place, bilinearly and once, however many movements are composed: a pixel is first
 * displaced, then taken from where `inverse` says. Outside of the image is background.
 */
export function createWarp(): (
  image: Float32Array,
  inverse: Affine,
  displacement: Displacement | null,
) => void {
  const padded = new Float32Array(PADDED_SIDE * PADDED_SIDE);
  const none = new Float32Array(INPUT_LENGTH);
  const still: Displacement = { right: none, down: none };
  return (image, { xx, xy, x, yx, yy, y }, displacement) => {
    for (let row = 0; row < INPUT_SIDE; row++) {
      const start = row * INPUT_SIDE;
      padded.set(image.subarray(start, start + INPUT_SIDE), (row + 1) * PADDED_SIDE + 1);
    }
    const { right, down } = displacement ?? still;
    let pixel = 0;
    for (let row = 0; row < INPUT_SIDE; row++) {
      for (let column = 0; column < INPUT_SIDE; column++, pixel++) {
        const displacedColumn = column + right[pixel]!;
        const displacedRow = row + down[pixel]!;
        const fromColumn = xx * displacedColumn + xy * displacedRow + x;
        const fromRow = yx * displacedColumn + yy * displacedRow + y;
        if (!(fromColumn > -1 && fromColumn < INPUT_SIDE && fromRow > -1 && fromRow < INPUT_SIDE)) {
          image[pixel] = 0;
          continue;
        }
        const left = Math.floor(fromColumn);
        const top = Math.floor(fromRow);
        const rightShare = fromColumn - left;
        const lowerShare = fromRow - top;
        const corner = (top + 1) * PADDED_SIDE + left + 1;
        const upper = (1 - rightShare) * padded[corner]! + rightShare * padded[corner + 1]!;
        const lower =
          (1 - rightShare) * padded[corner + PADDED_SIDE]! + rightShare * padded[corner + PADDED_SIDE + 1]!;
        image[pixel] = (1 - lowerShare) * upper + lowerShare * lower;
      }
    }
  };
}
