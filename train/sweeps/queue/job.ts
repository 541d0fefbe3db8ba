import { describe, unmet } from '../../../core/errors.js';
import type { Progress } from '../../progress.js';
import { resolveRecipe } from '../../recipes/resolve.js';
import type { RunSpec } from '../plan.js';

/** What a job carries to the worker. */
export interface RunJob {
  format: typeof FORMAT;
  run: RunSpec;
}

export const FORMAT = 1;

/** What a worker tells of a run under way. */
export interface JobProgress {
  /** The worker's machine and process. */
  place: string;
  resumes: boolean;
  progress: Progress;
  /** As it was when it was last saved on that worker. */
  saved?: Progress;
}

/** A job's name in the queue: the sweep's and the run's. */
export const jobIdOf = (sweep: string, { id }: RunSpec): string => `${sweep}.${id}`;

/** @throws TenfoldError where this version of the program cannot do the run */
export function runOfJob(data: unknown): RunSpec {
  const { format, run } = (data ?? {}) as Partial<RunJob>;
  if (format !== FORMAT || run === undefined) {
    throw unmet({
      code: 'bad-input',
      what: 'the run that came from the queue',
      expected: `format ${FORMAT}`,
      got: describe(format),
      advice: 'Use the same version of tenfold for the sweep and its workers.',
    });
  }
  resolveRecipe(run.recipe, run.seed, run.settings);
  return run;
}
