import type { AnyRecipe, Recipe, TrainingSettings } from './recipe.js';

/** Keras's defaults where a report names none. */
const DEFAULTS: TrainingSettings = {
  epochs: 10,
  batchSize: 512,
  optimizer: 'adam',
  learningRate: 1e-3,
  schedule: 'constant',
  warmup: 0,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-7,
  momentum: 0.9,
  labelSmoothing: 0,
  shiftPixels: 0,
  validationImages: 0,
};

const DEFAULT_REASONS: { [K in keyof TrainingSettings]: string } = {
  epochs: "the reports' usual number",
  batchSize: "experiment A's",
  optimizer: "the reports' usual one",
  learningRate: "Keras's default for Adam",
  schedule: 'the reports keep the rate',
  warmup: 'none: the rate is constant',
  beta1: "Keras's default",
  beta2: "Keras's default",
  epsilon: "Keras's default",
  momentum: 'not used by Adam',
  labelSmoothing: 'none in the reports',
  shiftPixels: 'no augmentation in the reports',
  validationImages: 'train on all 60,000; set some aside to choose settings by',
};

/** The three groups of experiment A differ in width and depth alone. */
const bottleneck = (filters: number, blocks: number): Recipe<'bottleneck'> => ({
  summary: `Experiment A: bottleneck ResNet-CNN, ${filters} filters, ${blocks} blocks`,
  architecture: 'bottleneck',
  model: { filters, blocks, denseUnits: 64, dropout: 1e-4 },
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
  },
});

const compact: Recipe<'compact'> = {
  summary: "The pipeline's own: a compact ResNet, good in under half a minute on two cores",
  architecture: 'compact',
  model: { filters: 16, blocksPerStage: 1 },
  training: {
    ...DEFAULTS,
    epochs: 2,
    batchSize: 128,
    learningRate: 0.02,
    schedule: 'one-cycle',
    warmup: 0.2,
    beta2: 0.99,
    labelSmoothing: 0.05,
    shiftPixels: 1,
  },
  // Figures are of the 5,000 validation images, one seed each: `--set validationImages=5000`.
  reasons: {
    ...DEFAULT_REASONS,
    blocksPerStage: 'one block a stage keeps two epochs within 20 s',
    schedule: 'a short run gains most from a rate that climbs and falls (Smith 2018)',
    warmup: 'a first fifth to climb; not tuned',
    filters: '1.7 million multiply-adds a picture, 28,954 parameters',
    epochs: 'a first result within half a minute',
    batchSize: '64 took 1.8 times as long for 99.24%',
    learningRate: 'validation: 99.32%, against 99.06% at 0.01 and 99.00% at 0.005',
    beta2: 'a memory of a hundred steps suits a run of 938',
    labelSmoothing: 'validation, at a rate of 0.01: 99.06%, against 99.02% without',
    shiftPixels: 'no gain on validation images, which are centred; kept for drawings, which are not quite',
  },
};

const plain: Recipe<'plain'> = {
  summary: 'The yardstick: the published 24c5-pool-32c3-pool-256-10, one epoch',
  architecture: 'plain',
  model: { firstFilters: 24, secondFilters: 32, denseUnits: 256 },
  training: {
    ...DEFAULTS,
    epochs: 1,
    batchSize: 256,
    learningRate: 0.01,
    schedule: 'one-cycle',
    warmup: 0.3,
    beta1: 0.7,
    beta2: 0.9,
  },
  reasons: {
    ...DEFAULT_REASONS,
    firstFilters: 'as published',
    secondFilters: 'as published',
    denseUnits: 'as published',
    schedule: 'as published',
    shiftPixels: 'no augmentation, as published',
    labelSmoothing: 'none, as published',
    epochs: 'as published (github.com/tuomaso/train_mnist_fast)',
    batchSize: 'as published',
    learningRate: 'as published: the peak of the cycle',
    warmup: "PyTorch's default, which the published run takes",
    beta1: 'as published',
    beta2: 'as published: a short memory suits 235 steps',
  },
};

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

const convPairs: Recipe<'conv-pairs'> = {
  summary: 'Experiment C: plain CNN, two pairs of convolutions of 16 to 128 filters',
  architecture: 'conv-pairs',
  model: { filters: 16, firstDenseUnits: 1024, secondDenseUnits: 128 },
  training: { ...DEFAULTS, epochs: 5, batchSize: 64, optimizer: 'sgd' },
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
    beta1: 'not used by SGD',
    beta2: 'not used by SGD',
    epsilon: 'not used by SGD',
  },
};

/** Every recipe, by its name. */
export const RECIPES = {
  fast: compact,
  speedrun: plain,
  'bottleneck-32x2': bottleneck(32, 2),
  'bottleneck-64x2': bottleneck(64, 2),
  'bottleneck-32x3': bottleneck(32, 3),
  'basic-block-64x3': basicBlock,
  'conv-pairs-16x4': convPairs,
} satisfies Record<string, AnyRecipe>;

export type RecipeName = keyof typeof RECIPES;
