import { initializers, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { randomStream } from '../random.js';
import { applyDropout } from './dropout.js';

export type Padding = 'same' | 'valid';

/** How a layer's weights begin. */
const INITIALIZERS = {
  /** Keras's default: uniform, variance 2 / (fan in + fan out) (Glorot and Bengio 2010). */
  glorot: (seed: number) => initializers.glorotUniform({ seed }),
  /** PyTorch's default: uniform within 1 / sqrt(fan in). */
  fanIn: (seed: number) =>
    initializers.varianceScaling({ scale: 1 / 3, mode: 'fanIn', distribution: 'uniform', seed }),
};

export type Initializer = keyof typeof INITIALIZERS;

interface Convolution {
  filters: number;
  kernelSize: number;
  strides?: number;
  padding?: Padding;
  activation?: 'relu';
  useBias?: boolean;
}

interface Pool {
  /** By default the size of the window. */
  strides?: number;
  padding?: Padding;
}

interface Dense {
  units: number;
  activation?: 'relu';
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
  const apply = (
    layer: { apply(x: SymbolicTensor | SymbolicTensor[]): unknown },
    x: SymbolicTensor | SymbolicTensor[],
  ) => layer.apply(x) as SymbolicTensor;

  return {
    convolution: (x: SymbolicTensor, options: Convolution) =>
      apply(
        layers.conv2d({
          name: numbered('conv2d'),
          padding: 'valid',
          ...options,
          kernelInitializer: drawWeights(),
        }),
        x,
      ),
    dense: (x: SymbolicTensor, options: Dense) =>
      apply(layers.dense({ name: numbered('dense'), ...options, kernelInitializer: drawWeights() }), x),
    batchNorm: (x: SymbolicTensor, { momentum = 0.99, epsilon = 1e-3 } = {}) =>
      apply(layers.batchNormalization({ name: numbered('batch_normalization'), momentum, epsilon }), x),
    relu: (x: SymbolicTensor) =>
      apply(layers.activation({ name: numbered('activation'), activation: 'relu' }), x),
    maxPool: (x: SymbolicTensor, size: number, { strides = size, padding = 'valid' }: Pool = {}) =>
      apply(layers.maxPooling2d({ name: numbered('max_pooling2d'), poolSize: size, strides, padding }), x),
    globalAveragePool: (x: SymbolicTensor) =>
      apply(layers.globalAveragePooling2d({ name: numbered('global_average_pooling2d') }), x),
    add: (a: SymbolicTensor, b: SymbolicTensor) => apply(layers.add({ name: numbered('add') }), [a, b]),
    globalMaxPool: (x: SymbolicTensor) =>
      apply(layers.globalMaxPooling2d({ name: numbered('global_max_pooling2d') }), x),
    dropout: (x: SymbolicTensor, share: number) => applyDropout(x, share, numbered('dropout')),
    rescale: (x: SymbolicTensor, scale: number, offset: number) =>
      apply(layers.rescaling({ name: numbered('rescaling'), scale, offset }), x),
    flatten: (x: SymbolicTensor) => apply(layers.flatten({ name: numbered('flatten') }), x),
  };
}

export type LayerFactory = ReturnType<typeof layerFactory>;
