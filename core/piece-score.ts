import type { Scores } from './best-path.js';
import type { Measured } from './piece-measures.js';
import { digitScores, hiddenOf, type PieceNetwork } from './piece-network.js';
import type { Overlap, Piece } from './pieces.js';
import type { ViewNetwork } from './view-network.js';

/** What scores pieces, and the scale of what they are measured by. */
export interface PieceScorer {
  /** What reads their views. */
  view: ViewNetwork;
  network: PieceNetwork;
  /** `[measures]` of the pieces that it was fitted on: mean and standard deviation. */
  mean: readonly number[];
  deviation: readonly number[];
}

/** Of taking fragments for dirt: chosen, what pieces score is fitted beside it. */
export const DROPPED = -2.5;
/** No measure counts for more standard deviations than this. */
const FURTHEST = 5;

/** A piece's measures as the network takes them: in standard deviations from their mean. */
export function scaled(
  { mean, deviation }: Pick<PieceScorer, 'mean' | 'deviation'>,
  { measures, ...rest }: Measured,
): Measured {
  const away = measures.map((value, measure) => {
    const deviations = (value - mean[measure]!) / deviation[measure]!;
    return Math.min(Math.max(deviations, -FURTHEST), FURTHEST);
  });
  return { measures: away, ...rest };
}

/** Logarithms of how much more likely each step makes a path that takes it. */
export interface LatticeScores {
  /** What `bestPath` takes: each piece read as its likeliest digit. */
  scores: Scores;
  /** Of each piece, as each digit: `[pieces][10]`. */
  digits: Float32Array[];
}

export function scoreLattice(
  scorer: PieceScorer,
  {
    pieces,
    overlaps,
  }: { pieces: readonly (Measured & Pick<Piece, 'whole'>)[]; overlaps: readonly Pick<Overlap, 'ink'>[] },
): LatticeScores {
  const { network } = scorer;
  const digits = pieces.map((piece) => {
    const inputs = scaled(scorer, piece);
    const scores = digitScores(network, hiddenOf(network, inputs), inputs);
    return piece.whole ? asModelReads(scores, piece.byModel) : scores;
  });
  return {
    digits,
    scores: {
      pieces: digits.map((scores) => Math.max(...scores)),
      overlaps: overlaps.map(({ ink }) => network.overlap[0]! + network.overlap[1]! * ink),
      dropped: DROPPED,
    },
  };
}

/**
 * As high a score, but which digit it is goes by the model alone: whole marks are what it was trained on. Of 150 lines of five validation
 * digits that are 20 pixels apart it read 146, 146 and 147 right where all together read 146, 144 and 144 (weights of 5, 8 and 15 epochs).
 */
function asModelReads(scores: Float32Array, byModel: Float32Array): Float32Array {
  const highest = Math.max(...scores);
  const likeliest = Math.max(...byModel);
  return byModel.map((logarithm) => highest + logarithm - likeliest);
}
