import type { Overlap, Piece } from './pieces.js';
import type { Prediction } from './predict.js';

/** A piece and how it is read. */
export interface ReadPiece {
  piece: Piece;
  prediction: Prediction;
}

/** Below this a reading is no worse than another: the model has never seen such a piece. */
const LEAST_LOG_CONFIDENCE = -5;

const logConfidence = ({ prediction }: ReadPiece): number =>
  Math.max(Math.log(prediction.confidence), LEAST_LOG_CONFIDENCE);

/** Mean and standard deviation of ln(width / height) of MNIST's training digits, 0 to 9. */
const ASPECTS: readonly (readonly [mean: number, deviation: number])[] = [
  [-0.09, 0.17],
  [-0.85, 0.43],
  [-0.06, 0.19],
  [-0.2, 0.19],
  [-0.21, 0.2],
  [-0.06, 0.23],
  [-0.29, 0.2],
  [-0.23, 0.2],
  [-0.25, 0.21],
  [-0.35, 0.2],
];
const FURTHEST_ASPECT = 4;

/** Squared standard deviations between the piece's shape and that of the digit it is read as. */
function aspect({ piece, prediction }: ReadPiece): number {
  const [mean, deviation] = ASPECTS[prediction.digit ?? 0]!;
  const away = (Math.log(piece.width / piece.height) - mean) / deviation;
  return Math.min(away * away, FURTHEST_ASPECT * FURTHEST_ASPECT);
}

interface Measure {
  weight: number;
  of(read: ReadPiece): number;
}

/** What speaks for (above 0) or against a piece being one whole digit. */
export const MEASURES = {
  one: { weight: -0.2, of: () => 1 },
  confidence: { weight: 1.92, of: logConfidence },
  confidenceAcross: { weight: 2.93, of: (read) => logConfidence(read) * read.piece.width },
  width: { weight: 1.09, of: ({ piece }) => piece.width },
  widthSquared: { weight: -5.61, of: ({ piece }) => piece.width * piece.width },
  aspect: { weight: -0.11, of: aspect },
  short: { weight: -5.95, of: ({ piece }) => Math.max(0, 0.8 - Math.max(piece.height, piece.width)) },
  cut: { weight: -0.17, of: ({ piece }) => piece.cut },
  cutAtMostOne: { weight: -1.36, of: ({ piece }) => Math.min(piece.cut, 1) },
  parts: { weight: -0.72, of: ({ piece }) => piece.parts - 1 },
  gap: { weight: -0.25, of: ({ piece }) => piece.gap },
} satisfies Record<string, Measure>;

const ALL: readonly Measure[] = Object.values(MEASURES);

/** The logarithm of how much more likely this piece makes the path that it is on. */
export const scorePiece = (read: ReadPiece): number =>
  ALL.reduce((sum, { weight, of }) => sum + weight * of(read), 0);

/** What it costs to take a fragment for dirt. */
export const DROPPED = -3.14;

export const scoreOverlap = ({ ink }: Overlap): number => -3.1 + 1.65 * ink;
