import { type Matrix, matrix } from '../separable.js';

/**
 * Where the polynomials of a tile are multiplied, infinity besides; the first few of them where few are needed. Points whose
 * product is -1 keep rounding errors small (Barabasz and others 2018): measured, 1e-6 of the result's size with five of them,
 * 3e-6 with seven.
 */
const FINITE_POINTS = [0, 1, -1, 2, -1 / 2, 1 / 2, -2];

/** Eight, the best found among 15,504 sets of small fractions: 1.1e-5 of the result's size. */
const EIGHT_POINTS = [0, 1, -1, -2, -3 / 4, 2 / 3, 1 / 3, 3];

const finitePoints = (count: number): readonly number[] =>
  count === EIGHT_POINTS.length ? EIGHT_POINTS : FINITE_POINTS.slice(0, count);

/** The maps of one axis of a convolution. All of them list the points of all tiles, point by point. */
export interface Axis {
  points: number;
  tiles: number;
  taps: number;
  /** `[points * tiles, inputs]`, padding included. */
  input: Matrix;
  /** `[points, taps]` */
  filter: Matrix;
  /** `[points * tiles, outputs]` */
  output: Matrix;
}

/** The coefficients of the product of `x - root`, the constant first. */
function polynomial(roots: readonly number[]): number[] {
  let coefficients = [1];
  for (const root of roots) {
    const lower = coefficients;
    coefficients = Array.from(
      { length: lower.length + 1 },
      (_, power) => (lower[power - 1] ?? 0) - root * (lower[power] ?? 0),
    );
  }
  return coefficients;
}

/** Outputs a tile for which the fewest multiplications remain. */
function tileFor(outputs: number, taps: number): number {
  const sizes = Array.from({ length: EIGHT_POINTS.length + 2 - taps }, (_, index) => index + 1);
  const work = (size: number) => Math.ceil(outputs / size) * (size + taps - 1);
  return sizes.reduce((best, size) => (work(size) < work(best) ? size : best));
}

/**
 * Toom and Cook's way of a short convolution, which Winograd's follow (Lavin and Gray 2016): the outputs of a tile are
 * `output' ((filter g) * (input d))`, with `tile + taps - 1` multiplications in place of `tile * taps`.
 * @param before padding before the first input
 */
export function toomCook(inputs: number, outputs: number, taps: number, before: number): Axis {
  const tile = tileFor(outputs, taps);
  const points = tile + taps - 1;
  const tiles = Math.ceil(outputs / tile);
  const finite = finitePoints(points - 1);
  const others = (point: number) => finite.filter((_, index) => index !== point);
  const isInfinity = (point: number) => point === points - 1;

  const power = (point: number, exponent: number, length: number) =>
    isInfinity(point) ? Number(exponent === length - 1) : finite[point]! ** exponent;
  const scale = (point: number) =>
    isInfinity(point) ? 1 : others(point).reduce((product, other) => product * (finite[point]! - other), 1);
  const coefficients = Array.from({ length: points }, (_, point) =>
    polynomial(isInfinity(point) ? finite : others(point)),
  );

  const joined = (extent: number, entry: (point: number, inTile: number) => number) =>
    matrix(points * tiles, extent, (row, at) => entry(Math.floor(row / tiles), at - tile * (row % tiles)));
  return {
    points,
    tiles,
    taps,
    input: joined(inputs, (point, place) => coefficients[point]![place + before] ?? 0),
    filter: matrix(points, taps, (point, tap) => power(point, tap, taps) / scale(point)),
    output: joined(outputs, (point, place) => (place >= 0 && place < tile ? power(point, place, tile) : 0)),
  };
}
