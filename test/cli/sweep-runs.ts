import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../../core/run.js';

/** A sweep over networks so small that a training takes a second. */
export const TINY_SWEEP = [
  ...['--recipe', 'bottleneck-32x2', '--batch-size', '50'],
  ...['blocks=1', 'denseUnits=8', 'dropout=0.3', 'shiftPixels=1'].flatMap((setting) => ['--set', setting]),
];

/** What `sweep --json` prints, as far as tests look at it. */
export interface SweepResult {
  folder: string;
  report: string;
  runs: { id: string; label: string; status: string; reason?: string; test?: { accuracy: number } }[];
  table: {
    label: string;
    seeds: number[];
    accuracy?: { mean: number; deviation: number | null };
    failures: string[];
  }[];
}

/** Everything of a finished run that is no time, but for what only serves to go on. */
export function resultsOf(folder: string, id: string) {
  const text = (file: string) => readFileSync(join(folder, id, file), 'utf8');
  const { steps, epochs, test } = JSON.parse(text(RUN_FILES.metrics)) as {
    steps: number;
    epochs: number;
    test: object;
  };
  return {
    weights: readFileSync(join(folder, id, RUN_FILES.weights)).toString('hex'),
    model: text(RUN_FILES.model),
    recipe: text(RUN_FILES.recipe),
    losses: text(RUN_FILES.losses),
    epochRows: text(RUN_FILES.epochs).trimEnd().split('\n').length - 1,
    predictions: text(RUN_FILES.predictions),
    report: text(RUN_FILES.report),
    metrics: { steps, epochs, test },
  };
}

/** Lines in which a run begins (or goes on) and ends: the most that were under way at once. */
export function mostAtOnce(stderr: string): number {
  let running = 0;
  let most = 0;
  for (const line of stderr.split('\n')) {
    if (/ {2}(begins|goes on)/.test(line)) running++;
    if (/ {2}(FAILED|stopped|[\d.]+% of the test set)/.test(line)) running--;
    most = Math.max(most, running);
  }
  assert.equal(running, 0, stderr);
  return most;
}
