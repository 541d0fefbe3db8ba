import type { Operator, Operators } from '../onnx/operators.js';
import type { Constant } from '../onnx/tensor.js';

/**
 * The network between TensorFlow.js Layers and ONNX: what the converters write, the rewrites improve and `emit` turns
 * into a graph. Weights stay float64 until they are emitted, so that folding rounds once.
 */

/** Names a value within one network. */
export type ValueId = number;

/** A value as a converter sees it. */
export interface Value {
  readonly id: ValueId;
  /**
   * The shape that Layers gives it, without the batch. Of three dimensions it is `[height, width, channels]`, and the
   * graph stores it as `[batch, channels, height, width]`.
   */
  readonly shape: readonly number[];
  /**
   * Set where a feature map was flattened as the graph stores it, so that its elements go by channel, height, width
   * and Layers' go by height, width, channel. What reads it permutes its weights; nothing is transposed.
   */
  readonly flattened: FeatureMap | null;
}

export interface FeatureMap {
  height: number;
  width: number;
  channels: number;
}

interface OpBase {
  /** The layer's name, or `layer/part` where a layer becomes several nodes. */
  readonly name: string;
  readonly inputs: readonly (ValueId | Constant)[];
  readonly output: ValueId;
  /** The output's shape as the graph stores it, without the batch. */
  readonly shape: readonly number[];
}

export interface Convolution extends OpBase {
  readonly kind: 'convolution';
  /** `[outputs, inputs / groups, height, width]` */
  readonly kernel: Float64Array;
  readonly kernelShape: readonly [number, number, number, number];
  /** `[outputs]` */
  readonly bias: Float64Array | null;
  readonly strides: readonly [number, number];
  /** `[top, left, bottom, right]` */
  readonly pads: Pads;
  readonly dilations: readonly [number, number];
  readonly groups: number;
}

export type Pads = readonly [top: number, left: number, bottom: number, right: number];

export interface Dense extends OpBase {
  readonly kind: 'dense';
  /** `[inputs, outputs]` */
  readonly kernel: Float64Array;
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
  dense: Dense;
  affine: Affine;
  node: PlainNode;
}

export type Op = OpKinds[keyof OpKinds];

/** The shape of a value as the graph stores it, without the batch. */
export function storedShape(shape: readonly number[]): readonly number[] {
  const [height, width, channels] = shape;
  return shape.length === 3 ? [channels!, height!, width!] : shape;
}

/** The axis as the graph stores it for one of Layers' axes, which count the batch; negative ones count from the end. */
export function storedAxis({ shape }: Pick<Value, 'shape'>, axis: number): number {
  const rank = shape.length + 1;
  const positive = axis < 0 ? axis + rank : axis;
  return rank === 4 ? [0, 2, 3, 1][positive]! : positive;
}

/** Puts one value a feature from Layers' order into that of a flattened feature map as the graph stores it. */
export function toStoredOrder(values: Float64Array, flattened: FeatureMap | null): Float64Array {
  if (!flattened) return values;
  const { height, width, channels } = flattened;
  const pixels = height * width;
  return values.map((_, index) => values[(index % pixels) * channels + Math.floor(index / pixels)]!);
}
