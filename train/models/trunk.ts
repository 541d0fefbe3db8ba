import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { LayerFactory } from './layers.js';

/** What each architecture lets a recipe choose. */
export interface ArchitectureOptions {
  /** Experiment A: a convolution, a pool, bottleneck blocks of one width, a dense layer. */
  bottleneck: {
    filters: number;
    blocks: number;
    denseUnits: number;
    dropout: number;
  };
  /** The pipeline's own: a strided stem, two stages of basic blocks, a global average. */
  compact: {
    /** Filters of the first stage; the second has twice as many. */
    filters: number;
    blocksPerStage: number;
  };
  /** Experiment B: a strided stem and a pool, basic blocks of one width, a global average, a dense layer. */
  'basic-block': {
    filters: number;
    blocks: number;
    denseUnits: number;
  };
  /** Experiment C: two pairs of convolutions, each followed by a pool, and two dense layers. */
  'conv-pairs': {
    /** Filters of the first convolution; each of the next three has twice as many as the one before. */
    filters: number;
    firstDenseUnits: number;
    secondDenseUnits: number;
  };
  /** The published plain network 24c5-pool-32c3-pool-256-10. */
  plain: {
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
