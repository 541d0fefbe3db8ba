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

/** So small a probability is as good as none. */
const LEAST_PROBABILITY = 1e-9;
/** A digit whose longer side is so many line heights is as long as the others. */
const TALL = 0.8;

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

/** ln of how much likelier the digit is than the next one; other than the confidence it goes on growing near 1. */
function margin({ prediction: { digit, confidence, probabilities } }: ReadPiece): number {
  const next = probabilities.reduce(
    (most, value, index) => (index === digit ? most : Math.max(most, value)),
    0,
  );
  return Math.log(confidence / Math.max(next, LEAST_PROBABILITY));
}

interface Measure {
  weight: number;
  of(read: ReadPiece): number;
}

/**
 * What speaks for (above 0) or against a piece being one whole digit, and how much: the weights of a semi-Markov
 * conditional random field (Sarawagi and Cohen 2004) over the paths of a line, of greatest likelihood on 686 lines of MNIST's training
 * digits, 4 pixels of overlap to 20 apart, read by a plain model and by one trained with outliers.
 */
export const MEASURES = {
  one: { weight: -0.7, of: () => 1 },
  confidence: { weight: 0.81, of: logConfidence },
  confidenceAcross: { weight: 1.2, of: (read) => logConfidence(read) * read.piece.width },
  margin: { weight: 0.09, of: margin },
  marginAcross: { weight: 0.46, of: (read) => margin(read) * read.piece.width },
  width: { weight: -0.94, of: ({ piece }) => piece.width },
  widthSquared: { weight: -4.6, of: ({ piece }) => piece.width * piece.width },
  aspect: { weight: -0.21, of: aspect },
  short: { weight: -6.2, of: ({ piece }) => Math.max(0, TALL - Math.max(piece.height, piece.width)) },
  cut: { weight: -0.35, of: ({ piece }) => piece.cut },
  cutAtMostOne: { weight: -0.87, of: ({ piece }) => Math.min(piece.cut, 1) },
  parts: { weight: -1.06, of: ({ piece }) => piece.parts - 1 },
  gap: { weight: -17.3, of: ({ piece }) => piece.gap },
} satisfies Record<string, Measure>;

const ALL: readonly Measure[] = Object.values(MEASURES);

/** The logarithm of how much more likely this piece makes a path that it is on. */
export const scorePiece = (read: ReadPiece): number =>
  ALL.reduce((sum, { weight, of }) => sum + weight * of(read), 0);

/** The same of taking fragments for dirt. Chosen, so that a dot is none: MNIST has too little dirt to learn it from. */
export const DROPPED = -2.5;

/** The same of ink that two digits share; learned as the measures are. */
export const scoreOverlap = ({ ink }: Overlap): number => -2 - 0.29 * ink;
