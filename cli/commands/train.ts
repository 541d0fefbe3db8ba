import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { BACKEND_CHOICES, DEVICE_CHOICES, selectBackend } from '../../train/backend.js';
import { loadMnist } from '../../train/dataset/mnist.js';
import { meanAndDeviation } from '../../train/metrics/spread.js';
import { progressBar } from '../../train/progress.js';
import { type ResolvedRecipe, resolveRecipe } from '../../train/recipes/resolve.js';
import { type TrainOptions, train } from '../../train/train.js';
import {
  atMostPositionals,
  type Command,
  choice,
  type Invocation,
  integer,
  type Output,
  text,
} from '../command.js';
import { untilInterrupted } from '../interruption.js';
import { placeOf } from '../run-folders.js';
import { HIGHEST_SEED, parseSeeds } from '../seeds.js';
import { eachOnce } from '../settings.js';
import { tellWatcher } from '../watched.js';

const MOST_STEPS = 2 ** 31 - 1;
export const MOST_THREADS = 1024;
/** When the test set is measured. */
export const EVALUATE_CHOICES = ['end', 'epoch', 'step'] as const;

export const TRAINING_OPTIONS = {
  seed: { type: 'string' },
  epochs: { type: 'string' },
  'batch-size': { type: 'string' },
  set: { type: 'string', multiple: true },
  data: { type: 'string' },
  backend: { type: 'string' },
  device: { type: 'string' },
  threads: { type: 'string' },
} as const;

export const trainCommand: Command = {
  usage:
    '[--recipe fast] [--seed N | --seeds 1..5] [--epochs N] [--batch-size N] [--set key=value ...] [--out DIR] [--resume] ' +
    '[--max-steps N] [--evaluate-every end|epoch|step] [--teacher RUN[,RUN...]] [--data DIR] [--backend NAME] [--device NAME] [--threads N]',
  summary: 'Trains a recipe into a run folder.',
  options: {
    ...TRAINING_OPTIONS,
    recipe: { type: 'string' },
    seeds: { type: 'string' },
    out: { type: 'string' },
    resume: { type: 'boolean' },
    'max-steps': { type: 'string' },
    'evaluate-every': { type: 'string' },
    teacher: { type: 'string' },
  },
  async run({ values, positionals, output }) {
    atMostPositionals(positionals, 0);
    const recipe = text(values, 'recipe') ?? 'fast';
    const out = text(values, 'out');
    const seeds = text(values, 'seeds');
    const options = { evaluateTrain: true };
    const result =
      seeds === undefined
        ? await runTraining(recipe, out, { values, output }, options)
        : await runSeeds(recipe, out, parseSeeds(seeds), { values, output });
    output.result(result);
  },
};

/** What `train --seeds --json` prints. */
export interface SeedsResult {
  runs: RunMetrics[];
  /** Of the test accuracies, shares from 0 to 1. */
  mean: number;
  /** Their standard deviation (n - 1); null of a single run. */
  deviation: number | null;
}

/** Trains one seed after another, each into a folder of its own: `OUT/seedN`, or where a run of that seed alone goes. */
async function runSeeds(
  recipe: string,
  out: string | undefined,
  seeds: readonly number[],
  { values, output }: Pick<Invocation, 'values' | 'output'>,
): Promise<SeedsResult> {
  if (values.seed !== undefined) {
    throw unmet({
      code: 'bad-usage',
      what: 'the seeds',
      expected: '--seed or --seeds',
      got: 'both',
      advice: 'Leave one of them out.',
    });
  }
  const runs: RunMetrics[] = [];
  for (const seed of seeds) {
    const folder = out === undefined ? undefined : join(out, `seed${seed}`);
    const own = { values: { ...values, seed: String(seed) }, output };
    runs.push(await runTraining(recipe, folder, own, { evaluateTrain: true, isOneOfSeveral: true }));
  }
  const { mean, deviation } = meanAndDeviation(runs.map(({ test }) => test.accuracy));
  const spread = deviation === null ? '' : `, standard deviation ${percent(deviation)}`;
  output.say(`${recipe}, seeds ${seeds.join(', ')}: mean ${percent(mean)} of the test set${spread}`);
  return { runs, mean, deviation };
}

