import type { RecipeName } from './table.js';

/** A figure after that many epochs. */
export interface AccuracyAtEpoch {
  epoch: number;
  accuracy: number;
}

/** What a report says that its network reached; accuracies and recall are shares, 0 to 1. */
export interface PublishedFigures {
  /** Where it stands. */
  source: string;
  /** What a reader must know to compare: how it was rounded, or how we read it. */
  note?: string;
  /** After how many the figures at the end are; absent where the report does not say. */
  epochs?: number;
  /** At the end. */
  trainLoss?: number;
  /** At the end. */
  trainAccuracy?: number;
  /** At the end. */
  testLoss?: number;
  /** At the end. */
  testAccuracy?: number;
  trainAccuracyByEpoch?: readonly AccuracyAtEpoch[];
  testAccuracyByEpoch?: readonly AccuracyAtEpoch[];
  /** The highest on the way; the epoch where the report says it. */
  bestTestAccuracy?: { accuracy: number; epoch?: number };
  /** Of each digit at the end, `[10]`. */
  recall?: readonly number[];
}

const EPOCHS_OF_A = 10;
const LAST_EPOCH_OF_B = 10;
/** The report's validation set is MNIST's test set. */
const NOTE_OF_B = 'The report states no number of epochs: its last epoch is taken for the 10th.';

type FirstAndLast = readonly [first: number, last: number];

const experimentB = (source: string, train: FirstAndLast, test: FirstAndLast): PublishedFigures => {
  const byEpoch = ([first, last]: FirstAndLast) => [
    { epoch: 1, accuracy: first },
    { epoch: LAST_EPOCH_OF_B, accuracy: last },
  ];
  return {
    source: `Experiment B, ${source}`,
    note: NOTE_OF_B,
    epochs: LAST_EPOCH_OF_B,
    trainAccuracy: train[1],
    testAccuracy: test[1],
    trainAccuracyByEpoch: byEpoch(train),
    testAccuracyByEpoch: byEpoch(test),
  };
};

const experimentC = (source: string, ...percents: readonly number[]): PublishedFigures => ({
  source: `Experiment C, ${source}`,
  note: 'The report gives whole per cents.',
  epochs: percents.length,
  testAccuracy: percents.at(-1)! / 100,
  testAccuracyByEpoch: percents.map((percent, index) => ({ epoch: index + 1, accuracy: percent / 100 })),
});

const RESNET_OF_D: PublishedFigures = {
  source: 'Experiment D, ResNet',
  note: 'The report has versions 1 and 2 and says not which gave its figures.',
  epochs: 6,
  testAccuracy: 0.9541,
  testAccuracyByEpoch: [
    { epoch: 1, accuracy: 0.8677 },
    { epoch: 3, accuracy: 0.9347 },
    { epoch: 6, accuracy: 0.9541 },
  ],
};

