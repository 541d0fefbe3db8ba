import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunMetrics } from '../../core/run.js';
import { BACKEND_CHOICES, DEVICE_CHOICES, selectBackend } from '../../train/backend.js';
import { loadMnist } from '../../train/dataset/mnist.js';
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
import { RUNS_FOLDER } from '../places.js';

const HIGHEST = 2 ** 31 - 1;

export const TRAINING_OPTIONS = {
  seed: { type: 'string' },
  epochs: { type: 'string' },
  'batch-size': { type: 'string' },
  set: { type: 'string', multiple: true },
  data: { type: 'string' },
  backend: { type: 'string' },
  device: { type: 'string' },
} as const;

export const trainCommand: Command = {
  usage:
    '--recipe NAME [--seed N] [--epochs N] [--batch-size N] [--set key=value ...] [--out DIR] [--resume] ' +
    '[--max-steps N] [--evaluate-every step|epoch] [--data DIR] [--backend NAME] [--device NAME]',
  summary: 'Trains a recipe into a run folder.',
  options: {
    ...TRAINING_OPTIONS,
    recipe: { type: 'string' },
    out: { type: 'string' },
    resume: { type: 'boolean' },
    'max-steps': { type: 'string' },
    'evaluate-every': { type: 'string' },
  },
  async run({ values, positionals, output }) {
    atMostPositionals(positionals, 0);
    const metrics = await runTraining(text(values, 'recipe') ?? 'fast', text(values, 'out'), {
      values,
      output,
    });
    output.result(metrics);
  },
};

/** Trains by the options given and tells how it goes; gives back what `metrics.json` holds. */
export async function runTraining(
  recipeName: string,
  out: string | undefined,
  { values, output }: Pick<Invocation, 'values' | 'output'>,
): Promise<RunMetrics> {
  const recipe = recipeFrom(recipeName, values);
  const backend = choice(values, 'backend', BACKEND_CHOICES, 'auto');
  const device = choice(values, 'device', DEVICE_CHOICES, 'auto');
  const maxSteps = integer(values, 'max-steps', [1, HIGHEST]) ?? Number.POSITIVE_INFINITY;
  const evaluateEvery = choice(values, 'evaluate-every', ['epoch', 'step'], 'epoch');
  const directory = text(values, 'data');
  const [engine, mnist] = await Promise.all([
    selectBackend(backend, device, { tell: output.say }),
    loadMnist(directory === undefined ? {} : { directory }),
  ]);
  const resume = values.resume === true;
  const usual = join(RUNS_FOLDER, `${recipe.name}-seed${recipe.seed}`);
  const folder = out ?? (resume ? usual : freshFolder(usual));
  if (resume) output.say(`Going on with ${folder} by its own recipe.json, whatever --set or --epochs say`);
  const options = { recipe, engine, mnist, folder, resume, maxSteps, evaluateEvery };
  const metrics = await untilInterrupted((signal) => follow({ ...options, signal }));
  summarize(metrics, output);
  return metrics;
}

/** Shows how a training goes, to its end. */
async function follow(options: TrainOptions): Promise<RunMetrics> {
  const show = progressBar(process.stderr);
  for await (const event of train(options)) {
    show(event);
    if (event.type !== 'end') continue;
    const { type: _, ...metrics } = event;
    return metrics;
  }
  throw new Error('the training ended without its end event');
}

/** The folder, or the first of `folder-2`, `folder-3`, ... that is not there yet. */
function freshFolder(folder: string): string {
  let fresh = folder;
  for (let number = 2; existsSync(fresh); number++) fresh = `${folder}-${number}`;
  return fresh;
}

function recipeFrom(name: string, values: Invocation['values']): ResolvedRecipe {
  const seed = integer(values, 'seed', [0, HIGHEST]) ?? 1;
  const overrides = (values.set as string[] | undefined) ?? [];
  const epochs = text(values, 'epochs');
  const batchSize = text(values, 'batch-size');
  return resolveRecipe(name, seed, [
    ...(epochs === undefined ? [] : [`epochs=${epochs}`]),
    ...(batchSize === undefined ? [] : [`batchSize=${batchSize}`]),
    ...overrides,
  ]);
}

function summarize({ run, test, trainSeconds, steps }: RunMetrics, output: Output): void {
  const percent = (100 * test.accuracy).toFixed(2);
  output.say(
    `${run}: ${percent}% of the test set, loss ${test.loss.toFixed(5)}, ${steps} steps in ${trainSeconds.toFixed(1)} s`,
  );
}
