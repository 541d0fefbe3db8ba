import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import type { Corruption } from './corruption.js';
import { smooth } from './gaussian.js';

const SIGMA = 1;
const LOW = 0.1;
const HIGH = 0.2;

/** The gradient by Sobel's filter, not divided by its weights: `[28, 28]` each. */
function sobel(image: Float64Array): { down: Float64Array; right: Float64Array } {
  const inside = (place: number) => Math.min(INPUT_SIDE - 1, Math.max(0, place));
  const at = (row: number, column: number) => image[inside(row) * INPUT_SIDE + inside(column)]!;
  const down = new Float64Array(INPUT_LENGTH);
  const right = new Float64Array(INPUT_LENGTH);
  for (let row = 0; row < INPUT_SIDE; row++) {
    for (let column = 0; column < INPUT_SIDE; column++) {
      const below = (shift: number) => at(row + 1, column + shift) - at(row - 1, column + shift);
      const beside = (shift: number) => at(row + shift, column + 1) - at(row + shift, column - 1);
      const pixel = row * INPUT_SIDE + column;
      down[pixel] = 2 * below(0) + (below(-1) + below(1));
      right[pixel] = 2 * beside(0) + (beside(-1) + beside(1));
    }
  }
  return { down, right };
}

/** Whether no value along the gradient, one pixel to either side, is above the pixel's own. */
function isRidge(magnitude: Float64Array, pixel: number, down: number, right: number): boolean {
  const isSteep = Math.abs(down) > Math.abs(right);
  const [long, short] = isSteep ? [Math.abs(down), Math.abs(right)] : [Math.abs(right), Math.abs(down)];
  const share = short / long;
  // A gradient of 0 counts as a negative one.
  const step = down > 0 === right > 0 ? 1 : -1;
  const straight = isSteep ? step * INPUT_SIDE : 1;
  const diagonal = step * INPUT_SIDE + 1;
  const value = magnitude[pixel]!;
  return [1, -1].every((side) => {
    const near = magnitude[pixel + side * straight]!;
    const corner = magnitude[pixel + side * diagonal]!;
    return corner * share + near * (1 - share) <= value;
  });
}

/** Keeps the ridges that hang together, corners included, with one of at least `HIGH`. */
function hysteresis(ridges: Float64Array): Float64Array {
  const edges = new Float64Array(INPUT_LENGTH);
  const queue = Array.from(ridges.keys()).filter((pixel) => ridges[pixel]! >= HIGH);
  for (const pixel of queue) edges[pixel] = 1;
  for (const pixel of queue) {
    // Ridges lie at least a pixel off the edge, so that all their neighbours exist.
    for (const row of [-INPUT_SIDE, 0, INPUT_SIDE]) {
      for (const near of [pixel + row - 1, pixel + row, pixel + row + 1]) {
        if (ridges[near]! < LOW || edges[near] === 1) continue;
        edges[near] = 1;
        queue.push(near);
      }
    }
  }
  return edges;
}

/** scikit-image's `canny` with its defaults: edges one pixel wide, white on black. */
export const cannyEdges: Corruption = {
  summary: `edges by Canny's method, sigma ${SIGMA}, thresholds ${LOW} and ${HIGH}`,
  corrupt(digit) {
    const paper = smooth(new Float64Array(INPUT_LENGTH).fill(1), SIGMA, 'zero');
    const smoothed = smooth(digit, SIGMA, 'zero').map(
      (value, pixel) => value / (paper[pixel]! + Number.EPSILON),
    );
    const { down, right } = sobel(smoothed);
    const magnitude = down.map((value, pixel) => Math.sqrt(value * value + right[pixel]! * right[pixel]!));
    const ridges = new Float64Array(INPUT_LENGTH);
    for (let row = 1; row < INPUT_SIDE - 1; row++) {
      for (let column = 1; column < INPUT_SIDE - 1; column++) {
        const pixel = row * INPUT_SIDE + column;
        if (magnitude[pixel]! < LOW || !isRidge(magnitude, pixel, down[pixel]!, right[pixel]!)) continue;
        ridges[pixel] = magnitude[pixel]!;
      }
    }
    return hysteresis(ridges);
  },
};
