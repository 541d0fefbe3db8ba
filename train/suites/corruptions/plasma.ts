import type { RandomStream } from '../../random.js';

/** Side of the map; a power of two, so that its last bits are a place on the torus. */
const SIDE = 256;
const ROUND = SIDE - 1;
const FIRST_WIBBLE = 100;

/**
 * A height map by the diamond-square algorithm on a torus, 0 to 1: every middle is the mean of its four corners and a random number
 * of up to the square of what "wibble" has come down to. So the published generator has it, square included.
 * @param decay what the wibble is divided by as the squares halve
 * @returns `[256, 256]`
 */
export function plasma(decay: number, random: RandomStream): { side: number; heights: Float64Array } {
  const heights = new Float64Array(SIDE * SIDE);
  const at = (row: number, column: number): number => heights[(row & ROUND) * SIDE + (column & ROUND)]!;
  let wibble = FIRST_WIBBLE;
  const wibbled = (sum: number): number => sum / 4 + wibble * wibble * (2 * random.next() - 1);
  for (let step = SIDE; step >= 2; step /= 2) {
    const half = step / 2;
    /** Every place of a grid `step` apart from the mean of four others. */
    const fill = (top: number, left: number, sumAt: (row: number, column: number) => number) => {
      for (let row = top; row < SIDE; row += step) {
        for (let column = left; column < SIDE; column += step) {
          heights[row * SIDE + column] = wibbled(sumAt(row, column));
        }
      }
    };
    fill(
      half,
      half,
      (row, column) =>
        at(row - half, column - half) +
        at(row + half, column - half) +
        at(row - half, column + half) +
        at(row + half, column + half),
    );
    const cross = (row: number, column: number): number =>
      at(row, column - half) + at(row, column + half) + at(row - half, column) + at(row + half, column);
    fill(0, half, cross);
    fill(half, 0, cross);
    wibble /= decay;
  }
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const height of heights) {
    if (height < lowest) lowest = height;
    if (height > highest) highest = height;
  }
  return { side: SIDE, heights: heights.map((height) => (height - lowest) / (highest - lowest)) };
}
