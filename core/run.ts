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
} as const;

export interface ClassMetrics {
  digit: number;
  precision: number;
  recall: number;
  f1: number;
  support: number;
}

/** `metrics.json`, and what `train --json` prints. */
export interface RunMetrics {
  run: string;
  recipe: string;
  seed: number;
  backend: string;
  device: string;
  parameters: number;
  epochs: number;
  steps: number;
  trainSeconds: number;
  stepMillisecondsMedian: number;
  test: { accuracy: number; loss: number; perClass: ClassMetrics[] };
}
