import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, unmet } from '../core/errors.js';
import { RUN_FILES, type RunMetrics } from '../core/run.js';
import { modelFile, readPart } from './load.js';

/** What a run recorded of itself. */
export interface RunRecord {
  /** `recipe.json`, whole. */
  recipe: Record<string, unknown>;
  metrics: RunMetrics;
  /** `predictions.csv`, one entry a test image. */
  predictions: RecordedPredictions;
}

export interface RecordedPredictions {
  labels: Uint8Array;
  digits: Uint8Array;
}

export interface ExportSource {
  /** A short name: the recipe's, or that of the folder. */
  name: string;
  /** Null for a `model.json` with no run around it. */
  run: RunRecord | null;
}

/**
 * Reads what stands beside a model.
 * @param path a run folder, or a `model.json`; in a run folder that is the same.
 * @throws TenfoldError `not-found` where a run is not finished, `corrupt` where a file of it is not what it should be.
 */
export function readSource(path: string): ExportSource {
  const folder = dirname(modelFile(path));
  if (!existsSync(join(folder, RUN_FILES.recipe))) {
    return { name: basename(resolve(folder)), run: null };
  }
  const read = (file: string) => readPart(join(folder, file), path).toString('utf8');
  const recipe = parseJson(read(RUN_FILES.recipe), RUN_FILES.recipe);
  const metrics = checkMetrics(parseJson(read(RUN_FILES.metrics), RUN_FILES.metrics));
  const predictions = parsePredictions(read(RUN_FILES.predictions));
  return { name: metrics.recipe, run: { recipe, metrics, predictions } };
}

/**
 * Reads `predictions.csv`: the header, then `Label,Prediction,Confidence` a test image.
 * @throws TenfoldError `corrupt`, naming the line.
 */
export function parsePredictions(text: string): RecordedPredictions {
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  if (header !== PREDICTIONS_HEADER) throw badLine(1, PREDICTIONS_HEADER, header);
  const cells = lines.map((line, index) => {
    const match = /^(\d),(\d),[^,]+$/.exec(line);
    if (!match) throw badLine(index + 2, 'a digit, a digit and a number', line);
    return [Number(match[1]), Number(match[2])] as const;
  });
  return {
    labels: Uint8Array.from(cells, ([label]) => label),
    digits: Uint8Array.from(cells, ([, digit]) => digit),
  };
}

/** Whether the images have the labels that stand beside the recorded predictions. */
export function isSameTestSet({ labels: recorded }: RecordedPredictions, labels: ArrayLike<number>): boolean {
  return recorded.length === labels.length && recorded.every((label, image) => label === labels[image]);
}

/**
 * Holds the recorded predictions to the test set that they are compared on.
 * @throws TenfoldError `bad-input` where it is another one.
 */
export function requireSameTestSet(predictions: RecordedPredictions, labels: ArrayLike<number>): void {
  if (isSameTestSet(predictions, labels)) return;
  const recorded = predictions.labels;
  throw unmet({
    code: 'bad-input',
    what: `the test set of ${RUN_FILES.predictions}`,
    expected: `${recorded.length} images with the labels recorded there`,
    got: recorded.length === labels.length ? 'other labels' : `${labels.length} images`,
    advice: 'Pass the data that the run was tested on, with --data DIR.',
  });
}

const PREDICTIONS_HEADER = 'Label,Prediction,Confidence';

function badLine(line: number, expected: string, got: string | undefined): Error {
  return unmet({
    code: 'corrupt',
    what: `line ${line} of ${RUN_FILES.predictions}`,
    expected,
    got: describe(got),
    advice: 'The run was interrupted or changed: resume it with "tenfold train --resume".',
  });
}

function parseJson(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw unmet({
    code: 'corrupt',
    what: file,
    expected: 'a JSON object',
    got: describe(text),
    advice: 'The run was interrupted or changed: resume it with "tenfold train --resume".',
  });
}

function checkMetrics(value: Record<string, unknown>): RunMetrics {
  const metrics = value as Partial<RunMetrics>;
  const isShare = (share: unknown) => typeof share === 'number' && share >= 0 && share <= 1;
  const isComplete =
    typeof metrics.recipe === 'string' &&
    isShare(metrics.test?.accuracy) &&
    typeof metrics.test?.loss === 'number' &&
    Array.isArray(metrics.test.perClass);
  if (isComplete) return value as unknown as RunMetrics;
  throw unmet({
    code: 'corrupt',
    what: RUN_FILES.metrics,
    expected: 'recipe and test {accuracy, loss, perClass}',
    got: describe(JSON.stringify(value)),
    advice: 'The run was interrupted or changed: resume it with "tenfold train --resume".',
  });
}
