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

/** The digit of sample `index`. */
export function digitOf({ images, labels, count }: LabelledImages, index: number): Digit {
  const place = (index * STRIDE) % count;
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

/** The value of ink that the outline follows; half would lose the faintest hairlines. */
const OUTLINE = 0.45;
/** How fast ink falls off across an outline, per pixel of the digit. */
const STEEPNESS = 0.6;

/** The Mitchell-Netravali filter (1988), B = C = 1/3: cubic, smooth, two pixels to either side. */
function mitchell(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (7 * x ** 3 - 12 * x ** 2 + 16 / 3) / 6;
  if (x < 2) return ((-7 / 3) * x ** 3 + 12 * x ** 2 - 20 * x + 32 / 3) / 6;
  return 0;
}

/** Ink between the pixels of a digit, by the cubic filter. */
function inkAt(ink: Float64Array, x: number, y: number): number {
  const left = Math.floor(x) - 1;
  const top = Math.floor(y) - 1;
  if (left < -3 || top < -3 || left >= INPUT_SIDE || top >= INPUT_SIDE) return 0;
  let sum = 0;
  for (let row = Math.max(0, top); row < Math.min(INPUT_SIDE, top + 4); row++) {
    const weight = mitchell(y - row);
    for (let column = Math.max(0, left); column < Math.min(INPUT_SIDE, left + 4); column++) {
      sum += weight * mitchell(x - column) * ink[row * INPUT_SIDE + column]!;
    }
  }
  return sum;
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
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const [column, row] = inverse(x, y);
      const covered = 0.5 + (inkAt(ink, column, row) - OUTLINE) * slope;
      data[pixel] = Math.min(1, Math.max(0, covered));
    }
  }
  return { width, height, data };
}
