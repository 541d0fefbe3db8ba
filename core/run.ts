/** The files of a run folder: what `train` writes and `export`, `evaluate` and `report` read. */
export const RUN_FILES = {
  recipe: 'recipe.json',
  model: 'model.json',
  weights: 'weights.bin',
  optimizer: 'optimizer.bin',
  losses: 'losses.csv',
  epochs: 'epochs.csv',
  report: 'report.txt',
  metrics: 'metrics.json',
  /** Columns `Label,Prediction,Confidence`, one row a test image, in the order of the test set. */
  predictions: 'predictions.csv',
  /** TensorBoard's event files, a folder for each split. */
  tensorboard: 'tensorboard',
} as const;

export interface ClassMetrics {
  digit: number;
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

/** How well a network does on a set of images. */
export interface SetMetrics {
  /** Share of images classified correctly, 0 to 1. */
  accuracy: number;
  /** Mean cross-entropy, natural logarithm. */
  loss: number;
}

export interface TestMetrics extends SetMetrics {
  perClass: ClassMetrics[];
  /** Expected calibration error: the mean distance between confidence and accuracy in 15 bins of confidence, 0 to 1. */
  calibrationError: number;
  /** Counts `[10, 10]`: rows are the true digits, columns the predicted ones. */
  confusion: number[][];
}

/** What a run was trained on, so that its times can be read. */
export interface Machine {
  /** The processor's name as the system tells it. */
  processor: string;
  logicalCores: number;
  /** Versions, as `20.20.2`. */
  node: string;
  onnxRuntime: string;
}

/** `metrics.json`, and what `train --json` prints. */
export interface RunMetrics {
  run: string;
  recipe: string;
  seed: number;
  backend: string;
  device: string;
  /** Threads that one operator may use on the cpu; absent where nobody set them. */
  threads?: number;
  /** The one that finished the run. */
  machine: Machine;
  parameters: number;
  epochs: number;
  steps: number;
  trainSeconds: number;
  stepMillisecondsMedian: number;
  /** The epoch whose weights were kept, where the training may stop early. */
  bestEpoch?: number;
  test: TestMetrics;
  /** On the images that were trained on, unchanged, by the network as it was kept; where it was asked for. */
  train?: SetMetrics;
  /** On those set aside; where there are any. */
  validation?: SetMetrics;
}
