import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../../core/image.js';
import type { LabelledImages } from '../../dataset/mnist.js';
import type { RandomStream } from '../../random.js';
import { oneOf, onPaper } from './page.js';

interface Digit {
  ink: Uint8Array;
  /** Columns from the first with ink to after the last. */
  first: number;
  end: number;
}

function anyDigit(random: RandomStream, { images, count }: LabelledImages): Digit {
  const start = random.integer(count) * INPUT_LENGTH;
  const ink = images.subarray(start, start + INPUT_LENGTH);
  const columns = [...ink.keys()].filter((pixel) => ink[pixel]! > 0).map((pixel) => pixel % INPUT_SIDE);
  const first = columns.reduce((least, column) => Math.min(least, column), INPUT_SIDE - 1);
  return { ink, first, end: 1 + columns.reduce((most, column) => Math.max(most, column), first) };
}

/** The margin around two digits, pixels of MNIST. */
const MARGIN = 4;

/** Two of the digits side by side in one picture, from 2 pixels of MNIST into one another to 6 apart, 1 to 6 times as large. */
export function drawTwoDigits(random: RandomStream, digits: LabelledImages): RgbaImage {
  const [left, right] = [anyDigit(random, digits), anyDigit(random, digits)];
  const begin = MARGIN + left.end - left.first - 2 + random.integer(9);
  const [width, height] = [begin + right.end - right.first + MARGIN, INPUT_SIDE + 2 * MARGIN];
  const lower = random.integer(5) - 2;
  const inkAt = ({ ink, first, end }: Digit, x: number, y: number) =>
    x >= 0 && x < end - first && y >= 0 && y < INPUT_SIDE ? ink[y * INPUT_SIDE + first + x]! / 255 : 0;
  const scale = oneOf(random, [1, 3, 6]);
  const at = (x: number, y: number) =>
    Math.max(inkAt(left, x - MARGIN, y - MARGIN), inkAt(right, x - begin, y - MARGIN - lower));
  // Between pixels of MNIST in straight lines, or large digits would be made of squares.
  const between = (x: number, y: number) => {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [x - column, y - row];
    const mix = (line: number) => (1 - u) * at(column, line) + u * at(column + 1, line);
    return (1 - v) * mix(row) + v * mix(row + 1);
  };
  const data = Float32Array.from({ length: width * height * scale * scale }, (_, pixel) =>
    between((pixel % (width * scale)) / scale, Math.floor(pixel / (width * scale)) / scale),
  );
  return onPaper(random, { width: width * scale, height: height * scale, data });
}
