import { unmet } from '../../core/errors.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { activation, leakyReLU, reLU, softmaxLayer } from './activations.js';
import { conv2D, depthwiseConv2D } from './convolution.js';
import { dense } from './dense.js';
import { type Converter, inputOf, type LayerCall, type LayerClass } from './layer-call.js';
import { localResponse } from './local-response.js';
import { add, concatenate } from './merge.js';
import { batchNormalization, rescaling } from './normalization.js';
import { averagePooling2D, globalAveragePooling2D, globalMaxPooling2D, maxPooling2D } from './pooling.js';
import { flatten, reshape, zeroPadding2D } from './shapes.js';

/**
 * What each layer class of TensorFlow.js becomes. To add one: its configuration in `LayerConfigs`, its converter in a
 * file of this folder, its entry here, and its options in `test/export/layers.test.ts`.
 */
const CONVERTERS: { readonly [K in LayerClass]: Converter<K> } = {
  Activation: activation,
  Add: add,
  AveragePooling2D: averagePooling2D,
  BatchNormalization: batchNormalization,
  Concatenate: concatenate,
  Conv2D: conv2D,
  Dense: dense,
  DepthwiseConv2D: depthwiseConv2D,
  Dropout: inputOf, // acts in training only
  Flatten: flatten,
  GlobalAveragePooling2D: globalAveragePooling2D,
  GlobalMaxPooling2D: globalMaxPooling2D,
  InputLayer: inputOf,
  LeakyReLU: leakyReLU,
  LocalResponseNormalization: localResponse,
  MaxPooling2D: maxPooling2D,
  ReLU: reLU,
  Rescaling: rescaling,
  Reshape: reshape,
  Softmax: softmaxLayer,
  ZeroPadding2D: zeroPadding2D,
};

/** The layer classes that the exporter converts, in the order of their names. */
export const SUPPORTED_LAYERS = Object.keys(CONVERTERS) as LayerClass[];

/** @throws TenfoldError `bad-input`, naming the layer, where its class has no converter. */
export function requireSupported(className: string, layer: string): LayerClass {
  const known = SUPPORTED_LAYERS.find((name) => name === className);
  if (known) return known;
  throw unmet({
    code: 'bad-input',
    what: `the class of the layer "${layer}"`,
    expected: `one of ${SUPPORTED_LAYERS.join(', ')}`,
    got: className,
    advice: 'Replace the layer, or add a converter for its class in export/layers.',
  });
}

export function convertLayer<K extends LayerClass>(call: LayerCall<K>, draft: Draft): Value {
  return CONVERTERS[call.className](call, draft);
}
