import { CLASS_COUNT } from './image.js';
import { FULL, VIEW_CHANNELS, VIEW_SIDE } from './piece-view.js';

/** What a view may show: each of the ten digits, whole; last, none of them, as parts of digits and several at once are. */
export const VIEW_CLASS_COUNT = CLASS_COUNT + 1;

/** Of convolutions of 3x3 that halve both sides. */
export const FILTERS = [12, 24, 32] as const;
export const KERNEL_SIZE = 3;
export const STRIDE = 2;
/** Of the dense layer behind them. */
export const UNITS = 48;

const halved = (side: number): number => Math.ceil(side / STRIDE);
const LAST_SIDE = halved(halved(halved(VIEW_SIDE)));
const FLAT = LAST_SIDE * LAST_SIDE * FILTERS[2];

/** How many values each part of the network has. */
export const VIEW_NETWORK_SHAPE = {
  /** `[3, 3, channels, filters]`, of each convolution. */
  first: KERNEL_SIZE ** 2 * VIEW_CHANNELS * FILTERS[0],
  firstBias: FILTERS[0],
  second: KERNEL_SIZE ** 2 * FILTERS[0] * FILTERS[1],
  secondBias: FILTERS[1],
  third: KERNEL_SIZE ** 2 * FILTERS[1] * FILTERS[2],
  thirdBias: FILTERS[2],
  /** `[4 * 4 * filters, units]` */
  dense: FLAT * UNITS,
  denseBias: UNITS,
  /** `[units, 11]` */
  last: UNITS * VIEW_CLASS_COUNT,
  lastBias: VIEW_CLASS_COUNT,
} as const;

export type ViewNetworkPart = keyof typeof VIEW_NETWORK_SHAPE;

/** What tells from a piece's view which digit it is, if it is one: a small network of convolutions. */
export type ViewNetwork = Readonly<Record<ViewNetworkPart, Float32Array>>;

/**
 * @param view `[28, 28, 2]`: `viewPiece`.
 * @returns `[11]`, logits: of each digit, and of none.
 */
export function readView(network: ViewNetwork, view: Uint8Array): Float32Array {
  const input = new Float32Array(view).map((level) => level / FULL);
  const first = convolve(input, VIEW_SIDE, network.first, network.firstBias);
  const second = convolve(first, halved(VIEW_SIDE), network.second, network.secondBias);
  const third = convolve(second, halved(halved(VIEW_SIDE)), network.third, network.thirdBias);
  return multiply(rectify(multiply(third, network.dense, network.denseBias)), network.last, network.lastBias);
}

/**
 * As TensorFlow's `same` padding has it: what is added for the last window is added behind first.
 * @param input `[side, side, channels]`
 * @returns `[side / 2, side / 2, filters]`, rounded up, rectified.
 */
function convolve(input: Float32Array, side: number, kernel: Float32Array, bias: Float32Array): Float32Array {
  const channels = input.length / (side * side);
  const sideAfter = halved(side);
  const before = Math.max(0, (sideAfter - 1) * STRIDE + KERNEL_SIZE - side) >> 1;
  const output = new Float32Array(sideAfter * sideAfter * bias.length);
  const window = roomFor(KERNEL_SIZE ** 2 * channels);
  for (let row = 0, to = 0; row < sideAfter; row++) {
    for (let column = 0; column < sideAfter; column++, to += bias.length) {
      window.count = 0;
      for (let down = 0; down < KERNEL_SIZE; down++) {
        const y = row * STRIDE + down - before;
        if (y < 0 || y >= side) continue;
        for (let across = 0; across < KERNEL_SIZE; across++) {
          const x = column * STRIDE + across - before;
          if (x < 0 || x >= side) continue;
          take(window, input, (y * side + x) * channels, channels, (down * KERNEL_SIZE + across) * channels);
        }
      }
      weigh(window, kernel, bias, output, to);
    }
  }
  return rectify(output);
}

/** `[inputs]` times `[inputs, outputs]`, and the bias. */
function multiply(input: Float32Array, weights: Float32Array, bias: Float32Array): Float32Array {
  const output = new Float32Array(bias.length);
  const inputs = roomFor(input.length);
  take(inputs, input, 0, input.length, 0);
  weigh(inputs, weights, bias, output, 0);
  return output;
}

/** Inputs and the row of the weights that each is multiplied by; not those that are 0, as most are: paper, and what was rectified. */
interface Inputs {
  count: number;
  values: Float32Array;
  rows: Int32Array;
}

const roomFor = (most: number): Inputs => ({
  count: 0,
  values: new Float32Array(most),
  rows: new Int32Array(most),
});

/** Adds `length` values, from `from` on, for the weights' rows from `row` on. */
function take(inputs: Inputs, input: Float32Array, from: number, length: number, row: number): void {
  for (let index = 0; index < length; index++) {
    const value = input[from + index]!;
    if (value === 0) continue;
    inputs.values[inputs.count] = value;
    inputs.rows[inputs.count] = row + index;
    inputs.count++;
  }
}

/** Sums that are kept side by side in registers: half the time of one after another. */
const BLOCK = 4;

/** Writes the bias and each input times its row of the weights, `[rows, outputs]`, summed in single precision, from `to` on. */
function weigh(
  { count, values, rows }: Inputs,
  weights: Float32Array,
  bias: Float32Array,
  output: Float32Array,
  to: number,
): void {
  const outputs = bias.length;
  for (let block = 0; block < outputs; block += BLOCK) {
    // The last block begins early enough to be a whole one: what it has in common with the one before comes out the same.
    const unit = Math.min(block, outputs - BLOCK);
    let first = bias[unit]!;
    let second = bias[unit + 1]!;
    let third = bias[unit + 2]!;
    let fourth = bias[unit + 3]!;
    for (let index = 0; index < count; index++) {
      const value = values[index]!;
      const at = rows[index]! * outputs + unit;
      first = Math.fround(first + value * weights[at]!);
      second = Math.fround(second + value * weights[at + 1]!);
      third = Math.fround(third + value * weights[at + 2]!);
      fourth = Math.fround(fourth + value * weights[at + 3]!);
    }
    output[to + unit] = first;
    output[to + unit + 1] = second;
    output[to + unit + 2] = third;
    output[to + unit + 3] = fourth;
  }
}

function rectify(values: Float32Array): Float32Array {
  values.forEach((value, index) => {
    if (value < 0) values[index] = 0;
  });
  return values;
}
