import type { PublishedFigures } from '../recipes/published.js';
import type { RecipeName } from '../recipes/table.js';

/** One training of a sweep but for its seed. */
export interface SweepPoint {
  /** What it differs in, as tables and plots show it. */
  label: string;
  recipe: string;
  /** `key=value` settings over the recipe's own. */
  overrides: readonly string[];
  /** What a report says of it; where a point is a recipe as it stands, the recipe's own figures do. */
  published?: PublishedFigures;
}

export interface Sweep {
  title: string;
  points: readonly (SweepPoint & { recipe: RecipeName })[];
}

interface Value {
  value: string | number;
  published?: Omit<PublishedFigures, 'source'>;
}

/** Values of one setting over a recipe, in the report's order. */
const overSetting = (
  recipe: RecipeName,
  experiment: string,
  key: string,
  values: readonly Value[],
): Sweep['points'] =>
  values.map(({ value, published }) => ({
    label: `${key} ${value}`,
    recipe,
    overrides: [`${key}=${value}`],
    ...(published && { published: { source: `${experiment}, ${key} ${value}`, ...published } }),
  }));

/** Of experiment B, whose first epoch is told too; how many there were is not. */
const fromTo = (trainAccuracy: number, first: number, last: number): Value['published'] => ({
  trainAccuracy,
  testAccuracy: last,
  testAccuracyByEpoch: [{ epoch: 1, accuracy: first }],
});

/** Of experiment C: whole percents after each of its epochs. */
const byEpoch = (...percents: number[]): Value['published'] => ({
  testAccuracy: percents.at(-1)! / 100,
  testAccuracyByEpoch: percents.map((percent, at) => ({ epoch: at + 1, accuracy: percent / 100 })),
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
    points: overSetting('basic-block-64x3', 'Experiment B', 'learningRate', [
      { value: 0.1, published: fromTo(0.9805, 0.8457, 0.8956) },
      { value: 0.01, published: fromTo(0.9926, 0.873, 0.9862) },
      { value: 0.001, published: fromTo(0.9947, 0.9454, 0.9908) },
    ]),
  },
  'batch-size-b': {
    title: 'Experiment B: batch size of the basic-block ResNet',
    points: overSetting('basic-block-64x3', 'Experiment B', 'batchSize', [
      { value: 16, published: fromTo(0.9949, 0.9807, 0.9931) },
      { value: 32, published: fromTo(0.9944, 0.9697, 0.9895) },
      // Of these two the report shows no figures.
      { value: 64 },
      { value: 128 },
    ]),
  },
  'learning-rate-c': {
    title: 'Experiment C: learning rate of the plain CNN',
    points: overSetting('conv-pairs-16x4', 'Experiment C', 'learningRate', [
      { value: 0.01, published: byEpoch(98, 99, 99, 99, 99) },
      { value: 0.001, published: byEpoch(97, 98, 98, 99, 99) },
      { value: 0.0001, published: byEpoch(88, 94, 95, 96, 96) },
    ]),
  },
  'batch-size-c': {
    title: 'Experiment C: batch size of the plain CNN',
    points: overSetting('conv-pairs-16x4', 'Experiment C', 'batchSize', [
      { value: 32, published: byEpoch(98, 99, 99, 99, 99) },
      { value: 64, published: byEpoch(97, 98, 98, 99, 99) },
      { value: 128, published: byEpoch(96, 97, 98, 99, 98) },
    ]),
  },
} satisfies Record<string, Sweep>;

export type SweepName = keyof typeof SWEEPS;
