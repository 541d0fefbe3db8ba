import type { RecipeName } from '../recipes/table.js';

/** What a report says that a point of a sweep reached on the test set. */
export interface PublishedPoint {
  /** 0 to 1. */
  testAccuracy: number;
  /** What the figure alone does not tell. */
  note?: string;
}

/** One training of a sweep but for its seed. */
export interface SweepPoint {
  /** What it differs in, as tables and plots show it. */
  label: string;
  recipe: string;
  /** `key=value` settings over the recipe's own. */
  overrides: readonly string[];
  /** Where the report has a figure that its recipe does not stand for. */
  published?: PublishedPoint;
}

export interface Sweep {
  title: string;
  points: readonly (SweepPoint & { recipe: RecipeName })[];
}

/** Values of one setting over a recipe, in the report's order. */
const overSetting = (
  recipe: RecipeName,
  key: string,
  values: readonly { value: string | number; label?: string; published?: PublishedPoint }[],
): Sweep['points'] =>
  values.map(({ value, label = String(value), published }) => ({
    label,
    recipe,
    overrides: [`${key}=${value}`],
    ...(published && { published }),
  }));

const afterFiveEpochs = (percent: number): PublishedPoint => ({
  testAccuracy: percent / 100,
  note: 'whole percents, after 5 epochs',
});

/** The sweeps of the reports, by name. */
export const SWEEPS = {
  'groups-a': {
    title: 'Experiment A: width and depth of the bottleneck ResNet-CNN',
    points: [
      { label: 'group 1: 32 filters, 2 blocks', recipe: 'bottleneck-32x2', overrides: [] },
      { label: 'group 2: 64 filters, 2 blocks', recipe: 'bottleneck-64x2', overrides: [] },
      { label: 'group 3: 32 filters, 3 blocks', recipe: 'bottleneck-32x3', overrides: [] },
    ],
  },
  'learning-rate-b': {
    title: 'Experiment B: learning rate of the basic-block ResNet',
    points: overSetting('basic-block-64x3', 'learningRate', [
      { value: 0.1, published: { testAccuracy: 0.8956 } },
      { value: 0.01, published: { testAccuracy: 0.9862 } },
      { value: 0.001, published: { testAccuracy: 0.9908 } },
    ]),
  },
  'batch-size-b': {
    title: 'Experiment B: batch size of the basic-block ResNet',
    points: overSetting('basic-block-64x3', 'batchSize', [
      { value: 16, published: { testAccuracy: 0.9931 } },
      { value: 32, published: { testAccuracy: 0.9895 } },
      { value: 64 },
      { value: 128 },
    ]),
  },
  'learning-rate-c': {
    title: 'Experiment C: learning rate of the plain CNN',
    points: overSetting('conv-pairs-16x4', 'learningRate', [
      { value: 0.01, published: afterFiveEpochs(99) },
      { value: 0.001, published: afterFiveEpochs(99) },
      { value: 0.0001, published: afterFiveEpochs(96) },
    ]),
  },
  'batch-size-c': {
    title: 'Experiment C: batch size of the plain CNN',
    points: overSetting('conv-pairs-16x4', 'batchSize', [
      { value: 32, published: afterFiveEpochs(99) },
      { value: 64, published: afterFiveEpochs(99) },
      { value: 128, published: afterFiveEpochs(98) },
    ]),
  },
} satisfies Record<string, Sweep>;

export type SweepName = keyof typeof SWEEPS;
