import { CLASS_COUNT } from './image.js';
import type { Piece } from './pieces.js';
import { type Prediction, scaledSoftmax } from './predict.js';
import { VIEW_CLASS_COUNT } from './view-network.js';

/** A piece and how it is read. */
export interface Readings {
  piece: Piece;
  prediction: Prediction;
  /** Of the model's logits. */
  highestLogit: number;
  /** `[11]`: of each digit, and of none, by the piece's view. */
  viewLogits: Float32Array;
}

/** Below this a reading is no worse than another: the model has never seen such a piece. */
const LEAST_LOG_CONFIDENCE = -5;
/** So small a probability is as good as none. */
const LEAST_PROBABILITY = 1e-5;
/** A digit whose longer side is so many line heights is as long as the others. */
const TALL = 0.8;
/** No digit is wider, in line heights, nor crosses more strokes on its sides. */
const WIDEST = 3;
const MOST_CUT = 6;

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

const logConfidence = ({ prediction }: Readings): number =>
  Math.max(Math.log(prediction.confidence), LEAST_LOG_CONFIDENCE);

const width = ({ piece }: Readings): number => Math.min(piece.width, WIDEST);
const cut = ({ piece }: Readings): number => Math.min(piece.cut, MOST_CUT);

/** Squared standard deviations between the piece's shape and that of the digit it is read as. */
function aspect({ piece, prediction }: Readings): number {
  const [mean, deviation] = ASPECTS[prediction.digit ?? 0]!;
  const away = (Math.log(piece.width / piece.height) - mean) / deviation;
  return Math.min(away * away, FURTHEST_ASPECT * FURTHEST_ASPECT);
}

/** ln of how much likelier the digit is than the next one; other than the confidence it goes on growing near 1. */
function margin({ prediction: { digit, confidence, probabilities } }: Readings): number {
  const next = probabilities.reduce(
    (most, value, index) => (index === digit ? most : Math.max(most, value)),
    0,
  );
  return Math.log(confidence / Math.max(next, LEAST_PROBABILITY));
}

/** What is known of a piece beside what it is read as. */
const MEASURES = {
  confidence: logConfidence,
  confidenceAcross: (read) => logConfidence(read) * width(read),
  margin,
  marginAcross: (read) => margin(read) * width(read),
  highestLogit: ({ highestLogit }) => highestLogit,
  width,
  widthSquared: (read) => width(read) ** 2,
  height: ({ piece }) => Math.min(piece.height, WIDEST),
  aspect,
  short: ({ piece }) => Math.max(0, TALL - Math.max(piece.height, piece.width)),
  cut,
  cutAtMostOne: (read) => Math.min(cut(read), 1),
  parts: ({ piece }) => piece.parts - 1,
  gap: ({ piece }) => piece.gap,
  atoms: ({ piece }) => Math.min(piece.to - piece.from, 12),
} satisfies Record<string, (read: Readings) => number>;

const ALL: readonly ((read: Readings) => number)[] = Object.values(MEASURES);

/** What a piece's score is made of. */
export interface Measured {
  /** `[measures]`, then the logarithms of all probabilities. */
  measures: Float32Array;
  /** `[10]`, natural logarithms of the digits' probabilities: by the model, which sees the piece alone. */
  byModel: Float32Array;
  /** `[11]`, of each digit, and of none: by the view, which has what surrounds it. */
  byView: Float32Array;
}

export function measurePiece(read: Readings): Measured {
  const byModel = logarithms(read.prediction.probabilities);
  const byView = logarithms(scaledSoftmax(read.viewLogits, 1));
  const measures = Float32Array.of(...ALL.map((measure) => measure(read)), ...byModel, ...byView);
  return { measures, byModel, byView };
}

const logarithms = (probabilities: readonly number[]): Float32Array =>
  Float32Array.from(probabilities, (probability) => Math.log(Math.max(probability, LEAST_PROBABILITY)));

/** How many measures a piece has. */
export const MEASURE_COUNT = ALL.length + CLASS_COUNT + VIEW_CLASS_COUNT;
