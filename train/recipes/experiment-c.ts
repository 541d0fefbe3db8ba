import { DEFAULT_REASONS, DEFAULTS } from './defaults.js';
import type { Recipe } from './recipe.js';

const convPairs: Recipe<'conv-pairs'> = {
  summary: 'Experiment C: plain CNN, two pairs of convolutions of 16 to 128 filters',
  architecture: 'conv-pairs',
  model: { filters: 16, firstDenseUnits: 1024, secondDenseUnits: 128 },
  training: { ...DEFAULTS, epochs: 5, batchSize: 64, optimizer: 'momentum' },
  reasons: {
    ...DEFAULT_REASONS,
    filters: "the report's: 16, 32, 64, 128",
    firstDenseUnits: "the report's",
    secondDenseUnits: "the report's",
    epochs: "the report's",
    batchSize: "the report's baseline",
    optimizer: "the report's",
    learningRate: "the report's baseline",
    momentum: "the report's",
  },
};

export const EXPERIMENT_C = { 'conv-pairs-16x4': convPairs };
