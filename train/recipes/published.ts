import type { RecipeName } from './table.js';

/** What a report says that its network reached; accuracies and recall are shares, 0 to 1. */
export interface PublishedFigures {
  /** Where it stands. */
  source: string;
  trainLoss?: number;
  trainAccuracy?: number;
  testLoss?: number;
  testAccuracy?: number;
  /** After that many epochs. */
  testAccuracyByEpoch?: readonly { epoch: number; accuracy: number }[];
  /** Of each digit, `[10]`. */
  recall?: readonly number[];
}

/** The figures that stand beside ours, for the recipes that repeat a report. */
export const PUBLISHED: { [N in RecipeName]?: PublishedFigures } = {
  'bottleneck-32x2': {
    source: 'Experiment A, group 1',
    trainLoss: 0.04558,
    trainAccuracy: 0.98982,
    testLoss: 0.05896,
    testAccuracy: 0.9861,
    recall: [0.98878, 0.99119, 0.99709, 0.99604, 0.98473, 0.9843, 0.98643, 0.96693, 0.99076, 0.97423],
  },
  'bottleneck-64x2': {
    source: 'Experiment A, group 2',
    trainLoss: 0.09645,
    trainAccuracy: 0.98757,
    testLoss: 0.11214,
    testAccuracy: 0.9833,
    recall: [0.99592, 0.99295, 0.99225, 0.98416, 0.97454, 0.98655, 0.98017, 0.97665, 0.97536, 0.97324],
  },
  'bottleneck-32x3': {
    source: 'Experiment A, group 3',
    trainLoss: 0.01874,
    trainAccuracy: 0.99378,
    testLoss: 0.03879,
    testAccuracy: 0.9888,
    recall: [0.99592, 0.99736, 0.99031, 0.9901, 0.99593, 0.99215, 0.98956, 0.99125, 0.97639, 0.96829],
  },
};
