import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LocalResponse } from '../../core/local-response.js';
import { randomStream } from '../random.js';
import { ACTIVATIONS, type Activation } from './activations.js';
import { applyDropout } from './dropout.js';
import { LocalResponseNormalization } from './local-response.js';
import { type Padding, requireRoom } from './windows.js';

/** How a layer's weights begin. */
const INITIALIZERS = {
  /** Keras's default: uniform, variance 2 / (fan in + fan out) (Glorot and Bengio 2010). */
  glorot: (seed: number) => initializers.glorotUniform({ seed }),
  /** PyTorch's default: uniform within 1 / sqrt(fan in). */
  fanIn: (seed: number) =>
    initializers.varianceScaling({ scale: 1 / 3, mode: 'fanIn', distribution: 'uniform', seed }),
  /**
   * The TensorFlow model garden's: a normal of variance 1 / fan in, cut off at two standard deviations. That leaves a variance of
   * 0.774 / fan in: TensorFlow widens the normal to make up for it, TensorFlow.js does not.
   */
  fanInNormal: (seed: number) =>
    initializers.varianceScaling({ scale: 1, mode: 'fanIn', distribution: 'normal', seed }),
};

/** Batch normalisation as PyTorch has it by default; it counts the new average's share (0.1), Keras the old one's. */
export const PYTORCH_NORMALIZATION = { momentum: 0.9, epsilon: 1e-5 };

export type Initializer = keyof typeof INITIALIZERS;

interface Convolution {
  filters: number;
  kernelSize: number;
  strides?: number;
  padding?: Padding;
  activation?: Activation;
  useBias?: boolean;
}

interface Pool {
  /** By default the size of the window. */
  strides?: number;
  padding?: Padding;
}

/** An activation as TensorFlow.js's layers with weights take it. */
type CarriedName = Parameters<typeof layers.activation>[0]['activation'];

interface Dense {
  units: number;
  activation?: Activation;
  name?: string;
}

/**
 * Makes the layers of one network: every layer that draws initial weights gets a seed of its own from the run's,
 * so that the same seed gives the same network whatever else draws random numbers.
 */
export function layerFactory(seed: number, initializer: Initializer) {
  const stream = randomStream(seed, 'initial weights');
  const drawWeights = () => INITIALIZERS[initializer](stream.integer(2 ** 31));
  // TensorFlow.js would count through the process: a resumed run must find the names that it saved.
  const counts = new Map<string, number>();
  const numbered = (kind: string): string => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind}_${count}`;
  };
  const made: layers.Layer[] = [];
  const apply = (layer: layers.Layer, x: SymbolicTensor | SymbolicTensor[]) => {
    made.push(layer);
    return layer.apply(x) as SymbolicTensor;
  };

  /** A layer for an activation alone. */
  const activate = (x: SymbolicTensor, activation: Activation): SymbolicTensor => {
    const rule = ACTIVATIONS[activation];
    const name = numbered('activation');
    return apply(
      rule.kind === 'layer' ? rule.make(name) : layers.activation({ name, activation: rule.name }),
      x,
    );
  };
  /** The activation within a layer with weights where it can carry it, else behind it. */
  const withActivation = (
    activation: Activation | undefined,
    linear: (carried: { activation?: CarriedName }) => SymbolicTensor,
  ): SymbolicTensor => {
    if (!activation) return linear({});
    const rule = ACTIVATIONS[activation];
    return rule.kind === 'built in' ? linear({ activation: rule.name }) : activate(linear({}), activation);
  };

  return {
    /** @throws TenfoldError `bad-usage` where the kernel or the stride is larger than the map. */
    convolution: (x: SymbolicTensor, { activation, ...options }: Convolution) => {
      const name = numbered('conv2d');
      const { kernelSize, strides = 1, padding = 'valid' } = options;
      requireRoom(x, { name, size: kernelSize, strides, padding });
      return withActivation(activation, (carried) =>
        apply(layers.conv2d({ name, padding, ...options, ...carried, kernelInitializer: drawWeights() }), x),
      );
    },
    dense: (x: SymbolicTensor, { activation, ...options }: Dense) =>
      withActivation(activation, (carried) =>
        apply(
          layers.dense({
            name: numbered('dense'),
            ...options,
            ...carried,
            kernelInitializer: drawWeights(),
          }),
          x,
        ),
      ),
    batchNorm: (x: SymbolicTensor, { momentum = 0.99, epsilon = 1e-3 } = {}) =>
      apply(layers.batchNormalization({ name: numbered('batch_normalization'), momentum, epsilon }), x),
    localResponseNorm: (x: SymbolicTensor, response: LocalResponse) =>
      apply(
        new LocalResponseNormalization({ name: numbered('local_response_normalization'), ...response }),
        x,
      ),
    activate,
    /** @throws TenfoldError `bad-usage` where the window or the stride is larger than the map. */
    maxPool: (x: SymbolicTensor, size: number, { strides = size, padding = 'valid' }: Pool = {}) => {
      const name = numbered('max_pooling2d');
      requireRoom(x, { name, size, strides, padding });
      return apply(layers.maxPooling2d({ name, poolSize: size, strides, padding }), x);
    },
    /** `pixels` of zeros on every side. */
    zeroPad: (x: SymbolicTensor, pixels: number) =>
      apply(layers.zeroPadding2d({ name: numbered('zero_padding2d'), padding: pixels }), x),
    globalAveragePool: (x: SymbolicTensor) =>
      apply(layers.globalAveragePooling2d({ name: numbered('global_average_pooling2d') }), x),
    /** Feature maps side by side: `[batch, height, width, sum of channels]`. */
    concatenate: (maps: SymbolicTensor[]) =>
      apply(layers.concatenate({ name: numbered('concatenate') }), maps),
    add: (a: SymbolicTensor, b: SymbolicTensor) => apply(layers.add({ name: numbered('add') }), [a, b]),
    globalMaxPool: (x: SymbolicTensor) =>
      apply(layers.globalMaxPooling2d({ name: numbered('global_max_pooling2d') }), x),
    dropout: (x: SymbolicTensor, share: number) => applyDropout(x, share, numbered('dropout')),
    rescale: (x: SymbolicTensor, scale: number, offset: number) =>
      apply(layers.rescaling({ name: numbered('rescaling'), scale, offset }), x),
    /** Frees the weights of all layers made so far, where they come to no model. */
    dispose: () => {
      for (const { weights } of made) for (const weight of weights) weight.dispose();
    },
    flatten: (x: SymbolicTensor) => apply(layers.flatten({ name: numbered('flatten') }), x),
  };
}

export type LayerFactory = ReturnType<typeof layerFactory>;
