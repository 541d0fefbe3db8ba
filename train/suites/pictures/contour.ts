import { INPUT_LENGTH, INPUT_SIDE, type Plane } from '../../../core/image.js';
import type { LabelledImages } from '../../dataset/mnist.js';

/** A test digit. */
export interface Digit {
  /** `[28, 28]`, ink 1.0 on 0.0. */
  ink: Float64Array;
  /** The middle of the ink's box, `[column, row]`; the pixels are centred on whole numbers. */
  centre: readonly [number, number];
  /** 0 to 9 */
  label: number;
}

/** Steps from one sample's digit to the next one's; a prime, so that samples are spread over the whole set. */
const STRIDE = 7919;

/** Place of the digit of sample `index`. */
export const placeOf = (index: number, count: number): number => (index * STRIDE) % count;

/** The digit at a place of the set. */
export function digitAt({ images, labels }: LabelledImages, place: number): Digit {
  const bytes = images.subarray(place * INPUT_LENGTH, (place + 1) * INPUT_LENGTH);
  const inked = Array.from(bytes.keys()).filter((pixel) => bytes[pixel]! > 0);
  const columns = inked.map((pixel) => pixel % INPUT_SIDE);
  const rows = inked.map((pixel) => Math.floor(pixel / INPUT_SIDE));
  return {
    ink: Float64Array.from(bytes, (byte) => byte / 255),
    centre: [middleOf(columns), middleOf(rows)],
    label: labels[place]!,
  };
}

const middleOf = (places: readonly number[]): number => (Math.min(...places) + Math.max(...places)) / 2;

/** Takes a place `(x, y)` of the picture to one `[column, row]` of the digit. */
export type Inverse = (x: number, y: number) => readonly [number, number];

/** The longer side of a digit's box, in its own pixels. */
export const DIGIT_SIDE = 20;

/** The value of smoothed ink that the outline follows; at half, the finest hairlines would break. */
const OUTLINE = 0.45;
/** How fast smoothed ink falls off across an outline, per pixel of the digit. */
const STEEPNESS = 0.6;

/** Sets the weights of the four pixels about a place `share` of the way from the second to the third: a uniform cubic B-spline. */
function spline(share: number, weights: Float64Array): void {
  const left = 1 - share;
  weights[0] = (left * left * left) / 6;
  weights[1] = (4 - 6 * share * share + 3 * share * share * share) / 6;
  weights[2] = (4 - 6 * left * left + 3 * left * left * left) / 6;
  weights[3] = (share * share * share) / 6;
}

/** Places of the 4x4 pixels that the spline reads, their first column and row from -3 to 27. */
const WINDOWS = INPUT_SIDE + 3;

/**
 * Gives ink between the pixels of a digit. The spline smooths the steps of their grid away, where one through their values would
 * show them.
 */
function inkBetween(ink: Float64Array): (x: number, y: number) => number {
  const across = new Float64Array(4).fill(1);
  const down = new Float64Array(4).fill(1);
  const sumOf = (left: number, top: number): number => {
    let sum = 0;
    for (let row = Math.max(0, -top); row < Math.min(4, INPUT_SIDE - top); row++) {
      for (let column = Math.max(0, -left); column < Math.min(4, INPUT_SIDE - left); column++) {
        sum += down[row]! * across[column]! * ink[(top + row) * INPUT_SIDE + left + column]!;
      }
    }
    return sum;
  };
  const isInked = Array.from(
    { length: WINDOWS * WINDOWS },
    (_, place) => sumOf((place % WINDOWS) - 3, Math.floor(place / WINDOWS) - 3) > 0,
  );
  return (x, y) => {
    const left = Math.floor(x) - 1;
    const top = Math.floor(y) - 1;
    if (left < -3 || top < -3 || left >= INPUT_SIDE || top >= INPUT_SIDE) return 0;
    if (!isInked[(top + 3) * WINDOWS + left + 3]) return 0;
    spline(x - left - 1, across);
    spline(y - top - 1, down);
    return sumOf(left, top);
  };
}

export interface Size {
  width: number;
  height: number;
}

/**
 * The digit as if it had been written at the picture's size: its outline is smooth, its edge a pixel soft.
 * @param scale pixels of the picture in one of the digit's
 * @returns share of each pixel that is ink, 0 to 1
 */
export function contour(
  { ink }: Digit,
  { width, height }: Size,
  inverse: Inverse,
  scale: number,
): Plane<Float32Array> {
  const data = new Float32Array(width * height);
  const slope = Math.max(1, scale / STEEPNESS);
  const inkAt = inkBetween(ink);
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const [column, row] = inverse(x, y);
      const covered = 0.5 + (inkAt(column, row) - OUTLINE) * slope;
      data[pixel] = Math.min(1, Math.max(0, covered));
    }
  }
  return { width, height, data };
}
