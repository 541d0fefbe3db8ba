import { type Box, INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { between, type RandomStream } from '../random.js';

/** The paper's smallest share of the image, and its flattest rectangle: height over width. */
export const SMALLEST_SHARE = 0.02;
const FLATTEST = 0.3;

/** Rectangles drawn until one fits; the paper draws for ever. */
const ATTEMPTS = 10;

/**
 * Draws the rectangle to erase as Zhong et al. (2017), "Random erasing data augmentation", do: an area, a height over width of 0.3
 * to 1 / 0.3, a place.
 * @param largestShare of the image, 0.02 to 1
 * @returns null where none of ten fits.
 */
export function drawRectangle(random: RandomStream, largestShare: number): Box | null {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = INPUT_LENGTH * between(random, SMALLEST_SHARE, largestShare);
    const aspect = between(random, FLATTEST, 1 / FLATTEST);
    const height = Math.round(Math.sqrt(area * aspect));
    const width = Math.round(Math.sqrt(area / aspect));
    if (height > INPUT_SIDE || width > INPUT_SIDE) continue;
    const top = random.integer(INPUT_SIDE - height + 1);
    const left = random.integer(INPUT_SIDE - width + 1);
    return { left, top, width, height };
  }
  return null;
}

/** Makes a rectangle of the image background, the paper's RE-0. */
export function erase(image: Float32Array, { left, top, width, height }: Box): void {
  for (let row = top; row < top + height; row++) {
    image.fill(0, row * INPUT_SIDE + left, row * INPUT_SIDE + left + width);
  }
}
