import { MEASURE_COUNT } from '../../core/piece-measures.js';
import { type PieceScorer, scaled } from '../../core/piece-score.js';
import { type FitOptions, fitNetwork } from './fit-network.js';
import type { KnownLine } from './known-lines.js';
import { stepsOf } from './paths.js';

/** What weighs pieces, beside what reads their views, so that the lines are likeliest to be read as what they say. */
export function fitScorer(lines: readonly KnownLine[], options: FitOptions): Omit<PieceScorer, 'view'> {
  const scale = scaleOf(lines);
  const fitted = lines.map((line) => ({
    steps: stepsOf(line),
    pieces: line.pieces.map((piece) => scaled(scale, piece)),
    overlapInk: line.overlaps.map(({ ink }) => ink),
    digits: line.digits,
  }));
  return { network: fitNetwork(fitted, options), ...scale };
}

/** Mean and standard deviation of each measure over all pieces, rounded as they are stored. */
function scaleOf(lines: readonly KnownLine[]): Pick<PieceScorer, 'mean' | 'deviation'> {
  const all = lines.flatMap(({ pieces }) => pieces);
  const rounded = (value: number) => Number(value.toPrecision(6));
  const meanOf = (value: (measures: Float32Array) => number) =>
    all.reduce((sum, { measures }) => sum + value(measures), 0) / all.length;
  const mean = Array.from({ length: MEASURE_COUNT }, (_, at) => rounded(meanOf((measures) => measures[at]!)));
  const deviation = mean.map(
    (middle, at) => rounded(Math.sqrt(meanOf((measures) => (measures[at]! - middle) ** 2))) || 1,
  );
  return { mean, deviation };
}
