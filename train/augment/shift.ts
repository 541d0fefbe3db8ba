import { INPUT_SIDE } from '../../core/image.js';
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
 * @param scratch as long as the image; what it holds is lost.
 */
export function shiftImage(image: Float32Array, { down, right }: Shift, scratch: Float32Array): void {
  if (down === 0 && right === 0) return;
  scratch.set(image);
  image.fill(0);
  const width = INPUT_SIDE - Math.abs(right);
  for (let row = Math.max(0, down); row < Math.min(INPUT_SIDE, INPUT_SIDE + down); row++) {
    const from = (row - down) * INPUT_SIDE + Math.max(0, -right);
    image.set(scratch.subarray(from, from + width), row * INPUT_SIDE + Math.max(0, right));
  }
}
