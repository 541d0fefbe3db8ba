import { INPUT_LENGTH, INPUT_SIDE, type Plane } from './image.js';
import { transposed } from './transpose.js';

/** The longer side of a fitted digit, pixels: the original MNIST procedure. */
export const FIT_SIDE = 20;
/** Of all 70,000 images of MNIST, measured: the longer side of the ink is of 18 to 20 pixels... */
export const LEAST_SIDE = 18;
/** ...and the centre of mass within 0.52 pixels of this one, across and down. */
export const CENTRE = INPUT_SIDE / 2;

/**
 * Scales the ink so that its longer side is 20 pixels, by exact area averages, the aspect kept. Ink that is of
 * MNIST's own size already stays as it is: scaling 19 pixels to 20 would only blur them.
 * @returns a plane of at most 20x20, values 0 to 1.
 */
export function fit(ink: Plane<Float32Array>): Plane<Float32Array> {
  const longer = Math.max(ink.width, ink.height);
  if (longer >= LEAST_SIDE && longer <= FIT_SIDE) return ink;
  const cell = longer / FIT_SIDE;
  const across = averageRows(ink, cell);
  return transposed(averageRows(transposed(across), cell));
}

/** Averages each row over cells of `cell` pixels, whole or not; the last cell may reach beyond the row, into zeros. */
function averageRows({ width, height, data }: Plane<Float32Array>, cell: number): Plane<Float32Array> {
  // The small allowance keeps a division's last bit from adding an empty cell.
  const columns = Math.max(1, Math.ceil(width / cell - 1e-9));
  const averaged = new Float32Array(columns * height);
  for (let column = 0; column < columns; column++) {
    const from = column * cell;
    const to = Math.min(from + cell, width);
    for (let y = 0; y < height; y++) {
      let sum = 0;
      for (let x = Math.floor(from); x < to; x++) {
        sum += data[y * width + x]! * (Math.min(x + 1, to) - Math.max(x, from));
      }
      averaged[y * columns + column] = sum / cell;
    }
  }
  return { width: columns, height, data: averaged };
}

/** Below this, the strongest value is raised to 1: averaging has thinned the strokes. */
export const BRIGHT = 0.98;

/** Raises faint ink so that its strongest value is 1. */
export function brighten(ink: Plane<Float32Array>): Plane<Float32Array> {
  const strongest = ink.data.reduce((most, value) => Math.max(most, value), 0);
  if (strongest >= BRIGHT || strongest === 0) return ink;
  return { ...ink, data: ink.data.map((value) => value / strongest) };
}

/** Puts the centre of mass on pixel (14, 14) of the 28x28 input, by whole pixels, cutting nothing off. */
export function centre(ink: Plane<Float32Array>): Float32Array {
  const { width, height, data } = ink;
  let [mass, momentX, momentY] = [0, 0, 0];
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      const value = data[index]!;
      mass += value;
      momentX += value * x;
      momentY += value * y;
    }
  }
  const left = offset(momentX / mass, width);
  const top = offset(momentY / mass, height);
  const input = new Float32Array(INPUT_LENGTH);
  for (let y = 0; y < height; y++) {
    input.set(data.subarray(y * width, (y + 1) * width), (top + y) * INPUT_SIDE + left);
  }
  return input;
}

/** The first pixel of a line of `length` whose centre of mass, `centreOfMass` pixels in, goes to pixel 14. */
function offset(centreOfMass: number, length: number): number {
  const nearest = Math.floor(CENTRE - centreOfMass + 0.5);
  return Math.min(Math.max(nearest, 0), INPUT_SIDE - length);
}
