import type { AccuracyAtEpoch, PublishedFigures } from './published.js';

/** What reports publish of a run as one figure. */
export type PublishedMeasure = 'trainLoss' | 'trainAccuracy' | 'testLoss' | 'testAccuracy';

/** A published figure to stand beside a run's. */
export interface PublishedFigure {
  value: number;
  /** When the report has it, unless that is after as many epochs as the run: `after 10`, `at the end`, `at best`. */
  moment?: string;
}

/**
 * What a report has after as many epochs as a run; else what it has at the end, or of the test set at best, with the word
 * of that.
 * @param epochs whole ones of the run; undefined where runs that stand together had different numbers of them
 */
export function publishedAt(
  figures: PublishedFigures | undefined,
  measure: PublishedMeasure,
  epochs: number | undefined,
): PublishedFigure | undefined {
  if (figures === undefined) return undefined;
  const sameEpoch = byEpochOf(figures, measure).find(({ epoch }) => epoch === epochs);
  if (sameEpoch) return { value: sameEpoch.accuracy };
  const final = figures[measure];
  if (final !== undefined) return { value: final, ...endOf(figures, epochs) };
  const best = measure === 'testAccuracy' ? figures.bestTestAccuracy : undefined;
  return best && { value: best.accuracy, moment: 'at best' };
}

/** When the report ended, unless that is after as many epochs as the run. */
export function endOf({ epochs: end }: PublishedFigures, epochs: number | undefined): { moment?: string } {
  if (end === undefined) return { moment: 'at the end' };
  return end === epochs ? {} : { moment: `after ${end}` };
}

/** A published figure in words: `99.08%` where it has as many epochs as the run, else `99.08% after 10`. */
export const publishedText = (
  { value, moment }: PublishedFigure,
  format: (value: number) => string,
): string => (moment === undefined ? format(value) : `${format(value)} ${moment}`);

const BY_EPOCH: {
  [M in PublishedMeasure]: ((figures: PublishedFigures) => readonly AccuracyAtEpoch[] | undefined) | null;
} = {
  trainLoss: null,
  trainAccuracy: ({ trainAccuracyByEpoch }) => trainAccuracyByEpoch,
  testLoss: null,
  testAccuracy: ({ testAccuracyByEpoch }) => testAccuracyByEpoch,
};

const byEpochOf = (figures: PublishedFigures, measure: PublishedMeasure): readonly AccuracyAtEpoch[] =>
  BY_EPOCH[measure]?.(figures) ?? [];
