import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, unmet } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { type ConfusionMatrix, confusionMatrix } from '../metrics/confusion.js';
import type { Teacher } from '../teachers.js';
import { firstRows, NO_TABLE, type NumberTable, parseNumberTable } from './number-table.js';

/** What a setting of a recipe can be. */
export type Setting = string | number | boolean | null;

/** Loss and accuracy (0 to 1) on one of the sets. */
export interface SplitResult {
  loss: number;
  accuracy: number;
}

/** `metrics.json`, with what only some runs measure. */
export type ReportMetrics = Omit<RunMetrics, 'test'> & {
  test: RunMetrics['test'] & { calibrationError?: number; confusion?: ConfusionMatrix };
  train?: SplitResult;
  validation?: SplitResult;
  bestEpoch?: number;
};

/** `recipe.json` as far as a report shows it. */
export interface ReportRecipe {
  name: string;
  seed: number;
  summary: string;
  architecture: string;
  model: Record<string, Setting>;
  training: Record<string, Setting>;
  reasons: Record<string, string>;
  /** The runs that it learned from; none where it had no teacher. */
  teachers: readonly Teacher[];
  /** Of the data that it was trained on, where the run says. */
  dataSha256?: string;
  /** When the test set was measured, where the run says. */
  evaluateEvery?: string;
}

/** What the network said of each test image, in the order of the test set. */
export interface Predictions {
  /** `[images]`, 0 to 9. */
  labels: Uint8Array;
  /** `[images]`, 0 to 9. */
  digits: Uint8Array;
  /** Probability of the predicted digit, `[images]`, 0 to 1. */
  confidences: Float64Array;
}

/** A finished run as a report reads it. */
export interface ReportRun {
  folder: string;
  recipe: ReportRecipe;
  metrics: ReportMetrics;
  /** `losses.csv`: a row a mini-batch. */
  losses: NumberTable;
  /** `epochs.csv`: a row an epoch. */
  epochs: NumberTable;
  predictions: Predictions | null;
  /** Rows are the true digits, columns what was read, `[10, 10]`; null where neither file tells. */
  confusion: ConfusionMatrix | null;
  /** The parsed `model.json`. */
  model: unknown;
}

/**
 * Reads a finished run.
 * @throws TenfoldError `not-found` where the folder is no run, `bad-input` where the run is not finished, `corrupt` where a
 * file of it is not whole
 */
export async function readReportRun(folder: string): Promise<ReportRun> {
  const recipe = checkedRecipe(folder, await requireRecipe(folder));
  const metricsText = await read(folder, RUN_FILES.metrics);
  if (metricsText === null) throw await unfinished(folder, recipe);
  const metrics = checkedMetrics(folder, metricsText);
  const [losses, epochs, predictionsTable, model] = await Promise.all([
    readTable(folder, RUN_FILES.losses),
    readTable(folder, RUN_FILES.epochs),
    readTable(folder, RUN_FILES.predictions),
    read(folder, RUN_FILES.model),
  ]);
  const predictions = checkedPredictions(folder, predictionsTable);
  return {
    folder,
    recipe,
    metrics,
    // A run that went on and diverged has steps after those that its results are of.
    losses: firstRows(losses, metrics.steps),
    epochs,
    predictions,
    confusion: predictions
      ? confusionMatrix(predictions.labels, predictions.digits)
      : (metrics.test.confusion ?? null),
    model: model === null ? null : parse(folder, RUN_FILES.model, model),
  };
}

const resumeAdvice = (folder: string): string =>
  `Go on with it by \`tenfold train --resume --out ${folder}\`, then report again.`;

/** The text of a file, or null where it is not there. */
async function read(folder: string, name: string): Promise<string | null> {
  try {
    return await readFile(join(folder, name), 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unmet({
      code: 'not-found',
      what: join(folder, name),
      expected: 'a file that can be read',
      got: (cause as Error).message,
      advice: 'Name a folder that `tenfold train` wrote.',
      cause,
    });
  }
}

async function readTable(folder: string, name: string): Promise<NumberTable> {
  const text = await read(folder, name);
  return text === null ? NO_TABLE : parseNumberTable(text, join(folder, name), resumeAdvice(folder));
}

async function requireRecipe(folder: string): Promise<string> {
  const refuse = (got: string, cause?: unknown) =>
    unmet({
      code: 'not-found',
      what: folder,
      expected: `a run (a folder with ${RUN_FILES.recipe})`,
      got,
      advice: 'Name a folder that `tenfold train` wrote.',
      cause,
    });
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(cause.code === 'ENOENT' ? 'no such folder' : cause.message, cause);
  });
  const text = await read(folder, RUN_FILES.recipe);
  if (text !== null) return text;
  const shown = names.sort().slice(0, 5).join(', ') + (names.length > 5 ? ', ...' : '');
  throw refuse(names.length === 0 ? 'an empty folder' : `a folder that holds ${shown}`);
}