/** Trains by the options given and tells how it goes; gives back what `metrics.json` holds. */
export async function runTraining(
  recipeName: string,
  out: string | undefined,
  { values, output }: Pick<Invocation, 'values' | 'output'>,
  { evaluateTrain, isOneOfSeveral = false }: { evaluateTrain: boolean; isOneOfSeveral?: boolean },
): Promise<RunMetrics> {
  const recipe = recipeFrom(recipeName, values);
  const backend = choice(values, 'backend', BACKEND_CHOICES, 'auto');
  const device = choice(values, 'device', DEVICE_CHOICES, 'auto');
  const maxSteps = integer(values, 'max-steps', [1, MOST_STEPS]) ?? Number.POSITIVE_INFINITY;
  const evaluateEvery = choice(values, 'evaluate-every', EVALUATE_CHOICES, undefined);
  const data = text(values, 'data');
  const threads = integer(values, 'threads', [0, MOST_THREADS]) ?? 0;
  const [engine, mnist] = await Promise.all([
    selectBackend(backend, device, { tell: output.say, threads }),
    loadMnist(data === undefined ? {} : { directory: data }),
  ]);
  const given = { out, resume: values.resume === true, isOneOfSeveral };
  const { folder, resume } = await placeOf(recipe, mnist, given);
  const epochs = text(values, 'epochs') === undefined ? undefined : recipe.training.epochs;
  if (resume && existsSync(join(folder, RUN_FILES.recipe))) {
    const length = epochs === undefined ? '' : `, to ${epochs} epochs`;
    output.say(`Going on with ${folder} by its own recipe.json${length}`);
  }
  const teachers = text(values, 'teacher')?.split(',') ?? [];
  const options = {
    recipe,
    engine,
    mnist,
    data,
    folder,
    resume,
    epochs,
    maxSteps,
    evaluateEvery,
    evaluateTrain,
    teachers,
  };
  const metrics = await untilInterrupted((signal) => follow({ ...options, signal }));
  summarize(metrics, output);
  return metrics;
}

/** Shows how a training goes, to its end. */
async function follow(options: TrainOptions): Promise<RunMetrics> {
  const show = progressBar(process.stderr);
  const tell = tellWatcher();
  for await (const event of train(options)) {
    show(event);
    tell(event);
    if (event.type !== 'end') continue;
    const { type: _, ...metrics } = event;
    return metrics;
  }
  throw new Error('the training ended without its end event');
}

function recipeFrom(name: string, values: Invocation['values']): ResolvedRecipe {
  const seed = integer(values, 'seed', [0, HIGHEST_SEED]) ?? 1;
  const overrides = (values.set as string[] | undefined) ?? [];
  const epochs = text(values, 'epochs');
  const batchSize = text(values, 'batch-size');
  const settings = [
    ...(epochs === undefined ? [] : [`epochs=${epochs}`]),
    ...(batchSize === undefined ? [] : [`batchSize=${batchSize}`]),
    ...overrides,
  ];
  return resolveRecipe(name, seed, eachOnce(settings));
}

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

function summarize({ run, test, train, bestEpoch, trainSeconds, steps }: RunMetrics, output: Output): void {
  const said = [
    `${run}: ${percent(test.accuracy)} of the test set, loss ${test.loss.toFixed(5)}`,
    ...(train ? [`${percent(train.accuracy)} of what it was trained on, loss ${train.loss.toFixed(5)}`] : []),
    ...(bestEpoch === undefined ? [] : [`the weights of epoch ${bestEpoch}`]),
    `${steps} steps in ${trainSeconds.toFixed(1)} s`,
  ];
  output.say(said.join(', '));
}
