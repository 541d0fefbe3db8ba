import type { Plane } from './image.js';

/** Which extreme a window keeps. */
export type Extreme = 'max' | 'min';

/**
 * The extreme over a square window of `2 * radius + 1` pixels, cut off at the edges of the plane; for each side
 * by van Herk's method: three comparisons a pixel, whatever the radius.
 */
export function slidingExtreme<P extends Plane>(plane: P, radius: number, extreme: Extreme): P {
  const { width, height } = plane;
  const data = plane.data.slice() as P['data'];
  const across = makeLine(width, radius, extreme);
  for (let y = 0; y < height; y++) across(data, y * width, 1);
  const down = makeLine(height, radius, extreme);
  for (let x = 0; x < width; x++) down(data, x, width);
  return { ...plane, data };
}

/** Replaces one row or column: the values at `start`, `start + step`, ... */
type Line = (data: Uint8Array | Float32Array, start: number, step: number) => void;

/** A function for lines of one length; its scratch arrays are made once. */
function makeLine(length: number, radius: number, extreme: Extreme): Line {
  const span = 2 * radius + 1;
  const padded = Math.ceil((length + 2 * radius) / span) * span;
  // Values from 0 to 255: what lies outside must never win. Minima are maxima of the negated values.
  const outside = -256;
  const sign = extreme === 'max' ? 1 : -1;
  const values = new Float32Array(padded).fill(outside);
  const forward = new Float32Array(padded);
  const backward = new Float32Array(padded);
  return (data, start, step) => {
    for (let index = 0; index < length; index++) values[radius + index] = sign * data[start + index * step]!;
    for (let block = 0; block < padded; block += span) {
      let highest = outside;
      for (let index = block; index < block + span; index++) {
        const value = values[index]!;
        if (value > highest) highest = value;
        forward[index] = highest;
      }
      highest = outside;
      for (let index = block + span - 1; index >= block; index--) {
        const value = values[index]!;
        if (value > highest) highest = value;
        backward[index] = highest;
      }
    }
    for (let index = 0; index < length; index++) {
      const before = backward[index]!;
      const after = forward[index + span - 1]!;
      data[start + index * step] = sign * Math.max(before, after);
    }
  };
}
