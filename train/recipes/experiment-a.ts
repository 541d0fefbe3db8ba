import { DEFAULT_REASONS, DEFAULTS } from './defaults.js';
import type { Recipe } from './recipe.js';

/** The three groups of experiment A differ in width and depth alone. */
const bottleneck = (filters: number, blocks: number): Recipe<'bottleneck'> => ({
  summary: `Bottleneck ResNet-CNN, ${filters} filters, ${blocks} blocks`,
  architecture: 'bottleneck',
  model: { filters, blocks, denseUnits: 64, dropout: 1e-4, activation: 'relu' },
  training: { ...DEFAULTS },
  reasons: {
    ...DEFAULT_REASONS,
    filters: "the report's: what its groups 1 and 2 differ in",
    blocks: "the report's: what its groups 1 and 3 differ in",
    epochs: "the report's",
    batchSize: "the report's: 118 steps an epoch",
    learningRate: "Keras's default for Adam, which the report takes",
    dropout: "the listing's value, which gave the report's figures; its text says 0.5",
    denseUnits: "the report's",
    activation: "the report's code; its table says softmax for the first convolution",
  },
});

export const EXPERIMENT_A = {
  'bottleneck-32x2': bottleneck(32, 2),
  'bottleneck-64x2': bottleneck(64, 2),
  'bottleneck-32x3': bottleneck(32, 3),
};
