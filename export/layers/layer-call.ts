import { unmet } from '../../core/errors.js';
import type { LocalResponse } from '../../core/local-response.js';
import { type DataFormat, positiveAxis } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import type { ActivationName } from './activations.js';

/** One number for each dimension that a window slides over. */
type Extents = readonly number[];
type Sides = readonly [before: number, after: number];

interface Windowed {
  strides: Extents;
  padding: 'valid' | 'same' | 'causal';
  /** Layers over one dimension have the channels last and say nothing; of Conv1D see `callOf`. */
  dataFormat?: DataFormat;
}

interface Activated {
  activation: ActivationName;
  useBias: boolean;
}

interface ConvolutionConfig extends Windowed, Activated {
  kernelSize: Extents;
  dilationRate: Extents;
}

interface PoolingConfig extends Windowed {
  poolSize: Extents;
}

interface NormalizationConfig {
  axis: number | readonly number[];
  epsilon: number;
  center: boolean;
  scale: boolean;
}

interface SpatialConfig {
  dataFormat: DataFormat;
}

/** The members of each layer's `getConfig()` that its converter reads; a class without an entry is not supported. */
export interface LayerConfigs {
  Activation: { activation: ActivationName };
  Add: object;
  AlphaDropout: object;
  Average: object;
  AveragePooling1D: PoolingConfig;
  AveragePooling2D: PoolingConfig;
  BatchNormalization: NormalizationConfig;
  CenterCrop: { height: number; width: number };
  Concatenate: { axis: number };
  Conv1D: ConvolutionConfig;
  Conv2D: ConvolutionConfig;
  Conv2DTranspose: ConvolutionConfig;
  Cropping2D: SpatialConfig & { cropping: readonly [Sides, Sides] };
  Dense: Activated & { units: number };
  DepthwiseConv2D: ConvolutionConfig;
  Dot: { axes: number | readonly number[]; normalize: boolean };
  Dropout: object;
  ELU: object;
  Embedding: { maskZero?: boolean | null };
  Flatten: { dataFormat?: DataFormat };
  GaussianDropout: object;
  GaussianNoise: object;
  GlobalAveragePooling1D: object;
  GlobalAveragePooling2D: SpatialConfig;
  GlobalMaxPooling1D: object;
  GlobalMaxPooling2D: SpatialConfig;
  InputLayer: object;
  LayerNormalization: NormalizationConfig;
  LeakyReLU: { alpha: number };
  LocalResponseNormalization: LocalResponse;
  MaxPooling1D: PoolingConfig;
  MaxPooling2D: PoolingConfig;
  Maximum: object;
  Minimum: object;
  Multiply: object;
  PReLU: object;
  Permute: { dims: readonly number[] };
  ReLU: { maxValue?: number | null };
  RepeatVector: { n: number };
  Rescaling: { scale: number; offset: number };
  Reshape: object;
  Resizing: { height: number; width: number; interpolation: Interpolation; cropToAspectRatio: boolean };
  SeparableConv2D: ConvolutionConfig;
  Softmax: { axis: number | readonly number[] };
  SpatialDropout1D: object;
  ThresholdedReLU: { theta: number };
  UpSampling2D: { size: Extents; dataFormat: DataFormat; interpolation: Interpolation };
  ZeroPadding2D: SpatialConfig & { padding: readonly [Sides, Sides] };
}

export type Interpolation = 'bilinear' | 'nearest';

export type LayerClass = keyof LayerConfigs;

/** One use of a layer: what a converter turns into operations. */
export interface LayerCall<K extends LayerClass> {
  name: string;
  className: K;
  config: LayerConfigs[K];
  inputs: readonly Value[];
  /** The shape that Layers gives the output, without the batch. */
  outputShape: readonly number[];
  /** The values of one of the layer's weights, by its name within the layer: `kernel`, `bias`, `moving_mean`. */
  weight(name: string): Weight;
}

export interface Weight {
  readonly shape: readonly number[];
  /** Copied whenever they are asked for. */
  readonly values: Float64Array;
  /** TensorFlow.js's own. */
  readonly stored: ArrayLike<number>;
}

/** Appends what the layer computes to the draft and returns the value of its output. */
export type Converter<K extends LayerClass> = (call: LayerCall<K>, draft: Draft) => Value;

/** The one input of a layer that takes one. */
export function inputOf<K extends LayerClass>({ inputs }: LayerCall<K>): Value {
  return inputs[0]!;
}

/** @throws TenfoldError `bad-input` for an option of a layer that the exporter does not know. */
export function unsupported<K extends LayerClass>(
  { name, className }: LayerCall<K>,
  option: string,
  expected: string,
  got: string,
): Error {
  return unmet({
    code: 'bad-input',
    what: `${option} of the layer "${name}" (${className})`,
    expected,
    got,
    advice: 'Build the model with that option and export it again.',
  });
}

/** @throws TenfoldError `bad-input` where the layer acts along another axis than the last. */
export function requireLastAxis<K extends 'BatchNormalization' | 'Softmax'>(
  call: LayerCall<K>,
  axis: number | readonly number[],
  { shape }: Value,
): void {
  const axes = [axis].flat();
  const isLast = axes.length === 1 && (axes[0] === -1 || axes[0] === shape.length);
  if (isLast) return;
  const expected = `-1 or ${shape.length}, the last (along others TensorFlow.js's cpu backend fails or errs),`;
  throw unsupported(call, 'axis', expected, `${axes}`);
}

/** @throws TenfoldError `bad-input` where the layer acts along the batch: a graph takes each example for itself. */
export function requireNoBatchAxis<K extends LayerClass>(
  call: LayerCall<K>,
  axes: readonly number[],
  dimensions: number,
): void {
  if (axes.every((axis) => positiveAxis(axis, dimensions) > 0)) return;
  throw unsupported(call, 'axis', `1 to ${dimensions}, one beside the batch,`, `${axes}`);
}

/** The window's dimensions of a shape, without batch and channels. */
export function spatialExtents(shape: readonly number[], dataFormat: DataFormat): readonly number[] {
  return dataFormat === 'channelsFirst' ? shape.slice(1) : shape.slice(0, -1);
}
