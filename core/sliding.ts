import type { Plane } from './image.js';
import { transposed } from './transpose.js';

/** Which extreme a window keeps. */
type Extreme = 'max' | 'min';

/** The largest value over a square window of `2 * radius + 1` pixels, cut off at the edges of the plane. */
export function dilated(plane: Plane<Float32Array>, radius: number): Plane<Float32Array> {
  return transposed(slideRows(transposed(slideRows(plane, radius, 'max')), radius, 'max'));
}

/**
 * Morphological closing by a square of `2 * radius + 1` pixels: dark strokes narrower than the square are bridged,
 * light and shadow wider than it stay as they are, sharp edges included.
 */
export function closed(plane: Plane<Float32Array>, radius: number): Plane<Float32Array> {
  const acrossFirst = transposed(slideRows(plane, radius, 'max'));
  const bothWays = slideRows(slideRows(acrossFirst, radius, 'max'), radius, 'min');
  return slideRows(transposed(bothWays), radius, 'min');
}

/** The extreme along each row, by van Herk's method: three comparisons a pixel, whatever the radius. */
function slideRows({ width, height, data }: Plane<Float32Array>, radius: number, extreme: Extreme) {
  const span = 2 * radius + 1;
  const padded = Math.ceil((width + 2 * radius) / span) * span;
  // What lies outside must never win. Minima are maxima of the negated values.
  const outside = Number.NEGATIVE_INFINITY;
  const sign = extreme === 'max' ? 1 : -1;
  const values = new Float32Array(padded).fill(outside);
  const forward = new Float32Array(padded);
  const result = new Float32Array(data.length);
  for (let row = 0; row < height * width; row += width) {
    for (let x = 0; x < width; x++) values[radius + x] = sign * data[row + x]!;
    // The highest from each block's start on, then, backwards, up to each block's end: a window is the two.
    for (let block = 0; block < padded; block += span) {
      let highest = outside;
      for (let index = block; index < block + span; index++) {
        const value = values[index]!;
        if (value > highest) highest = value;
        forward[index] = highest;
      }
    }
    let highest = outside;
    let left = 1;
    for (let index = padded - 1; index >= 0; index--) {
      if (--left === 0) {
        highest = outside;
        left = span;
      }
      const value = values[index]!;
      if (value > highest) highest = value;
      if (index >= width) continue;
      const after = forward[index + span - 1]!;
      result[row + index] = sign * Math.max(after, highest);
    }
  }
  return { width, height, data: result };
}