/** Says how far a run is that has no results yet. */
async function unfinished(folder: string, { training }: ReportRecipe) {
  const { rows } = await readTable(folder, RUN_FILES.epochs);
  const hasModel = (await read(folder, RUN_FILES.model)) !== null;
  return unmet({
    code: 'bad-input',
    what: folder,
    expected: `a finished run (with ${RUN_FILES.metrics})`,
    got: `one with ${rows} of ${training.epochs} epochs and ${hasModel ? 'a saved network' : 'no saved network'}`,
    advice: resumeAdvice(folder),
  });
}

const TRAIN_ANEW = 'The file was changed or is of another program: train the run anew.';

const parse = (folder: string, name: string, text: string, advice = resumeAdvice(folder)): unknown =>
  parseJson(text, join(folder, name), 'corrupt', advice);

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkedRecipe(folder: string, text: string): ReportRecipe {
  const value = parse(folder, RUN_FILES.recipe, text, TRAIN_ANEW);
  const recipe = isRecord(value) ? value : {};
  const isWhole =
    typeof recipe.name === 'string' &&
    typeof recipe.seed === 'number' &&
    isRecord(recipe.model) &&
    isRecord(recipe.training);
  if (isWhole) {
    return {
      ...(recipe as unknown as ReportRecipe),
      summary: typeof recipe.summary === 'string' ? recipe.summary : '',
      architecture: String(recipe.architecture ?? ''),
      reasons: isRecord(recipe.reasons) ? (recipe.reasons as Record<string, string>) : {},
      teachers: Array.isArray(recipe.teachers) ? (recipe.teachers as Teacher[]) : [],
    };
  }
  throw incomplete(folder, RUN_FILES.recipe, 'a recipe with name, seed, model and training', value);
}

const incomplete = (folder: string, name: string, expected: string, value: unknown) =>
  unmet({
    code: 'corrupt',
    what: join(folder, name),
    expected,
    got: isRecord(value) ? `one with ${Object.keys(value).join(', ') || 'nothing'}` : describe(value),
    advice: TRAIN_ANEW,
  });

/** The figures that every finished run has. */
const NUMBERS = ['seed', 'parameters', 'epochs', 'steps', 'trainSeconds'] as const;

function checkedMetrics(folder: string, text: string): ReportMetrics {
  const value = parse(folder, RUN_FILES.metrics, text);
  const metrics = isRecord(value) ? value : {};
  const test = isRecord(metrics.test) ? metrics.test : {};
  const isWhole =
    NUMBERS.every((name) => typeof metrics[name] === 'number') &&
    typeof test.accuracy === 'number' &&
    typeof test.loss === 'number' &&
    Array.isArray(test.perClass) &&
    test.perClass.every((row) => isRecord(row) && typeof row.recall === 'number');
  if (isWhole) return value as ReportMetrics;
  throw incomplete(
    folder,
    RUN_FILES.metrics,
    `the results of a run (${NUMBERS.join(', ')}, test {accuracy, loss, perClass})`,
    value,
  );
}

function checkedPredictions(folder: string, table: NumberTable): Predictions | null {
  const [labels, digits, confidences] = ['Label', 'Prediction', 'Confidence'].map((name) =>
    table.column(name),
  );
  if (!labels || !digits || !confidences) return null;
  const isDigit = (value: number) => Number.isInteger(value) && value >= 0 && value <= 9;
  const wrong = labels.findIndex((label, row) => !isDigit(label) || !isDigit(digits[row]!));
  if (wrong < 0) return { labels: Uint8Array.from(labels), digits: Uint8Array.from(digits), confidences };
  throw unmet({
    code: 'corrupt',
    what: `line ${wrong + 2} of ${join(folder, RUN_FILES.predictions)}`,
    expected: 'label and prediction from 0 to 9',
    got: `${labels[wrong]},${digits[wrong]}`,
    advice: resumeAdvice(folder),
  });
}
