import { DEFAULT_REASONS, DEFAULTS } from './defaults.js';
import type { Recipe } from './recipe.js';
import { variant } from './variant.js';

const baseline: Recipe<'conv-pairs'> = {
  summary: 'Plain CNN, two pairs of convolutions of 16 to 128 filters: the baseline of both sweeps',
  architecture: 'conv-pairs',
  model: {
    filters: 16,
    kernelSize: 3,
    poolSize: 2,
    firstDenseUnits: 1024,
    secondDenseUnits: 128,
    activation: 'relu',
  },
  training: { ...DEFAULTS, epochs: 5, batchSize: 64, optimizer: 'momentum' },
  reasons: {
    ...DEFAULT_REASONS,
    filters: "the report's: 16, 32, 64, 128",
    kernelSize: "the report's",
    poolSize: "the report's",
    firstDenseUnits: "the report's",
    secondDenseUnits: "the report's",
    activation: "the report's",
    epochs: "the report's",
    batchSize: "the report's baseline",
    optimizer: "the report's",
    learningRate: "the report's baseline",
    momentum: "the report's",
  },
};

const atRate = (learningRate: number) =>
  variant(baseline, {
    summary: `Plain CNN at a learning rate of ${learningRate}`,
    training: { learningRate },
    reasons: { learningRate: "of the report's learning rate sweep" },
  });

const inBatches = (batchSize: number) =>
  variant(baseline, {
    summary: `Plain CNN in batches of ${batchSize}`,
    training: { batchSize },
    reasons: { batchSize: "of the report's batch size sweep" },
  });

export const EXPERIMENT_C = {
  'conv-pairs-16x4': baseline,
  'conv-pairs-16x4-rate-0.01': atRate(0.01),
  'conv-pairs-16x4-rate-0.0001': atRate(0.0001),
  'conv-pairs-16x4-batch-32': inBatches(32),
  'conv-pairs-16x4-batch-128': inBatches(128),
};
