import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { chain, type Layer, l, type ParityOptions } from '../support.js';

/** One combination of a layer's options, in one network. */
export interface Case {
  /** The options, and the shapes that the layer reads. */
  title: string;
  /** Whether the same options stand in another case: here the graph stores what the layer reads in an order of its own. */
  isPermuted: boolean;
  model: () => LayersModel;
  parity: ParityOptions;
}

/** A picture that is neither square nor of as many rows as channels: no mistaken dimension goes unseen. */
export const IMAGE = [9, 8, 3];
/** The same with its channels first. */
export const CHANNELS_FIRST = [3, 9, 8];
export const SEQUENCE = [10, 3];
export const ROW = [7];

export const BOTH_PADDINGS = ['valid', 'same'] as const;
export const BOTH_FORMATS = ['channelsLast', 'channelsFirst'] as const;

/** Every activation that TensorFlow.js Layers builds in. */
export const ACTIVATIONS = [
  'elu',
  'gelu',
  'gelu_new',
  'hardSigmoid',
  'linear',
  'logSoftmax',
  'mish',
  'relu',
  'relu6',
  'selu',
  'sigmoid',
  'softmax',
  'softplus',
  'softsign',
  'swish',
  'tanh',
] as const;
/** TensorFlow.js's own type lacks some of them. */
export type TypedActivation = Extract<(typeof ACTIVATIONS)[number], 'relu'>;
export const TYPED_ACTIVATIONS = ACTIVATIONS as readonly string[] as readonly TypedActivation[];

/**
 * Two cases for each of the options, their titles the options themselves: the layer on the network's input, and behind a Permute, so that
 * the graph stores what the layer reads in an order of its own.
 */
export function cases<O extends object>(
  input: number[],
  options: readonly O[],
  make: (options: O) => Layer,
  parity: ParityOptions = {},
): Case[] {
  return options.flatMap((option) => {
    const title = `[${input}] ${JSON.stringify(option)}`;
    // Options are copied: Reshape and LayerNormalization change those that they get.
    const layer = () => make(structuredClone(option));
    const dataFormat = 'dataFormat' in option ? (option as ParityOptions).dataFormat! : 'channelsLast';
    const alone = {
      title,
      model: () => chain(input, layer()),
      parity: { dataFormat, ...parity },
      isPermuted: false,
    };
    if (input.length === 1) return [alone];
    const reversed = input.map((_, index) => input.length - index);
    const permuted = () => chain(input.toReversed(), l.permute({ dims: reversed }), layer());
    return [alone, { ...alone, title: `${title} behind a Permute`, model: permuted, isPermuted: true }];
  });
}

/** One case for each of the options, the layer behind others. */
export function behind<O extends object>(
  input: number[],
  before: () => Layer[],
  options: readonly O[],
  make: (options: O) => Layer,
  parity: ParityOptions = {},
): Case[] {
  return options.map((option) => ({
    title: `[${input}] > ${before().map((layer) => layer.getClassName())} > ${JSON.stringify(option)}`,
    model: () => chain(input, ...before(), make(structuredClone(option))),
    parity,
    isPermuted: false,
  }));
}

/** A layer of several inputs, each a graph's input. */
export function ofInputs(
  shapes: number[][],
  make: () => Layer,
  title = '',
  parity: ParityOptions = {},
): Case {
  return {
    title: `${JSON.stringify(shapes)} ${title}`,
    model: () => {
      const inputs = shapes.map((shape) => tfl.input({ shape }));
      return tfl.model({ inputs, outputs: make().apply(inputs) as SymbolicTensor });
    },
    parity,
    isPermuted: false,
  };
}

/** A layer of several inputs, each a map that was flattened: to be read in Layers' order or in the stored one. */
export function ofFlattened(shapes: number[][], make: () => Layer, title = ''): Case {
  return {
    title: `${JSON.stringify(shapes)} flattened ${title}`,
    model: () => {
      const inputs = shapes.map((shape) => tfl.input({ shape }));
      const rows = inputs.map((input) => l.flatten().apply(input) as SymbolicTensor);
      const merged = make().apply(rows) as SymbolicTensor;
      return tfl.model({ inputs, outputs: l.dense({ units: 3 }).apply(merged) as SymbolicTensor });
    },
    parity: {},
    isPermuted: false,
  };
}
