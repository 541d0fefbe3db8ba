import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Activation } from './activations.js';
import type { LayerFactory } from './layers.js';

/** What every architecture lets a recipe choose. */
type CommonOptions = {
  /** Between all layers but those before an addition and the last. */
  activation: Activation;
};

/** What each architecture lets a recipe choose. */
export interface ArchitectureOptions {
  /** Experiment A: a convolution, a pool, bottleneck blocks of one width, a dense layer. */
  bottleneck: CommonOptions & {
    filters: number;
    blocks: number;
    denseUnits: number;
    dropout: number;
  };
  /** The pipeline's own: a convolution and a pool, two stages of basic blocks, a global maximum. */
  compact: CommonOptions & {
    /** Filters of the first stage; the second has twice as many. */
    filters: number;
    blocksPerStage: number;
  };
  /** The one that is shipped, and its teacher: three stages of basic blocks, a global average. */
  flagship: CommonOptions & {
    /** Filters at 28, 14 and 7 pixels a side. */
    firstFilters: number;
    secondFilters: number;
    thirdFilters: number;
    /** Residual blocks at each, beside the convolution that a stage begins with. */
    firstBlocks: number;
    secondBlocks: number;
    thirdBlocks: number;
  };
  /** Experiment B: a strided stem and a pool, basic blocks of one width, a global average, a dense layer. */
  'basic-block': CommonOptions & {
    filters: number;
    blocks: number;
    /** The block, counted from 1, that halves the picture's sides; 0 for none. */
    downsamplingBlock: number;
    denseUnits: number;
  };
  /** Experiment C: two pairs of convolutions, each followed by a pool, and two dense layers. */
  'conv-pairs': CommonOptions & {
    /** Filters of the first convolution; each of the next three has twice as many as the one before. */
    filters: number;
    kernelSize: number;
    poolSize: number;
    firstDenseUnits: number;
    secondDenseUnits: number;
  };
  /** Experiment D: five convolutions with pools and local response normalisation, two dense layers with dropout. */
  alexnet: CommonOptions & {
    /** Filters of the first convolution; the others keep AlexNet's proportions to it. */
    filters: number;
    denseUnits: number;
    dropout: number;
  };
  /** Experiment D: the TensorFlow model garden's ResNet for small pictures, three stages of basic blocks. */
  'garden-resnet': CommonOptions & {
    /** 1 normalises after each convolution, 2 before it. */
    version: number;
    /** Filters of the first stage; each of the next two has twice as many as the one before. */
    filters: number;
    blocksPerStage: number;
  };
  /** Experiment D: nine inception modules in three stages. */
  googlenet: CommonOptions & {
    /** What GoogLeNet's own numbers of filters are divided by. */
    widthDivisor: number;
    dropout: number;
  };
  /** Experiment E: ResNet-34 for 28 x 28, four stages of 3, 4, 6 and 3 basic blocks. */
  'resnet-34': CommonOptions & {
    /** Filters of the first stage; each of the next three has twice as many as the one before. */
    filters: number;
    firstKernel: number;
    firstStride: number;
    /** Whether a batch normalisation follows every block of a stage but its first. */
    blockNorm: 'none' | 'later-blocks';
    dropout: number;
  };
  /** The published plain network 24c5-pool-32c3-pool-256-10. */
  plain: CommonOptions & {
    firstFilters: number;
    secondFilters: number;
    denseUnits: number;
  };
}

export type Architecture = keyof ArchitectureOptions;

/** From the input `[batch, 28, 28, 1]` to what the last dense layer sees, `[batch, features]`. */
export type Trunk<A extends Architecture> = (
  x: SymbolicTensor,
  make: LayerFactory,
  options: ArchitectureOptions[A],
) => SymbolicTensor;
