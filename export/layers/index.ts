import { unmet } from '../../core/errors.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { eLU, leakyReLU, pReLU, reLU, softmaxLayer, thresholdedReLU } from './activation-layers.js';
import { activation } from './activations.js';
import { cropping2D, zeroPadding2D } from './borders.js';
import { conv1D, conv2D, depthwiseConv2D, separableConv2D } from './convolution.js';
import { dense } from './dense.js';
import { dot } from './dot.js';
import { embedding } from './embedding.js';
import { type Converter, inputOf, type LayerCall, type LayerClass } from './layer-call.js';
import { localResponse } from './local-response.js';
import { add, average, concatenate, maximum, minimum, multiply } from './merge.js';
import { batchNormalization, layerNormalization, rescaling } from './normalization.js';
import {
  averagePooling1D,
  averagePooling2D,
  globalAveragePooling1D,
  globalAveragePooling2D,
  globalMaxPooling1D,
  globalMaxPooling2D,
  maxPooling1D,
  maxPooling2D,
} from './pooling.js';
import { centerCrop, resizing, upSampling2D } from './resizing.js';
import { flatten, permute, repeatVector, reshape } from './shapes.js';
import { conv2DTranspose } from './transposed-convolution.js';

/** What acts in training only. */
const passed = inputOf;

/**
 * What each layer class of TensorFlow.js becomes. To add one: its configuration in `LayerConfigs`, its converter in a
 * file of this folder, its entry here, and its options in `test/export/grids/`.
 */
const CONVERTERS: { readonly [K in LayerClass]: Converter<K> } = {
  Activation: activation,
  Add: add,
  AlphaDropout: passed,
  Average: average,
  AveragePooling1D: averagePooling1D,
  AveragePooling2D: averagePooling2D,
  BatchNormalization: batchNormalization,
  CenterCrop: centerCrop,
  Concatenate: concatenate,
  Conv1D: conv1D,
  Conv2D: conv2D,
  Conv2DTranspose: conv2DTranspose,
  Cropping2D: cropping2D,
  Dense: dense,
  DepthwiseConv2D: depthwiseConv2D,
  Dot: dot,
  Dropout: passed,
  ELU: eLU,
  Embedding: embedding,
  Flatten: flatten,
  GaussianDropout: passed,
  GaussianNoise: passed,
  GlobalAveragePooling1D: globalAveragePooling1D,
  GlobalAveragePooling2D: globalAveragePooling2D,
  GlobalMaxPooling1D: globalMaxPooling1D,
  GlobalMaxPooling2D: globalMaxPooling2D,
  InputLayer: inputOf,
  LayerNormalization: layerNormalization,
  LeakyReLU: leakyReLU,
  LocalResponseNormalization: localResponse,
  MaxPooling1D: maxPooling1D,
  MaxPooling2D: maxPooling2D,
  Maximum: maximum,
  Minimum: minimum,
  Multiply: multiply,
  PReLU: pReLU,
  Permute: permute,
  ReLU: reLU,
  RepeatVector: repeatVector,
  Rescaling: rescaling,
  Reshape: reshape,
  Resizing: resizing,
  SeparableConv2D: separableConv2D,
  Softmax: softmaxLayer,
  SpatialDropout1D: passed,
  ThresholdedReLU: thresholdedReLU,
  UpSampling2D: upSampling2D,
  ZeroPadding2D: zeroPadding2D,
};

/** The layer classes that the exporter converts, in the order of their names. */
export const SUPPORTED_LAYERS = Object.keys(CONVERTERS) as LayerClass[];

const RECURRENT =
  'Recurrent layers read sequences: the exporter carries classifiers of images, which have none.';
const VOLUMES = 'It reads volumes or films: the exporter carries one and two dimensions beside the channels.';
const RANDOM =
  'TensorFlow.js changes the size at random when it predicts as well, so that there is nothing to compare a graph with: leave the layer out.';

/** All other classes of TensorFlow.js, and others that people may expect: why they are not here, and what to do instead. */
const REASONS: Readonly<Record<string, string>> = {
  AveragePooling3D: VOLUMES,
  Bidirectional: RECURRENT,
  CategoryEncoding: 'It makes rows of categories, no image has any: encode them before the model.',
  Conv3D: VOLUMES,
  Conv3DTranspose: VOLUMES,
  ConvLSTM2D: RECURRENT,
  ConvLSTM2DCell: RECURRENT,
  GRU: RECURRENT,
  GRUCell: RECURRENT,
  LSTM: RECURRENT,
  LSTMCell: RECURRENT,
  Lambda: 'A Lambda keeps its function outside the file: write it as layers of the list.',
  Masking: 'Masks are not carried into the graph: feed sequences of one length and leave the layer out.',
  MaxPooling3D: VOLUMES,
  RNN: RECURRENT,
  RandomHeight: RANDOM,
  RandomWidth: RANDOM,
  SimpleRNN: RECURRENT,
  SimpleRNNCell: RECURRENT,
  StackedRNNCells: RECURRENT,
  Subtract: 'TensorFlow.js has no such layer: write it as a Rescaling by -1 and an Add.',
  TimeDistributed:
    'It repeats a layer over time: a Dense or a convolution acts on every place of a map already.',
};

/** What requireSupported knows, for the test that no class of TensorFlow.js is without a word. */
export const REFUSED_LAYERS = Object.keys(REASONS);

/**
 * @param place where in the model the layer stands: `layer 3 of 8 of the model "digits"`.
 * @throws TenfoldError `bad-input`, naming the layer, where its class has no converter.
 */
export function requireSupported(className: string, layer: string, place: string): LayerClass {
  const known = SUPPORTED_LAYERS.find((name) => name === className);
  if (known) return known;
  throw unmet({
    code: 'bad-input',
    what: `the class of the layer "${layer}", ${place}`,
    expected: `one of ${SUPPORTED_LAYERS.join(', ')}`,
    got: className,
    advice: REASONS[className] ?? 'Replace the layer, or add a converter for its class in export/layers.',
  });
}

export function convertLayer<K extends LayerClass>(call: LayerCall<K>, draft: Draft): Value {
  return CONVERTERS[call.className](call, draft);
}
