import { CLASS_COUNT } from './image.js';
import { MEASURE_COUNT, type Measured } from './piece-measures.js';
import { VIEW_LENGTH } from './piece-view.js';

/** Units of the hidden layer. */
export const HIDDEN_COUNT = 32;
const INPUT_COUNT = VIEW_LENGTH + MEASURE_COUNT;

/** How many values each part of the network has. */
export const NETWORK_SHAPE = {
  /** `[view and measures, hidden]` */
  first: INPUT_COUNT * HIDDEN_COUNT,
  firstBias: HIDDEN_COUNT,
  /** `[hidden, 10]` */
  second: HIDDEN_COUNT * CLASS_COUNT,
  secondBias: CLASS_COUNT,
  /** `[measures]`: what they add to all digits alike, past the hidden layer. */
  direct: MEASURE_COUNT,
  /** `[1]`: what the model's own logarithm of a digit's probability counts. */
  evidence: 1,
  /** `[2]`: of two pieces that share ink, and of each stroke of it as long as the line is high. */
  overlap: 2,
} as const;

export type NetworkPart = keyof typeof NETWORK_SHAPE;

/** What weighs a piece as each of the ten digits: a perceptron with one hidden layer of rectifiers. */
export type PieceNetwork = Readonly<Record<NetworkPart, Float32Array>>;

/** What it weighs. */
export interface PieceInputs extends Measured {
  /** `[2, 14, 14]`, 0 to 255: `viewPiece`. */
  view: Uint8Array;
}

/** The level of a cell that is all ink. */
export const FULL = 255;

/** The hidden layer, `[hidden]`, 0 or more. */
export function hiddenOf(network: PieceNetwork, { view, measures }: PieceInputs): Float32Array {
  const hidden = network.firstBias.slice();
  const add = (input: number, value: number) => {
    const row = input * HIDDEN_COUNT;
    for (let unit = 0; unit < HIDDEN_COUNT; unit++) {
      hidden[unit] = hidden[unit]! + value * network.first[row + unit]!;
    }
  };
  for (let cell = 0; cell < VIEW_LENGTH; cell++) {
    if (view[cell] !== 0) add(cell, view[cell]! / FULL);
  }
  measures.forEach((value, measure) => {
    add(VIEW_LENGTH + measure, value);
  });
  return hidden.map((value) => Math.max(0, value));
}

/** The logarithm of how much more likely a path becomes by this piece, read as each digit: `[10]`. */
export function digitScores(
  network: PieceNetwork,
  hidden: Float32Array,
  { measures, logProbabilities }: PieceInputs,
): Float32Array {
  const alike = measures.reduce((sum, value, measure) => sum + value * network.direct[measure]!, 0);
  return network.secondBias.map((bias, digit) => {
    let score = bias + alike + network.evidence[0]! * logProbabilities[digit]!;
    for (let unit = 0; unit < HIDDEN_COUNT; unit++) {
      score += hidden[unit]! * network.second[unit * CLASS_COUNT + digit]!;
    }
    return score;
  });
}
