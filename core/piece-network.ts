import { CLASS_COUNT } from './image.js';
import { MEASURE_COUNT, type Measured } from './piece-measures.js';

/** Units of the hidden layer. */
export const HIDDEN_COUNT = 32;

/** How many values each part of the network has. */
export const NETWORK_SHAPE = {
  /** `[measures, hidden]` */
  first: MEASURE_COUNT * HIDDEN_COUNT,
  firstBias: HIDDEN_COUNT,
  /** `[hidden, 10]` */
  second: HIDDEN_COUNT * CLASS_COUNT,
  secondBias: CLASS_COUNT,
  /** `[measures]`: what they add to all digits alike, past the hidden layer. */
  direct: MEASURE_COUNT,
  /** `[2]`: what the logarithm of a digit's probability counts: as the model has it, and as its view has it. */
  evidence: 2,
  /** `[2]`: of two pieces that share ink, and of each stroke of it as long as the line is high. */
  overlap: 2,
} as const;

export type NetworkPart = keyof typeof NETWORK_SHAPE;

/** What weighs a piece as each of the ten digits: a perceptron with one hidden layer of rectifiers. */
export type PieceNetwork = Readonly<Record<NetworkPart, Float32Array>>;

/** The hidden layer, `[hidden]`, 0 or more. */
export function hiddenOf(network: PieceNetwork, { measures }: Measured): Float32Array {
  const hidden = network.firstBias.slice();
  measures.forEach((value, measure) => {
    const row = measure * HIDDEN_COUNT;
    for (let unit = 0; unit < HIDDEN_COUNT; unit++) {
      hidden[unit] = hidden[unit]! + value * network.first[row + unit]!;
    }
  });
  return hidden.map((value) => Math.max(0, value));
}

/** The logarithm of how much more likely a path becomes by this piece, read as each digit: `[10]`. */
export function digitScores(
  network: PieceNetwork,
  hidden: Float32Array,
  { measures, byModel, byView }: Measured,
): Float32Array {
  const alike = measures.reduce((sum, value, measure) => sum + value * network.direct[measure]!, 0);
  const [ofModel, ofView] = network.evidence;
  return network.secondBias.map((bias, digit) => {
    let score = bias + alike + ofModel! * byModel[digit]! + ofView! * byView[digit]!;
    for (let unit = 0; unit < HIDDEN_COUNT; unit++) {
      score += hidden[unit]! * network.second[unit * CLASS_COUNT + digit]!;
    }
    return score;
  });
}
