import { ACTIVATIONS } from '../models/activations.js';
import type { Architecture, ArchitectureOptions } from '../models/trunk.js';
import { among, integer, oneOf, type Rule, share } from './rules.js';

const filters = integer(1, 512);
const blocks = integer(0, 20);
const units = integer(1, 4096);
const activation = oneOf(ACTIVATIONS);

export const MODEL_RULES: { [A in Architecture]: { [K in keyof ArchitectureOptions[A]]: Rule } } = {
  bottleneck: { filters, blocks: integer(1, 20), denseUnits: units, dropout: share, activation },
  compact: { filters: integer(1, 256), blocksPerStage: integer(1, 10), activation },
  flagship: {
    firstFilters: filters,
    secondFilters: filters,
    thirdFilters: filters,
    firstBlocks: blocks,
    secondBlocks: blocks,
    thirdBlocks: blocks,
    activation,
  },
  'basic-block': {
    filters,
    blocks: integer(1, 20),
    downsamplingBlock: integer(0, 20),
    denseUnits: units,
    activation,
  },
  'conv-pairs': {
    filters: integer(1, 64),
    kernelSize: integer(1, 28),
    poolSize: integer(1, 28),
    firstDenseUnits: units,
    secondDenseUnits: units,
    activation,
  },
  alexnet: { filters: integer(1, 96), denseUnits: units, dropout: share, activation },
  'garden-resnet': {
    version: among(1, 2),
    filters: integer(1, 128),
    blocksPerStage: integer(1, 18),
    activation,
  },
  // GoogLeNet's own numbers of filters can all be divided by these.
  googlenet: { widthDivisor: among(1, 2, 4, 8), dropout: share, activation },
  'resnet-34': {
    filters: integer(1, 128),
    firstKernel: among(1, 3, 5, 7, 9, 11),
    firstStride: integer(1, 28),
    blockNorm: among('none', 'later-blocks'),
    dropout: share,
    activation,
  },
  plain: { firstFilters: filters, secondFilters: filters, denseUnits: units, activation },
};
