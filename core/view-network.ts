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
  const input = Float32Array.from(view, (level) => level / FULL);
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
  const filters = bias.length;
  const channels = input.length / (side * side);
  const sideAfter = halved(side);
  const before = Math.max(0, (sideAfter - 1) * STRIDE + KERNEL_SIZE - side) >> 1;
  const output = new Float32Array(sideAfter * sideAfter * filters);
  for (let row = 0, to = 0; row < sideAfter; row++) {
    for (let column = 0; column < sideAfter; column++, to += filters) {
      output.set(bias, to);
      for (let down = 0; down < KERNEL_SIZE; down++) {
        const y = row * STRIDE + down - before;
        if (y < 0 || y >= side) continue;
        for (let across = 0; across < KERNEL_SIZE; across++) {
          const x = column * STRIDE + across - before;
          if (x < 0 || x >= side) continue;
          const from = (y * side + x) * channels;
          const weights = (down * KERNEL_SIZE + across) * channels * filters;
          for (let channel = 0; channel < channels; channel++) {
            addTimes(input[from + channel]!, kernel, weights + channel * filters, output, to, filters);
          }
        }
      }
    }
  }
  return rectify(output);
}

/** `[inputs]` times `[inputs, outputs]`, and the bias. */
function multiply(input: Float32Array, weights: Float32Array, bias: Float32Array): Float32Array {
  const output = bias.slice();
  input.forEach((value, index) => {
    addTimes(value, weights, index * bias.length, output, 0, bias.length);
  });
  return output;
}

/** Adds a value times each of its weights; nothing where it is 0, as most are: pixels of paper, and what was rectified. */
function addTimes(
  value: number,
  weights: Float32Array,
  from: number,
  output: Float32Array,
  to: number,
  count: number,
): void {
  if (value === 0) return;
  for (let unit = 0; unit < count; unit++) {
    output[to + unit] = output[to + unit]! + value * weights[from + unit]!;
  }
}

function rectify(values: Float32Array): Float32Array {
  values.forEach((value, index) => {
    if (value < 0) values[index] = 0;
  });
  return values;
}
