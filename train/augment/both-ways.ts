import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';

/** A matrix `[28, 28]`; rows `2 n` and `2 n + 1` are 0 but from column `first[n]` to before column `end[n]`. */
export interface Band {
  values: Float64Array;
  first: Uint8Array;
  end: Uint8Array;
}

/** The band of the matrix that has these values. */
export function bandOf(valueAt: (row: number, column: number) => number): Band {
  const values = new Float64Array(INPUT_LENGTH);
  const first = new Uint8Array(INPUT_SIDE / 2).fill(INPUT_SIDE);
  const end = new Uint8Array(INPUT_SIDE / 2);
  for (let row = 0; row < INPUT_SIDE; row++) {
    const pair = row >> 1;
    for (let column = 0; column < INPUT_SIDE; column++) {
      const value = valueAt(row, column);
      values[row * INPUT_SIDE + column] = value;
      if (value === 0) continue;
      first[pair] = Math.min(first[pair]!, column);
      end[pair] = Math.max(end[pair]!, column + 1);
    }
  }
  return { values, first, end };
}

/**
 * Gives what replaces an image by `matrix image matrixᵀ`: the same is done to its columns and to its rows.
 * @param image `[28, 28]`
 */
export function createBothWays(): (image: Float32Array, matrix: Band) => void {
  const between = new Float32Array(INPUT_LENGTH);
  return (image, matrix) => {
    multiplyTransposed(matrix, image, between);
    multiplyTransposed(matrix, between, image);
  };
}

/** `to = (matrix from)ᵀ`; two rows and four columns at a time: what is read once serves several sums. */
function multiplyTransposed({ values, first, end }: Band, from: Float32Array, to: Float32Array): void {
  for (let row = 0; row < INPUT_SIDE; row += 2) {
    const start = first[row >> 1]!;
    const endCell = row * INPUT_SIDE + end[row >> 1]!;
    for (let column = 0; column < INPUT_SIDE; column += 4) {
      let upper0 = 0;
      let upper1 = 0;
      let upper2 = 0;
      let upper3 = 0;
      let lower0 = 0;
      let lower1 = 0;
      let lower2 = 0;
      let lower3 = 0;
      let place = start * INPUT_SIDE + column;
      for (let cell = row * INPUT_SIDE + start; cell < endCell; cell++, place += INPUT_SIDE) {
        const upper = values[cell]!;
        const lower = values[cell + INPUT_SIDE]!;
        const value0 = from[place]!;
        const value1 = from[place + 1]!;
        const value2 = from[place + 2]!;
        const value3 = from[place + 3]!;
        upper0 += upper * value0;
        upper1 += upper * value1;
        upper2 += upper * value2;
        upper3 += upper * value3;
        lower0 += lower * value0;
        lower1 += lower * value1;
        lower2 += lower * value2;
        lower3 += lower * value3;
      }
      const target = column * INPUT_SIDE + row;
      to[target] = upper0;
      to[target + 1] = lower0;
      to[target + INPUT_SIDE] = upper1;
      to[target + INPUT_SIDE + 1] = lower1;
      to[target + 2 * INPUT_SIDE] = upper2;
      to[target + 2 * INPUT_SIDE + 1] = lower2;
      to[target + 3 * INPUT_SIDE] = upper3;
      to[target + 3 * INPUT_SIDE + 1] = lower3;
    }
  }
}
