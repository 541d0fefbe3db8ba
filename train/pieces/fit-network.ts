import { CLASS_COUNT } from '../../core/image.js';
import { MEASURE_COUNT, type Measured } from '../../core/piece-measures.js';
import {
  digitScores,
  HIDDEN_COUNT,
  hiddenOf,
  NETWORK_SHAPE,
  type NetworkPart,
  type PieceNetwork,
} from '../../core/piece-network.js';
import { DROPPED } from '../../core/piece-score.js';
import { randomStream } from '../random.js';
import { likelihood, type Steps } from './paths.js';

/** A line whose pieces are known, and what it says. */
export interface FitLine {
  steps: Steps;
  /** In standard deviations: `scaled`. */
  pieces: readonly Measured[];
  /** Of each overlap: `Overlap.ink`. */
  overlapInk: readonly number[];
  digits: readonly number[];
}

export interface FitOptions {
  seed: number;
  epochs: number;
  /** Is told of each epoch: the mean logarithm of the lines' probabilities. */
  onEpoch(epoch: number, mean: number): void;
}

const PARTS = Object.keys(NETWORK_SHAPE) as NetworkPart[];
const BATCH_SIZE = 20;
const HIGHEST_RATE = 0.005;
const WARMUP = 0.1;
const WEIGHT_DECAY = 1e-4;
const ADAM = { first: 0.9, second: 0.99, epsilon: 1e-7 } as const;
/** A piece on which so little depends moves nothing. */
const LEAST_GRADIENT = 1e-3;
const FIRST_OVERLAP = [-2, -0.3] as const;

type Values = Record<NetworkPart, Float32Array>;

const zeros = (): Values =>
  Object.fromEntries(PARTS.map((part) => [part, new Float32Array(NETWORK_SHAPE[part])])) as Values;

/** What the logarithms of the model's probabilities count at first, and those of the view's: together one. */
const FIRST_EVIDENCE = [0.5, 0.5] as const;

/** Where the fit begins: evidence counts, the rest is chance. */
function beginning(seed: number): Values {
  const random = randomStream(seed, 'pieces weights');
  const network = zeros();
  const spread = Math.sqrt(1.5 / MEASURE_COUNT);
  network.first.forEach((_, at) => {
    network.first[at] = (2 * random.next() - 1) * spread;
  });
  network.second.forEach((_, at) => {
    network.second[at] = (2 * random.next() - 1) * 0.05;
  });
  network.evidence.set(FIRST_EVIDENCE);
  network.overlap.set(FIRST_OVERLAP);
  return network;
}

/** The network under which the lines are likeliest to be read as what they say: Adam, in batches, at a rate that ends at 0. */
export function fitNetwork(lines: readonly FitLine[], { seed, epochs, onEpoch }: FitOptions): PieceNetwork {
  const network = beginning(seed);
  const [mean, square] = [zeros(), zeros()];
  const order = lines.map((_, index) => index);
  const batches = Math.ceil(order.length / BATCH_SIZE);
  let step = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    randomStream(seed, 'pieces order', epoch).shuffle(order);
    let sum = 0;
    let spelt = 0;
    for (let start = 0; start < order.length; start += BATCH_SIZE) {
      const gradient = zeros();
      const batch = order.slice(start, start + BATCH_SIZE);
      for (const index of batch) {
        const value = addGradient(network, lines[index]!, gradient);
        if (value === null) continue;
        sum += value;
        spelt++;
      }
      step++;
      const progress = step / (epochs * batches + 1);
      const share = progress < WARMUP ? progress / WARMUP : (1 - progress) / (1 - WARMUP);
      for (const part of PARTS) {
        update(network[part], gradient[part], mean[part], square[part], {
          step,
          rate: HIGHEST_RATE * share,
          count: batch.length,
        });
      }
    }
    onEpoch(epoch, sum / spelt);
  }
  return network;
}

function update(
  values: Float32Array,
  gradient: Float32Array,
  mean: Float32Array,
  square: Float32Array,
  { step, rate, count }: { step: number; rate: number; count: number },
): void {
  const { first, second, epsilon } = ADAM;
  const [firstShare, secondShare] = [1 - first ** step, 1 - second ** step];
  for (let at = 0; at < values.length; at++) {
    const slope = gradient[at]! / count - WEIGHT_DECAY * values[at]!;
    mean[at] = first * mean[at]! + (1 - first) * slope;
    square[at] = second * square[at]! + (1 - second) * slope * slope;
    const size = Math.sqrt(square[at]! / secondShare) + epsilon;
    values[at] = values[at]! + (rate * mean[at]!) / firstShare / size;
  }
}

/** @returns the logarithm of the line's probability; null where no path spells what it says. */
function addGradient(network: PieceNetwork, line: FitLine, gradient: Values): number | null {
  const hidden = line.pieces.map((piece) => hiddenOf(network, piece));
  const scores = new Float64Array(line.pieces.length * CLASS_COUNT);
  line.pieces.forEach((piece, index) => {
    scores.set(digitScores(network, hidden[index]!, piece), index * CLASS_COUNT);
  });
  const [alone, forInk] = network.overlap;
  const overlaps = Float64Array.from(line.overlapInk, (ink) => alone! + forInk! * ink);
  const found = likelihood(line.steps, { pieces: scores, overlaps, dropped: DROPPED }, line.digits);
  if (!found) return null;
  found.overlaps.forEach((slope, overlap) => {
    gradient.overlap[0] = gradient.overlap[0]! + slope;
    gradient.overlap[1] = gradient.overlap[1]! + slope * line.overlapInk[overlap]!;
  });
  line.pieces.forEach((piece, index) => {
    const slopes = found.pieces.subarray(index * CLASS_COUNT, (index + 1) * CLASS_COUNT);
    if (slopes.reduce((sum, slope) => sum + Math.abs(slope), 0) < LEAST_GRADIENT) return;
    addPiece(network, piece, hidden[index]!, slopes, gradient);
  });
  return found.value;
}

/** Back through the network, from the slopes of a piece's ten scores. */
function addPiece(
  network: PieceNetwork,
  { measures, byModel, byView }: Measured,
  hidden: Float32Array,
  slopes: Float64Array,
  gradient: Values,
): void {
  const inner = new Float32Array(HIDDEN_COUNT);
  let alike = 0;
  slopes.forEach((slope, digit) => {
    alike += slope;
    gradient.secondBias[digit] = gradient.secondBias[digit]! + slope;
    gradient.evidence[0] = gradient.evidence[0]! + slope * byModel[digit]!;
    gradient.evidence[1] = gradient.evidence[1]! + slope * byView[digit]!;
    hidden.forEach((value, unit) => {
      const at = unit * CLASS_COUNT + digit;
      gradient.second[at] = gradient.second[at]! + slope * value;
      if (value > 0) inner[unit] = inner[unit]! + slope * network.second[at]!;
    });
  });
  inner.forEach((slope, unit) => {
    gradient.firstBias[unit] = gradient.firstBias[unit]! + slope;
  });
  measures.forEach((value, measure) => {
    gradient.direct[measure] = gradient.direct[measure]! + alike * value;
    const row = measure * HIDDEN_COUNT;
    for (let unit = 0; unit < HIDDEN_COUNT; unit++) {
      gradient.first[row + unit] = gradient.first[row + unit]! + value * inner[unit]!;
    }
  });
}
