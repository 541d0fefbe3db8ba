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
  | 'Atan2'
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
export type ReduceKernel = 'All' | 'Any' | 'Mean' | 'Min' | 'Prod' | 'Sum';

interface ReduceAttrs {
  axis: number | number[];
  keepDims: boolean;
}

interface BatchNormGradientAttrs extends tf.FusedBatchNormAttrs {
  /** Whether mean and variance are computed from x for the gradient to see, not handed in as they are. */
  isThroughStatistics: boolean;
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
  AvgPool3D: [X, tf.AvgPool3DAttrs];
  AvgPool3DGrad: ['dy' | 'input', tf.AvgPool3DGradAttrs];
  AvgPool: [X, tf.AvgPoolAttrs];
  AvgPoolGrad: ['dy' | 'input', tf.AvgPoolGradAttrs];
  BatchMatMul: ['a' | 'b', tf.BatchMatMulAttrs];
  BatchToSpaceND: [X, tf.BatchToSpaceNDAttrs];
  Bincount: [X | 'weights', tf.BincountAttrs];
  BroadcastTo: [X, tf.BroadCastToAttrs];
  Cast: [X, tf.CastAttrs];
  ClipByValue: [X, tf.ClipByValueAttrs];
  Concat: [number, tf.ConcatAttrs];
  Conv2D: ['x' | 'filter', tf.Conv2DAttrs];
  Conv2DBackpropFilter: ['x' | 'dy', tf.Conv2DBackpropFilterAttrs];
  Conv2DBackpropInput: ['dy' | 'filter', tf.Conv2DBackpropInputAttrs];
  Conv3D: [X | 'filter', tf.Conv3DAttrs];
  Conv3DBackpropFilterV2: [X | 'dy', tf.Conv3DBackpropFilterV2Attrs];
  Conv3DBackpropInputV2: ['dy' | 'filter', tf.Conv3DBackpropInputV2Attrs];
  Cumprod: [X, tf.CumprodAttrs];
  Cumsum: [X, tf.CumsumAttrs];
  DenseBincount: [X | 'weights', tf.DenseBincountAttrs];
  DepthToSpace: [X, tf.DepthToSpaceAttrs];
  DepthwiseConv2dNative: [X | 'filter', tf.DepthwiseConv2dNativeAttrs];
  DepthwiseConv2dNativeBackpropFilter: [X | 'dy', tf.DepthwiseConv2dNativeBackpropFilterAttrs];
  DepthwiseConv2dNativeBackpropInput: ['dy' | 'filter', tf.DepthwiseConv2dNativeBackpropInputAttrs];
  Diag: [X, unknown];
  Einsum: [number, tf.EinsumAttrs];
  EluGrad: ['dy' | 'y', unknown];
  ExpandDims: ['input', tf.ExpandDimsAttrs];
  Fill: [never, tf.FillAttrs];
  FlipLeftRight: ['image', unknown];
  FusedBatchNorm: ['x' | 'mean' | 'variance' | 'offset' | 'scale', tf.FusedBatchNormAttrs];
  FusedConv2D: ['x' | 'filter' | 'bias' | 'preluActivationWeights', tf.FusedConv2DAttrs];
  FusedDepthwiseConv2D: [X | 'filter' | 'bias' | 'preluActivationWeights', tf.FusedDepthwiseConv2DAttrs];
  GatherNd: ['params' | 'indices', unknown];
  GatherV2: ['x' | 'indices', tf.GatherV2Attrs];
  LRN: [X, tf.LRNAttrs];
  LRNGrad: [X | 'y' | 'dy', tf.LRNGradAttrs];
  LeakyRelu: [X, tf.LeakyReluAttrs];
  Max: [X, tf.MaxAttrs];
  MaxPool3D: [X, tf.MaxPool3DAttrs];
  MaxPool3DGrad: ['dy' | 'input' | 'output', tf.MaxPool3DGradAttrs];
  MaxPool: [X, tf.MaxPoolAttrs];
  MaxPoolGrad: ['dy' | 'input' | 'output', tf.MaxPoolGradAttrs];
  MirrorPad: [X, tf.MirrorPadAttrs];
  OneHot: ['indices', tf.OneHotAttrs];
  Pack: [number, tf.PackAttrs];
  PadV2: [X, tf.PadV2Attrs];
  Prelu: [X | 'alpha', unknown];
  Reshape: [X, tf.ReshapeAttrs];
  ResizeBilinear: ['images', tf.ResizeBilinearAttrs];
  ResizeBilinearGrad: ['images' | 'dy', tf.ResizeBilinearGradAttrs];
  ResizeNearestNeighbor: ['images', tf.ResizeNearestNeighborAttrs];
  ResizeNearestNeighborGrad: ['images' | 'dy', tf.ResizeNearestNeighborGradAttrs];
  Reverse: [X, tf.ReverseAttrs];
  ScatterNd: ['indices' | 'updates', tf.ScatterNdAttrs];
  Select: ['condition' | 't' | 'e', unknown];
  Slice: [X, tf.SliceAttrs];
  Softmax: ['logits', tf.SoftmaxAttrs];
  SpaceToBatchND: [X, tf.SpaceToBatchNDAttrs];
  SparseToDense: ['sparseIndices' | 'sparseValues' | 'defaultValue', tf.SparseToDenseAttrs];
  SplitV: [X, tf.SplitVAttrs];
  Step: [X, tf.StepAttrs];
  StridedSlice: [X, tf.StridedSliceAttrs];
  TensorScatterUpdate: ['tensor' | 'indices' | 'updates', unknown];
  Tile: [X, tf.TileAttrs];
  TopK: [X, tf.TopKAttrs];
  Transpose: [X, tf.TransposeAttrs];
  Unpack: ['value', tf.UnpackAttrs];
  UnsortedSegmentSum: [X | 'segmentIds', tf.UnsortedSegmentSumAttrs];
  _FusedMatMul: ['a' | 'b' | 'bias' | 'preluActivationWeights', tf._FusedMatMulAttrs];
  batchNormGradient: ['dy' | 'x' | 'mean' | 'variance' | 'scale', BatchNormGradientAttrs];
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
