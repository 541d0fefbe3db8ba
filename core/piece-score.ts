import type { Paths, Scores } from './best-path.js';
import type { Measured } from './piece-measures.js';
import { digitScores, hiddenOf, type PieceInputs, type PieceNetwork } from './piece-network.js';
import type { Overlap } from './pieces.js';

/** What scores pieces, and the scale of what it sees. */
export interface PieceScorer {
  network: PieceNetwork;
  /** `[measures]` of the pieces that it was fitted on: mean and standard deviation. */
  mean: readonly number[];
  deviation: readonly number[];
}

/** What a piece's score is made of, as it was found. */
export interface MeasuredPiece extends Measured {
  /** `[2, 14, 14]`: {@link viewPiece}. */
  view: Uint8Array;
}

/** Of taking fragments for dirt: chosen, what pieces score is fitted beside it. */
export const DROPPED = -2.5;
/** No measure counts for more standard deviations than this. */
const FURTHEST = 5;

/** A piece as the network takes it. */
export function pieceInputs(
  { mean, deviation }: Pick<PieceScorer, 'mean' | 'deviation'>,
  { measures, logProbabilities, view }: MeasuredPiece,
): PieceInputs {
  const scaled = measures.map((value, measure) => {
    const away = (value - mean[measure]!) / deviation[measure]!;
    return Math.min(Math.max(away, -FURTHEST), FURTHEST);
  });
  return { view, measures: scaled, logProbabilities };
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
  { overlaps }: { overlaps: readonly (Paths['overlaps'][number] & Pick<Overlap, 'ink'>)[] },
  pieces: readonly MeasuredPiece[],
): LatticeScores {
  const { network } = scorer;
  const digits = pieces.map((piece) => {
    const inputs = pieceInputs(scorer, piece);
    return digitScores(network, hiddenOf(network, inputs), inputs);
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
