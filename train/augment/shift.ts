import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { RandomStream } from '../random.js';

/** A movement by whole pixels. */
export interface Shift {
  down: number;
  right: number;
}

/** Draws a movement of up to `pixels` either way. */
export function drawShift(random: RandomStream, pixels: number): Shift {
  const span = 2 * pixels + 1;
  const down = random.integer(span) - pixels;
  const right = random.integer(span) - pixels;
  return { down, right };
}

/**
 * Moves an image in place; what moves out is lost, what comes in is background.
 * @param image `[28, 28]`
 */
export function shiftImage(image: Float32Array, { down, right }: Shift): void {
  // All pixels move by as many places; those that leave a row on one side come into the next on the other, and are cleared.
  const places = down * INPUT_SIDE + right;
  if (places === 0) return;
  image.copyWithin(Math.max(0, places), Math.max(0, -places), INPUT_LENGTH - Math.max(0, places));
  if (places > 0) image.fill(0, 0, places);
  else image.fill(0, INPUT_LENGTH + places);
  const first = right > 0 ? 0 : INPUT_SIDE + right;
  const end = right > 0 ? right : INPUT_SIDE;
  for (let row = 0; row < INPUT_LENGTH; row += INPUT_SIDE) {
    for (let column = first; column < end; column++) image[row + column] = 0;
  }
}
