/** A list of whole numbers: ONNX `ints`. */
type Ints = readonly number[];

interface Spatial {
  kernel_shape?: Ints;
  strides?: Ints;
  /** `[top, left, bottom, right]` */
  pads?: Ints;
  dilations?: Ints;
}

/** An operator without attributes. */
type None = Record<never, never>;

/**
 * The operators of opset 17 that we write, under their exact names, with the attributes that we set.
 * A node of any other operator, or with a misspelt attribute, does not compile.
 */
export interface Operators {
  Abs: None;
  Acos: None;
  Acosh: None;
  Add: None;
  And: None;
  ArgMax: { axis: number; keepdims: 0 | 1 };
  ArgMin: { axis: number; keepdims: 0 | 1 };
  Asin: None;
  Asinh: None;
  Atan: None;
  Atanh: None;
  AveragePool: Spatial & { kernel_shape: Ints; count_include_pad?: 0 | 1 };
  BatchNormalization: { epsilon: number; momentum?: number; training_mode?: 0 | 1 };
  Cast: { to: number };
  Ceil: None;
  Clip: None;
  Concat: { axis: number };
  Conv: Spatial & { group?: number };
  ConvTranspose: Spatial & { group?: number; output_padding?: Ints; output_shape?: Ints };
  Cos: None;
  Cosh: None;
  CumSum: { exclusive?: 0 | 1; reverse?: 0 | 1 };
  DFT: { axis: number; inverse?: 0 | 1; onesided?: 0 | 1 };
  DequantizeLinear: { axis?: number };
  Div: None;
  Einsum: { equation: string };
  Elu: { alpha: number };
  Equal: None;
  Erf: None;
  Exp: None;
  Expand: None;
  Flatten: { axis: number };
  Floor: None;
  Gather: { axis: number };
  GatherElements: { axis: number };
  GatherND: { batch_dims?: number };
  Gemm: { transA?: 0 | 1; transB?: 0 | 1; alpha?: number; beta?: number };
  GlobalAveragePool: None;
  Greater: None;
  GreaterOrEqual: None;
  HardSigmoid: { alpha: number; beta: number };
  Identity: None;
  IsInf: None;
  IsNaN: None;
  LRN: { size: number; alpha: number; beta: number; bias: number };
  LayerNormalization: { axis: number; epsilon: number };
  LeakyRelu: { alpha: number };
  Less: None;
  LessOrEqual: None;
  Log: None;
  LogSoftmax: { axis: number };
  MatMul: None;
  Max: None;
  MaxPool: Spatial & { kernel_shape: Ints };
  MaxUnpool: { kernel_shape: Ints; strides: Ints };
  Mean: None;
  Min: None;
  Mod: { fmod?: 0 | 1 };
  Mul: None;
  Neg: None;
  Not: None;
  OneHot: { axis: number };
  Or: None;
  PRelu: None;
  Pad: { mode?: 'constant' | 'reflect' | 'edge' };
  Pow: None;
  Range: None;
  Reciprocal: None;
  QuantizeLinear: { axis?: number };
  ReduceL2: { axes: Ints; keepdims: 0 | 1 };
  ReduceLogSumExp: { axes: Ints; keepdims: 0 | 1 };
  ReduceMax: { axes: Ints; keepdims: 0 | 1 };
  ReduceMean: { axes: Ints; keepdims: 0 | 1 };
  ReduceMin: { axes: Ints; keepdims: 0 | 1 };
  ReduceProd: { axes: Ints; keepdims: 0 | 1 };
  ReduceSum: { keepdims: 0 | 1 };
  ReduceSumSquare: { axes: Ints; keepdims: 0 | 1 };
  Relu: None;
  Reshape: { allowzero?: 0 | 1 };
  Resize: {
    mode: 'linear' | 'nearest';
    coordinate_transformation_mode: 'align_corners' | 'asymmetric';
    nearest_mode?: 'floor';
  };
  Round: None;
  ScatterElements: { axis: number; reduction?: 'none' | 'add' | 'mul' };
  ScatterND: { reduction?: 'none' | 'add' | 'mul' };
  Selu: None;
  Shape: None;
  Sigmoid: None;
  Sign: None;
  Sin: None;
  Sinh: None;
  Slice: None;
  Softmax: { axis: number };
  Softplus: None;
  Softsign: None;
  Split: { axis: number };
  Sqrt: None;
  Squeeze: None;
  Sub: None;
  Sum: None;
  Tan: None;
  Tanh: None;
  ThresholdedRelu: { alpha: number };
  Tile: None;
  TopK: { axis: number; largest: 0 | 1; sorted: 0 | 1 };
  Transpose: { perm: Ints };
  Unsqueeze: None;
  Where: None;
}

export type Operator = keyof Operators;

/** What an attribute can hold here: ONNX INT, FLOAT, STRING or INTS. */
export type AttributeValue = number | string | Ints;

/** Attributes whose numbers are FLOAT, not INT; ONNX types an attribute by its name within the operator. */
export const FLOAT_ATTRIBUTES: ReadonlySet<string> = new Set([
  'alpha',
  'beta',
  'bias',
  'epsilon',
  'momentum',
]);
