import type { Operator, Operators } from '../onnx/operators.js';
import type { Constant } from '../onnx/tensor.js';
import type { Arrangement } from './arrangement.js';

/**
 * The network between TensorFlow.js Layers and ONNX: what the converters write, the rewrites improve and `emit` turns
 * into a graph. Weights are float64 until they are emitted, so that folding rounds once.
 */

/**
 * A large weight, element by element as the graph stores it: permuting and folding wrap the function, and nothing is copied before it is
 * written.
 */
export type Kernel = (index: number) => number;

/** Names a value within one network. */
export type ValueId = number;

/** A value as a converter sees it, and how the graph stores it. */
export interface Value extends Arrangement {
  readonly id: ValueId;
  /** Integers come from graph inputs alone. */
  readonly type: 'float32' | 'int32';
  /**
   * Set where a value of several dimensions was flattened as the graph stored it, so that its elements go in another order than
   * Layers'. What reads it permutes its weights; nothing is transposed.
   */
  readonly flattened: Arrangement | null;
}

interface OpBase {
  /** The layer's name, or `layer/part` where a layer becomes several nodes. */
  readonly name: string;
  readonly inputs: readonly (ValueId | Constant)[];
  readonly output: ValueId;
  /** The output's shape as the graph stores it, without the batch. */
  readonly shape: readonly number[];
}

/** What slides a window over one or two dimensions; every list has an entry a dimension. */
interface Windowed extends OpBase {
  readonly kernel: Kernel;
  /** `[outputs]` */
  readonly bias: Float64Array | null;
  readonly strides: readonly number[];
  readonly pads: Pads;
}

export interface Convolution extends Windowed {
  readonly kind: 'convolution';
  /** `[outputs, inputs / groups, ...window]` */
  readonly kernelShape: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
}

export interface TransposedConvolution extends Windowed {
  readonly kind: 'transposedConvolution';
  /** `[inputs, outputs, ...window]` */
  readonly kernelShape: readonly number[];
  /** Rows and columns of zeros after what the windows reach. */
  readonly outputPadding: readonly number[];
}

/** All before, then all after: `[top, left, bottom, right]`. */
export type Pads = readonly number[];

export interface Dense extends OpBase {
  readonly kind: 'dense';
  /** `[inputs, outputs]` */
  readonly kernel: Kernel;
  readonly kernelShape: readonly [number, number];
  /** `[outputs]` */
  readonly bias: Float64Array | null;
}

/** `x * scale + shift`, one of each a channel (dimension 1 as stored): batch normalisation once it is trained. */
export interface Affine extends OpBase {
  readonly kind: 'affine';
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** Any other ONNX operator, written as it is. */
export interface PlainNode extends OpBase {
  readonly kind: 'node';
  readonly operator: Operator;
  readonly attributes: Operators[Operator];
}

export interface OpKinds {
  convolution: Convolution;
  transposedConvolution: TransposedConvolution;
  dense: Dense;
  affine: Affine;
  node: PlainNode;
}

export type Op = OpKinds[keyof OpKinds];
