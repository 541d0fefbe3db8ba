import { MEASURE_COUNT } from '../../core/piece-measures.js';
import { type PieceScorer, pieceInputs } from '../../core/piece-score.js';
import { type FitOptions, fitNetwork } from './fit-network.js';
import type { KnownLine } from './known-lines.js';
import { stepsOf } from './paths.js';

/** The scorer under which the lines are likeliest to be read as what they say. */
export function fitScorer(lines: readonly KnownLine[], options: FitOptions): PieceScorer {
  const scale = scaleOf(lines);
  const scaled = lines.map((line) => ({
    steps: stepsOf(line),
    inputs: line.pieces.map((piece) => pieceInputs(scale, piece)),
    overlapInk: line.overlaps.map(({ ink }) => ink),
    digits: line.digits,
  }));
  return { network: fitNetwork(scaled, options), ...scale };
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