/** The figures that stand beside ours, for the recipes that repeat a report. */
export const PUBLISHED: { [N in RecipeName]?: PublishedFigures } = {
  speedrun: {
    source: 'github.com/tuomaso/train_mnist_fast',
    note: 'The mean of 99.04 +- 0.07 per cent.',
    epochs: 1,
    testAccuracy: 0.9904,
  },
  'bottleneck-32x2': {
    source: 'Experiment A, group 1',
    epochs: EPOCHS_OF_A,
    trainLoss: 0.04558,
    trainAccuracy: 0.98982,
    testLoss: 0.05896,
    testAccuracy: 0.9861,
    recall: [0.98878, 0.99119, 0.99709, 0.99604, 0.98473, 0.9843, 0.98643, 0.96693, 0.99076, 0.97423],
  },
  'bottleneck-64x2': {
    source: 'Experiment A, group 2',
    epochs: EPOCHS_OF_A,
    trainLoss: 0.09645,
    trainAccuracy: 0.98757,
    testLoss: 0.11214,
    testAccuracy: 0.9833,
    recall: [0.99592, 0.99295, 0.99225, 0.98416, 0.97454, 0.98655, 0.98017, 0.97665, 0.97536, 0.97324],
  },
  'bottleneck-32x3': {
    source: 'Experiment A, group 3',
    epochs: EPOCHS_OF_A,
    trainLoss: 0.01874,
    trainAccuracy: 0.99378,
    testLoss: 0.03879,
    testAccuracy: 0.9888,
    recall: [0.99592, 0.99736, 0.99031, 0.9901, 0.99593, 0.99215, 0.98956, 0.99125, 0.97639, 0.96829],
  },
  'basic-block-64x3': experimentB('ReLU, Adam, rate 0.001', [0.9614, 0.9947], [0.9454, 0.9908]),
  'basic-block-64x3-sigmoid': {
    source: 'Experiment B, sigmoid',
    note: `${NOTE_OF_B} On the test set it was unstable: after its best it fell again, to a figure that is not given.`,
    epochs: LAST_EPOCH_OF_B,
    trainAccuracy: 0.9917,
    trainAccuracyByEpoch: [
      { epoch: 1, accuracy: 0.8908 },
      { epoch: LAST_EPOCH_OF_B, accuracy: 0.9917 },
    ],
    testAccuracyByEpoch: [{ epoch: 1, accuracy: 0.1218 }],
    bestTestAccuracy: { accuracy: 0.5733 },
  },
  'basic-block-64x3-tanh': experimentB('tanh', [0.9545, 0.9944], [0.9619, 0.9848]),
  'basic-block-64x3-sgd': experimentB('SGD', [0.6648, 0.9764], [0.8782, 0.9752]),
  'basic-block-64x3-rmsprop': experimentB('RMSprop', [0.9574, 0.9956], [0.8416, 0.986]),
  'basic-block-64x3-rate-0.1': experimentB('rate 0.1', [0.7806, 0.9805], [0.8457, 0.8956]),
  'basic-block-64x3-rate-0.01': experimentB('rate 0.01', [0.9437, 0.9926], [0.873, 0.9862]),
  'basic-block-64x3-batch-16': experimentB('batch size 16', [0.9602, 0.9949], [0.9807, 0.9931]),
  'basic-block-64x3-batch-32': experimentB('batch size 32', [0.9605, 0.9944], [0.9697, 0.9895]),
  'conv-pairs-16x4': experimentC('rate 0.001, batch size 64', 97, 98, 98, 99, 99),
  'conv-pairs-16x4-rate-0.01': experimentC('rate 0.01', 98, 99, 99, 99, 99),
  'conv-pairs-16x4-rate-0.0001': experimentC('rate 0.0001', 88, 94, 95, 96, 96),
  'conv-pairs-16x4-batch-32': experimentC('batch size 32', 98, 99, 99, 99, 99),
  'conv-pairs-16x4-batch-128': experimentC('batch size 128', 96, 97, 98, 99, 98),
  alexnet: {
    source: 'Experiment D, AlexNet',
    note: 'The report calls it the hit rate, and says not of how many images.',
    epochs: 10,
    testAccuracy: 0.58203,
    testAccuracyByEpoch: [
      { epoch: 5, accuracy: 0.21875 },
      { epoch: 10, accuracy: 0.58203 },
    ],
  },
  'resnet-32-v1': RESNET_OF_D,
  'resnet-32-v2': RESNET_OF_D,
  'resnet-34-7x7': {
    source: 'Experiment E, first convolution 7x7',
    note: 'The report says: about 85%.',
    testAccuracy: 0.85,
  },
  'resnet-34-no-dropout': {
    source: 'Experiment E, 3x3, no dropout, rate 0.02',
    note: 'The report says: 99%, and about 95%.',
    epochs: 10,
    trainAccuracy: 0.99,
    testAccuracy: 0.95,
  },
  'resnet-34-dropout': {
    source: 'Experiment E, 3x3, dropout 0.3, rate 0.02',
    note: 'The report says: 99%; of the test accuracy it shows a curve only.',
    epochs: 10,
    trainAccuracy: 0.99,
  },
  'resnet-34-block-norm': {
    source: 'Experiment E, batch norm after later blocks, 10 epochs',
    epochs: 10,
    trainAccuracy: 0.9959,
    testAccuracy: 0.9936,
    bestTestAccuracy: { accuracy: 0.9941, epoch: 7 },
  },
  'resnet-34-block-norm-30': {
    source: 'Experiment E, batch norm after later blocks, 30 epochs',
    note: 'The report gives counts: 59950 of 60000, and 9944 of 10000.',
    epochs: 30,
    trainAccuracy: 59_950 / 60_000,
    testAccuracy: 0.9944,
  },
};
