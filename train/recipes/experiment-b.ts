import { DEFAULT_REASONS, DEFAULTS } from './defaults.js';
import type { Recipe } from './recipe.js';

const basicBlock: Recipe<'basic-block'> = {
  summary: 'Experiment B: basic-block ResNet, 64 filters, 3 blocks',
  architecture: 'basic-block',
  model: { filters: 64, blocks: 3, denseUnits: 64 },
  training: { ...DEFAULTS, batchSize: 64 },
  reasons: {
    ...DEFAULT_REASONS,
    filters: "the report's",
    blocks: "the report's",
    denseUnits: "the report's",
    epochs: 'the report states none: 10, as experiment A',
    batchSize: "the report states none for its baseline: 64, which is among its sweep's",
    optimizer: "the report's baseline",
    learningRate: "the report's baseline",
  },
};

export const EXPERIMENT_B = { 'basic-block-64x3': basicBlock };
