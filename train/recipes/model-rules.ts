import type { Architecture, ArchitectureOptions } from '../models/trunk.js';
import { integer, type Rule, share } from './rules.js';

export const MODEL_RULES: { [A in Architecture]: { [K in keyof ArchitectureOptions[A]]: Rule } } = {
  bottleneck: {
    filters: integer(1, 512),
    blocks: integer(1, 20),
    denseUnits: integer(1, 4096),
    dropout: share,
  },
  compact: { filters: integer(1, 256), blocksPerStage: integer(1, 10) },
  'basic-block': { filters: integer(1, 512), blocks: integer(1, 20), denseUnits: integer(1, 4096) },
  'conv-pairs': {
    filters: integer(1, 64),
    firstDenseUnits: integer(1, 4096),
    secondDenseUnits: integer(1, 4096),
  },
  plain: { firstFilters: integer(1, 512), secondFilters: integer(1, 512), denseUnits: integer(1, 4096) },
};
