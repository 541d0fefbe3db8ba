import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from './image.js';
import { findInk } from './ink.js';
import { luma } from './luma.js';
import { findPaper, type Polarity } from './paper.js';

/** What stands in a picture of the model's own size, where it stands. */
export interface InPlace {
  /** `[1, 28, 28]`, ink 1.0 on 0.0. */
  input: Float32Array;
  polarity: Polarity;
  /** The density of the strongest marks, 0 to 1, before they were stretched. */
  peak: number;
}

/** The longer side of a digit that needs no fitting, pixels: MNIST's have 18 to 20, the default model's training varied them by a fifth. */
export const LEAST_SIDE_IN_PLACE = 15;
/** How far, across or down, the middle of such a digit may be from pixel (14, 14): that training moved them by 1, and deformed them. */
export const FURTHEST = 2.5;
const MIDDLE = INPUT_SIDE / 2;

/**
 * Reads a picture of 28x28 as it lies: its pixels are the model's, and cutting marks out at that size would cost more than it brings.
 * Only ink and paper are turned as the model has them, and light that is not even is divided out. An MNIST image is `value / 255`.
 * @returns null for a picture of another size, one with transparent pixels, and where a digit stands on even paper so small or so
 * far from the middle that it must be fitted.
 */
export function readInPlace(image: RgbaImage): InPlace | null {
  if (image.width !== INPUT_SIDE || image.height !== INPUT_SIDE) return null;
  const plane = luma(image, 255);
  if (plane.translucent) return null;
  const paper = findPaper(plane);
  const ink = findInk(paper);
  // On even paper whatever differs from it may be ink: what is grain is for the model to tell.
  const floor = paper.even ? 0 : ink.floor;
  const input = new Float32Array(INPUT_LENGTH);
  for (let index = 0; index < INPUT_LENGTH; index++) {
    const above = ink.density.data[index]! - floor;
    if (above > 0) input[index] = Math.min(1, above / (ink.full - floor));
  }
  return !paper.even || standsInPlace(input) ? { input, polarity: paper.polarity, peak: ink.peak } : null;
}

/** Whether the ink is large enough, and its centre of mass or the middle of its box is near that of the picture. */
function standsInPlace(input: Float32Array): boolean {
  let [left, right, top, bottom] = [INPUT_SIDE, -1, INPUT_SIDE, -1];
  let [mass, momentX, momentY] = [0, 0, 0];
  for (let y = 0, index = 0; y < INPUT_SIDE; y++) {
    for (let x = 0; x < INPUT_SIDE; x++, index++) {
      const value = input[index]!;
      mass += value;
      momentX += value * x;
      momentY += value * y;
      if (value === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  const isNear = (x: number, y: number) => Math.max(Math.abs(x - MIDDLE), Math.abs(y - MIDDLE)) <= FURTHEST;
  const isCentred = isNear(momentX / mass, momentY / mass) || isNear((left + right) / 2, (top + bottom) / 2);
  return isCentred && Math.max(right - left, bottom - top) + 1 >= LEAST_SIDE_IN_PLACE;
}
