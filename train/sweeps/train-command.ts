import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RUN_FILES } from '../../core/run.js';
import type { RunSpec } from './plan.js';

/** How runs are trained on this machine, whichever they are. */
export interface TrainingSetup {
  /** The program that trains and what comes before its own arguments. */
  program: readonly string[];
  backend: string;
  device: string;
  /** Of one operator; 0 for one a core. */
  threads: number;
  /** A folder of IDX files in MNIST's place. */
  data?: string | undefined;
}

/** How far a run has come, by what its folder holds. */
export type RunState = 'new' | 'begun' | 'finished';

export function stateOf(folder: string): RunState {
  if (existsSync(join(folder, RUN_FILES.metrics))) return 'finished';
  return existsSync(join(folder, RUN_FILES.recipe)) ? 'begun' : 'new';
}

/** The arguments of `tenfold` that train a run, or go on with it. */
export const trainArguments = (
  { recipe, seed, settings, maxSteps, evaluateEvery }: RunSpec,
  { backend, device, threads, data }: TrainingSetup,
  folder: string,
): string[] => [
  'train',
  ...['--recipe', recipe, '--seed', String(seed), '--out', folder],
  ...settings.flatMap((setting) => ['--set', setting]),
  ...(maxSteps === undefined ? [] : ['--max-steps', String(maxSteps)]),
  ...(evaluateEvery === undefined ? [] : ['--evaluate-every', evaluateEvery]),
  ...['--backend', backend, '--device', device, '--threads', String(threads)],
  ...(data === undefined ? [] : ['--data', data]),
  ...(stateOf(folder) === 'begun' ? ['--resume'] : []),
];
