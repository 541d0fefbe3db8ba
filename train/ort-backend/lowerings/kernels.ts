import type * as tf from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';

/** Kernels of one tensor `x`, element by element, without attributes. */
export type UnaryKernel =
  | 'Abs'
  | 'Acos'
  | 'Acosh'
  | 'Asin'
  | 'Asinh'
  | 'Atan'
  | 'Atanh'
  | 'Ceil'
  | 'Cos'
  | 'Cosh'
  | 'Elu'
  | 'Erf'
  | 'Exp'
  | 'Expm1'
  | 'Floor'
  | 'IsFinite'
  | 'IsInf'
  | 'IsNan'
  | 'Log'
  | 'Log1p'
  | 'LogicalNot'
  | 'Neg'
  | 'OnesLike'
  | 'Reciprocal'
  | 'Relu'
  | 'Relu6'
  | 'Round'
  | 'Rsqrt'
  | 'Selu'
  | 'Sigmoid'
  | 'Sign'
  | 'Sin'
  | 'Sinh'
  | 'Softplus'
  | 'Sqrt'
  | 'Square'
  | 'Tan'
  | 'Tanh'
  | 'ZerosLike'
  | 'Identity';

/** Kernels of two tensors `a` and `b` that broadcast. */
export type BinaryKernel =
  | 'Add'
  | 'Equal'
  | 'FloorDiv'
  | 'Greater'
  | 'GreaterEqual'
  | 'Less'
  | 'LessEqual'
  | 'LogicalAnd'
  | 'LogicalOr'
  | 'Maximum'
  | 'Minimum'
  | 'Mod'
  | 'Multiply'
  | 'NotEqual'
  | 'Pow'
  | 'RealDiv'
  | 'SquaredDifference'
  | 'Sub';

/** Kernels that reduce the axes named. */
export type ReduceKernel = 'Mean' | 'Min' | 'Prod' | 'Sum';

interface ReduceAttrs {
  axis: number | number[];
  keepDims: boolean;
}

type X = 'x';

/**
 * Each kernel's inputs and attributes, as TensorFlow.js passes them. Names with a lower-case start are ours: gradients
 * that TensorFlow.js composes of many kernels and that one lowering does in fewer passes.
 */
export interface Signatures
  extends Record<UnaryKernel, [X, unknown]>,
    Record<BinaryKernel, ['a' | 'b', unknown]>,
    Record<ReduceKernel, [X, ReduceAttrs]> {
  AddN: [number, unknown];
  ArgMax: [X, tf.ArgMaxAttrs];
  ArgMin: [X, tf.ArgMinAttrs];
  AvgPool: [X, tf.AvgPoolAttrs];
  AvgPoolGrad: ['dy' | 'input', tf.AvgPoolGradAttrs];
  BatchMatMul: ['a' | 'b', tf.BatchMatMulAttrs];
  BroadcastTo: [X, tf.BroadCastToAttrs];
  Cast: [X, tf.CastAttrs];
  ClipByValue: [X, tf.ClipByValueAttrs];
  Concat: [number, tf.ConcatAttrs];
  Conv2D: ['x' | 'filter', tf.Conv2DAttrs];
  Conv2DBackpropFilter: ['x' | 'dy', tf.Conv2DBackpropFilterAttrs];
  Conv2DBackpropInput: ['dy' | 'filter', tf.Conv2DBackpropInputAttrs];
  EluGrad: ['dy' | 'y', unknown];
  ExpandDims: ['input', tf.ExpandDimsAttrs];
  Fill: [never, tf.FillAttrs];
  FusedBatchNorm: ['x' | 'mean' | 'variance' | 'offset' | 'scale', tf.FusedBatchNormAttrs];
  FusedConv2D: ['x' | 'filter' | 'bias' | 'preluActivationWeights', tf.FusedConv2DAttrs];
  GatherV2: ['x' | 'indices', tf.GatherV2Attrs];
  LeakyRelu: [X, tf.LeakyReluAttrs];
  Max: [X, tf.MaxAttrs];
  MaxPool: [X, tf.MaxPoolAttrs];
  MaxPoolGrad: ['dy' | 'input' | 'output', tf.MaxPoolGradAttrs];
  OneHot: ['indices', tf.OneHotAttrs];
  Pack: [number, tf.PackAttrs];
  PadV2: [X, tf.PadV2Attrs];
  Prelu: [X | 'alpha', unknown];
  Reshape: [X, tf.ReshapeAttrs];
  Reverse: [X, tf.ReverseAttrs];
  Select: ['condition' | 't' | 'e', unknown];
  Slice: [X, tf.SliceAttrs];
  Softmax: ['logits', tf.SoftmaxAttrs];
  SplitV: [X, tf.SplitVAttrs];
  Step: [X, tf.StepAttrs];
  Tile: [X, tf.TileAttrs];
  Transpose: [X, tf.TransposeAttrs];
  Unpack: ['value', tf.UnpackAttrs];
  _FusedMatMul: ['a' | 'b' | 'bias' | 'preluActivationWeights', tf._FusedMatMulAttrs];
  batchNormGradient: ['dy' | 'x' | 'mean' | 'variance' | 'scale', tf.FusedBatchNormAttrs];
}

export type KernelName = keyof Signatures;

/** The inputs of a kernel: named, or a list where the signature says `number`. */
export type Inputs<K extends KernelName> = Signatures[K][0] extends number
  ? Value[]
  : { [N in Signatures[K][0]]: Value };

export type Attributes<K extends KernelName> = Signatures[K][1];

/** Appends what a kernel means to the graph and returns its output, or its outputs. */
export type Lowering<K extends KernelName> = (
  graph: LazyGraph,
  inputs: Inputs<K>,
  attributes: Attributes<K>,
) => Value | Value[];

export type Table<K extends KernelName> = { [Name in K]: Lowering<Name> };
