import { CLASS_COUNT } from '../../core/image.js';
import type { ClassMetrics } from '../../core/run.js';

/** Counts `[10, 10]`: rows are the true digits, columns the predicted ones. */
export type ConfusionMatrix = number[][];

/**
 * Counts each pair of true and predicted digit.
 * @throws RangeError where the two differ in length or a value is no digit.
 */
export function confusionMatrix(labels: ArrayLike<number>, predictions: ArrayLike<number>): ConfusionMatrix {
  if (labels.length !== predictions.length) {
    throw new RangeError(`predictions must number ${labels.length}, got: ${predictions.length}`);
  }
  const matrix = Array.from({ length: CLASS_COUNT }, () => new Array<number>(CLASS_COUNT).fill(0));
  for (let image = 0; image < labels.length; image++) {
    const row = matrix[labels[image]!];
    const column = predictions[image]!;
    if (row?.[column] === undefined) {
      throw new RangeError(`labels and predictions must be 0 to 9, got: ${labels[image]}, ${column}`);
    }
    row[column]++;
  }
  return matrix;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What nothing divides is 0, as in scikit-learn: the precision of a digit that was never predicted. */
export const ratio = (numerator: number, denominator: number): number =>
  denominator === 0 ? 0 : numerator / denominator;

/** Images counted. */
export const totalImages = (matrix: ConfusionMatrix): number => sum(matrix.map(sum));

/** Share of images on the diagonal, 0 to 1. */
export const accuracy = (matrix: ConfusionMatrix): number =>
  ratio(sum(matrix.map((row, digit) => row[digit]!)), totalImages(matrix));

/** How often each digit was predicted, `[10]`. */
export const predictedCounts = (matrix: ConfusionMatrix): number[] =>
  matrix.map((_, digit) => sum(matrix.map((row) => row[digit]!)));

/** Precision, recall, F1 (each 0 to 1) and support of each of the ten digits. */
export function classMetrics(matrix: ConfusionMatrix): ClassMetrics[] {
  const predicted = predictedCounts(matrix);
  return matrix.map((row, digit) => {
    const correct = row[digit]!;
    const support = sum(row);
    return {
      digit,
      precision: ratio(correct, predicted[digit]!),
      recall: ratio(correct, support),
      f1: ratio(2 * correct, support + predicted[digit]!),
      support,
    };
  });
}
