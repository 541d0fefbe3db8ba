import type { ClassMetrics } from '../../core/run.js';
import {
  accuracy,
  type ConfusionMatrix,
  classMetrics,
  predictedCounts,
  ratio,
  totalImages,
} from './confusion.js';

const MEASURES = ['precision', 'recall', 'f1'] as const;
const HEADINGS = ['precision', 'recall', 'f1-score', 'support'];
const NAME_WIDTH = 'weighted avg'.length;
const VALUE_WIDTH = 9;
/** Decimals: what the published reports have. */
const DIGITS = 10;

/**
 * What scikit-learn's `classification_report(labels, predictions, digits=10)` prints, byte for byte: a row for each
 * digit that occurs among labels or predictions, then accuracy, macro and weighted average.
 */
export function classificationReport(matrix: ConfusionMatrix): string {
  const predicted = predictedCounts(matrix);
  const present = classMetrics(matrix).filter(({ digit, support }) => support + predicted[digit]! > 0);
  const images = totalImages(matrix);
  const share = accuracy(matrix);
  // Where nothing at all is correct, scikit-learn counts in floating point, and its supports read 25.0.
  const count = (support: number): string => support.toFixed(share === 0 ? 1 : 0);

  const average = (weight: (row: ClassMetrics) => number): number[] => {
    const weights = present.map(weight);
    const total = weights.reduce((partial, value) => partial + value, 0);
    return MEASURES.map((measure) =>
      ratio(
        present.reduce((partial, row, index) => partial + row[measure] * weights[index]!, 0),
        total,
      ),
    );
  };
  const row = (name: string, values: readonly number[], support: number): string =>
    line(name, [...values.map(fixed), count(support)]);

  return [
    line('', HEADINGS),
    '',
    ...present.map(({ digit, precision, recall, f1, support }) =>
      row(String(digit), [precision, recall, f1], support),
    ),
    '',
    line('accuracy', ['', '', fixed(share), count(images)]),
    row(
      'macro avg',
      average(() => 1),
      images,
    ),
    row(
      'weighted avg',
      average(({ support }) => support),
      images,
    ),
    '',
  ].join('\n');
}

const line = (name: string, cells: readonly string[]): string =>
  `${name.padStart(NAME_WIDTH)} ${cells.map((cell) => ` ${cell.padStart(VALUE_WIDTH)}`).join('')}`;

/** Ten decimals. Exact ties (1/2048) go to the even digit as in Python, where `toFixed` takes the larger. */
function fixed(value: number): string {
  const isTie = (value * 2 ** (DIGITS + 1)) % 2 === 1;
  if (!isTie) return value.toFixed(DIGITS);
  const below = Math.floor(value * 10 ** DIGITS);
  return ((below + (below % 2)) / 10 ** DIGITS).toFixed(DIGITS);
}
