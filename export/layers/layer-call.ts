import { unmet } from '../../core/errors.js';
import type { LocalResponse } from '../../core/local-response.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import type { ActivationName } from './activations.js';

type Pair = readonly [number, number];
type DataFormat = 'channelsFirst' | 'channelsLast';

interface Windowed {
  strides: Pair;
  padding: 'valid' | 'same' | 'causal';
  dataFormat: DataFormat;
}

interface Activated {
  activation: ActivationName;
  useBias: boolean;
}

interface ConvolutionConfig extends Windowed, Activated {
  kernelSize: Pair;
  dilationRate: Pair;
}

interface PoolingConfig extends Windowed {
  poolSize: Pair;
}

/** The members of each layer's `getConfig()` that its converter reads; a class without an entry is not supported. */
export interface LayerConfigs {
  Activation: { activation: ActivationName };
  Add: object;
  AveragePooling2D: PoolingConfig;
  BatchNormalization: { axis: number; epsilon: number; center: boolean; scale: boolean };
  Concatenate: { axis: number };
  Conv2D: ConvolutionConfig & { filters: number };
  Dense: Activated & { units: number };
  DepthwiseConv2D: ConvolutionConfig & { depthMultiplier: number };
  Dropout: object;
  Flatten: { dataFormat?: DataFormat };
  GlobalAveragePooling2D: { dataFormat: DataFormat };
  GlobalMaxPooling2D: { dataFormat: DataFormat };
  InputLayer: object;
  LeakyReLU: { alpha: number };
  LocalResponseNormalization: LocalResponse;
  MaxPooling2D: PoolingConfig;
  ReLU: { maxValue?: number | null };
  Rescaling: { scale: number; offset: number };
  Reshape: object;
  Softmax: { axis: number | number[] };
  ZeroPadding2D: { padding: readonly [Pair, Pair]; dataFormat: DataFormat };
}

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
  shape: readonly number[];
  values: Float64Array;
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

/** @throws TenfoldError `bad-input` where the layer acts along another axis than the last: TensorFlow.js's cpu backend fails there, or errs. */
export function requireLastAxis<K extends 'BatchNormalization' | 'Softmax'>(
  call: LayerCall<K>,
  axis: number | readonly number[],
  { shape }: Value,
): void {
  const axes = [axis].flat();
  const isLast = axes.length === 1 && (axes[0] === -1 || axes[0] === shape.length);
  if (!isLast) throw unsupported(call, 'axis', `-1 or ${shape.length}, the last,`, `${axes}`);
}

/** @throws TenfoldError `bad-input` where the layer keeps its channels first. */
export function requireChannelsLast<
  K extends 'Flatten' | 'GlobalAveragePooling2D' | 'GlobalMaxPooling2D' | 'ZeroPadding2D',
>(call: LayerCall<K>, dataFormat: DataFormat | undefined): void {
  if (dataFormat === 'channelsFirst') {
    throw unsupported(call, 'dataFormat', 'channelsLast', 'channelsFirst');
  }
}
