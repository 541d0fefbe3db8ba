import { unmet } from '../core/errors.js';

/** Where in a training something went wrong. */
export interface Moment {
  /** Of the run, from 1. */
  step: number;
  learningRate: number;
  /** Epochs that were finished before. */
  epochsDone: number;
}

/** @throws TenfoldError `failed`, by naming the moment, where the value is no finite number. */
export function requireFinite(value: number, what: string, { step, learningRate, epochsDone }: Moment): void {
  if (Number.isFinite(value)) return;
  const kept =
    epochsDone === 0 ? 'no epoch was finished before' : `epoch ${epochsDone}, finished before, is kept`;
  throw unmet({
    code: 'failed',
    what: `${what} at step ${step}, learning rate ${Number(learningRate.toPrecision(6))}`,
    expected: 'a finite number',
    got: String(value),
    advice: `The training diverged (${kept}): lower the rate by --set learningRate=...`,
  });
}
