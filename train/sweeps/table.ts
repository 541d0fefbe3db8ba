import type { RecipeName } from '../recipes/table.js';

/** One training of a sweep but for its seed. */
export interface SweepPoint {
  /** What it differs in, as tables and plots show it. */
  label: string;
  recipe: string;
  /** `key=value` settings over the recipe's own. */
  overrides: readonly string[];
}

export interface Sweep {
  title: string;
  points: readonly SweepPoint[];
}

/** Recipes as they stand, by what the report calls them. */
const recipes = (labelled: { [label: string]: RecipeName }): SweepPoint[] =>
  Object.entries(labelled).map(([label, recipe]) => ({ label, recipe, overrides: [] }));

/** The sweeps of the reports and of our own networks, by name; every point is a recipe, so that it can be trained alone too. */
export const SWEEPS = {
  'groups-a': {
    title: 'Experiment A: width and depth of the bottleneck ResNet-CNN',
    points: recipes({
      'group 1: 32 filters, 2 blocks': 'bottleneck-32x2',
      'group 2: 64 filters, 2 blocks': 'bottleneck-64x2',
      'group 3: 32 filters, 3 blocks': 'bottleneck-32x3',
    }),
  },
  'activation-b': {
    title: 'Experiment B: activation of the basic-block ResNet',
    points: recipes({
      ReLU: 'basic-block-64x3',
      sigmoid: 'basic-block-64x3-sigmoid',
      tanh: 'basic-block-64x3-tanh',
      'leaky ReLU': 'basic-block-64x3-leaky-relu',
    }),
  },
  'optimizer-b': {
    title: 'Experiment B: optimiser of the basic-block ResNet',
    points: recipes({
      Adam: 'basic-block-64x3',
      SGD: 'basic-block-64x3-sgd',
      RMSprop: 'basic-block-64x3-rmsprop',
    }),
  },
  'learning-rate-b': {
    title: 'Experiment B: learning rate of the basic-block ResNet',
    points: recipes({
      'rate 0.1': 'basic-block-64x3-rate-0.1',
      'rate 0.01': 'basic-block-64x3-rate-0.01',
      'rate 0.001': 'basic-block-64x3',
    }),
  },
  'batch-size-b': {
    title: 'Experiment B: batch size of the basic-block ResNet',
    points: recipes({
      'batch 16': 'basic-block-64x3-batch-16',
      'batch 32': 'basic-block-64x3-batch-32',
      'batch 64': 'basic-block-64x3',
      'batch 128': 'basic-block-64x3-batch-128',
    }),
  },
  'learning-rate-c': {
    title: 'Experiment C: learning rate of the plain CNN',
    points: recipes({
      'rate 0.01': 'conv-pairs-16x4-rate-0.01',
      'rate 0.001': 'conv-pairs-16x4',
      'rate 0.0001': 'conv-pairs-16x4-rate-0.0001',
    }),
  },
  'batch-size-c': {
    title: 'Experiment C: batch size of the plain CNN',
    points: recipes({
      'batch 32': 'conv-pairs-16x4-batch-32',
      'batch 64': 'conv-pairs-16x4',
      'batch 128': 'conv-pairs-16x4-batch-128',
    }),
  },
  'comparison-d': {
    title: 'Experiment D: AlexNet, ResNet and GoogLeNet',
    points: recipes({
      AlexNet: 'alexnet',
      'AlexNet, Adam': 'alexnet-adam',
      'ResNet-32, version 1': 'resnet-32-v1',
      'ResNet-32, version 2': 'resnet-32-v2',
      GoogLeNet: 'googlenet',
    }),
  },
  'variants-e': {
    title: 'Experiment E: variants of ResNet-34',
    points: recipes({
      'first convolution 7x7': 'resnet-34-7x7',
      '3x3, no dropout': 'resnet-34-no-dropout',
      '3x3, dropout': 'resnet-34-dropout',
      'batch norm after later blocks': 'resnet-34-block-norm',
      'the same, 30 epochs': 'resnet-34-block-norm-30',
    }),
  },
  own: {
    title: 'Our own: from seconds to hours',
    points: recipes({ speedrun: 'speedrun', fast: 'fast', flagship: 'flagship' }),
  },
} satisfies Record<string, Sweep>;

export type SweepName = keyof typeof SWEEPS;
