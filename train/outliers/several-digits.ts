import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import type { RandomStream } from '../random.js';
import { asInput } from './canvas.js';
import { wholeBetween } from './draws.js';

/**
 * Two digits or three of the batch, in a row or one below another, from overlapping by 4 pixels to 8 apart, as one picture.
 * @param digits `[count, 28, 28]`, ink 1.0 on 0.0; one or more
 */
export function severalDigits(random: RandomStream, digits: Float32Array): Float32Array | null {
  const isRow = random.next() < 0.8;
  const count = random.next() < 0.75 ? 2 : 3;
  const [width, height] = [isRow ? 4 * INPUT_SIDE : INPUT_SIDE + 8, isRow ? INPUT_SIDE + 8 : 4 * INPUT_SIDE];
  const data = new Float32Array(width * height);
  let begin = 0;
  for (let placed = 0; placed < count; placed++) {
    const digit = digits
      .subarray(INPUT_LENGTH * random.integer(digits.length / INPUT_LENGTH))
      .subarray(0, INPUT_LENGTH);
    const { first, last } = extent(digit, isRow);
    const astray = wholeBetween(random, 0, 8);
    digit.forEach((ink, pixel) => {
      if (ink === 0) return;
      const [column, row] = [pixel % INPUT_SIDE, Math.floor(pixel / INPUT_SIDE)];
      const x = isRow ? begin + column - first : column + astray;
      const y = isRow ? row + astray : begin + row - first;
      const at = y * width + x;
      data[at] = Math.max(data[at]!, ink);
    });
    begin = Math.max(0, begin + last - first + 1 + wholeBetween(random, -4, 8));
  }
  return asInput({ width, height, data });
}

/** The first and last column, or row, with ink. */
function extent(digit: Float32Array, ofColumns: boolean): { first: number; last: number } {
  let [first, last] = [INPUT_SIDE, 0];
  digit.forEach((ink, pixel) => {
    if (ink === 0) return;
    const place = ofColumns ? pixel % INPUT_SIDE : Math.floor(pixel / INPUT_SIDE);
    first = Math.min(first, place);
    last = Math.max(last, place);
  });
  return { first: Math.min(first, last), last };
}
