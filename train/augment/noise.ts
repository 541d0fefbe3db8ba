import { INPUT_LENGTH } from '../../core/image.js';
import type { RandomStream } from '../random.js';

/** Makes up to `largestShare` of the pixels white or black, each kind as often as is drawn. */
export function addSpecks(image: Float32Array, random: RandomStream, largestShare: number): void {
  const share = largestShare * random.next();
  // Beyond both ends: as often salt alone and pepper alone as a mixture.
  const blackShare = share * Math.min(1, Math.max(0, 3 * random.next() - 1));
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
    const drawn = random.next();
    if (drawn < share) image[pixel] = drawn < blackShare ? 1 : 0;
  }
}

/**
 * Adds normal noise with a standard deviation of up to `largestDeviation`. A part of it, which is drawn, grows with the root of what
 * is there, as the noise of counted light does.
 */
export function addNoise(image: Float32Array, random: RandomStream, largestDeviation: number): void {
  const deviation = largestDeviation * random.next();
  const countedShare = random.next();
  for (let pixel = 0; pixel < INPUT_LENGTH; pixel++) {
    const value = image[pixel]!;
    const size = deviation * (1 - countedShare + countedShare * Math.sqrt(value));
    image[pixel] = Math.min(1, Math.max(0, value + size * random.normal()));
  }
}
