import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { RandomStream } from '../random.js';

/**
 * Moves each picture of a batch by whole pixels, up to `pixels` either way, in place; what moves out is lost, what
 * comes in is background.
 * @param images `[batch, 28, 28, 1]`
 */
export function shiftBatch(images: Float32Array, pixels: number, random: RandomStream): void {
  const scratch = new Float32Array(INPUT_LENGTH);
  const span = 2 * pixels + 1;
  for (let start = 0; start < images.length; start += INPUT_LENGTH) {
    const down = random.integer(span) - pixels;
    const right = random.integer(span) - pixels;
    if (down === 0 && right === 0) continue;
    const image = images.subarray(start, start + INPUT_LENGTH);
    scratch.set(image);
    image.fill(0);
    const width = INPUT_SIDE - Math.abs(right);
    for (let row = Math.max(0, down); row < Math.min(INPUT_SIDE, INPUT_SIDE + down); row++) {
      const from = (row - down) * INPUT_SIDE + Math.max(0, -right);
      image.set(scratch.subarray(from, from + width), row * INPUT_SIDE + Math.max(0, right));
    }
  }
}
