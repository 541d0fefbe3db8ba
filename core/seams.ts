import type { Plane } from './image.js';

/** A cut from the top of a plane to its bottom that crosses as little ink as it can. */
export interface Seam {
  /** `[height]`: in each row, what lies before this column is on the left of the cut. */
  columns: Int32Array;
  /** The ink on its way, pixels: a stroke that is crossed counts as its width. */
  ink: number;
}

/** What a step aside costs, pixels of ink: on white paper the straight way is the shortest. */
const SIDEWAYS = 0.02;

/**
 * For each column the cheapest way from the top to the bottom that crosses the middle row there, moving at most one
 * column a row. Ways may join and never cross one another: all follow the same cheapest steps.
 */
export function findSeams(ink: Plane<Float32Array>): Seam[] {
  const { width, height } = ink;
  const middle = Math.floor(height / 2);
  const fromTop = cheapestWays(ink, 0, middle);
  const fromBottom = cheapestWays(ink, height - 1, middle);
  return Array.from({ length: width }, (_, column) => {
    const columns = new Int32Array(height);
    const above = follow(fromTop, columns, column, middle, -1);
    const below = follow(fromBottom, columns, column, middle, 1);
    return { columns, ink: above + below - ink.data[middle * width + column]! };
  });
}

interface Ways {
  /** `[height, width]`, for the rows between edge and middle: the step aside towards the edge, -1 to 1. */
  steps: Int8Array;
  ink: Plane<Float32Array>;
}

/** The cheapest ways from the row `edge` to every pixel up to the row `middle`. */
function cheapestWays(ink: Plane<Float32Array>, edge: number, middle: number): Ways {
  const { width, height, data } = ink;
  const steps = new Int8Array(width * height);
  const down = edge <= middle ? 1 : -1;
  let before = data.slice(edge * width, (edge + 1) * width);
  for (let y = edge; y !== middle; ) {
    y += down;
    const here = new Float32Array(width);
    for (let x = 0; x < width; x++) {
      let cheapest = before[x]!;
      let step = 0;
      if (x > 0 && before[x - 1]! + SIDEWAYS < cheapest) {
        cheapest = before[x - 1]! + SIDEWAYS;
        step = -1;
      }
      if (x + 1 < width && before[x + 1]! + SIDEWAYS < cheapest) {
        cheapest = before[x + 1]! + SIDEWAYS;
        step = 1;
      }
      here[x] = cheapest + data[y * width + x]!;
      steps[y * width + x] = step;
    }
    before = here;
  }
  return { steps, ink };
}

/** Writes the way from the middle row towards an edge and sums the ink on it, both ends included. */
function follow({ steps, ink }: Ways, columns: Int32Array, column: number, middle: number, towards: -1 | 1) {
  const { width, height, data } = ink;
  let x = column;
  let sum = 0;
  for (let y = middle; y >= 0 && y < height; y += towards) {
    columns[y] = x;
    sum += data[y * width + x]!;
    x += steps[y * width + x]!;
  }
  return sum;
}

/**
 * The cheapest cuts, left to right, at least `spacing` columns apart in the middle row, until no more find room; none so near to the left or
 * right end.
 */
export function chooseSeams(seams: readonly Seam[], spacing: number): Seam[] {
  const cheapestFirst = seams
    .map((seam, column) => ({ seam, column }))
    .filter(({ column }) => column >= spacing && column <= seams.length - spacing)
    .sort((a, b) => a.seam.ink - b.seam.ink || a.column - b.column);
  const chosen: typeof cheapestFirst = [];
  for (const candidate of cheapestFirst) {
    if (chosen.every(({ column }) => Math.abs(column - candidate.column) >= spacing)) chosen.push(candidate);
  }
  return chosen.sort((a, b) => a.column - b.column).map(({ seam }) => seam);
}
