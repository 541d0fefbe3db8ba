import { describe, unmet } from '../../../core/errors.js';
import type { Progress } from '../../progress.js';
import { resolveRecipe } from '../../recipes/resolve.js';
import type { RunSpec } from '../plan.js';

/** What a job carries to the worker. */
export interface RunJob {
  format: typeof FORMAT;
  run: RunSpec;
  /** Of what the sweep is of: a worker's `--data` may be other data. */
  dataSha256: string;
}

export const FORMAT = 2;

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

/**
 * @param own what the worker trains on
 * @throws TenfoldError where this version of the program cannot do the run, or not on the data that this worker has
 */
export function runOfJob(job: unknown, own: { dataSha256: string; data: string | undefined }): RunSpec {
  const { format, run, dataSha256 } = (job ?? {}) as Partial<RunJob>;
  if (format !== FORMAT || run === undefined || dataSha256 === undefined) {
    throw unmet({
      code: 'bad-input',
      what: 'the run that came from the queue',
      expected: `format ${FORMAT}`,
      got: describe(format),
      advice: 'Use the same version of tenfold for the sweep and its workers.',
    });
  }
  if (dataSha256 !== own.dataSha256) {
    throw unmet({
      code: 'bad-usage',
      what: 'the data of a worker',
      expected: `the images and labels of its sweep, ${dataSha256}`,
      got: `${own.dataSha256} (${own.data ?? 'MNIST as it is bundled'})`,
      advice: 'Give the same data by --data to the sweep and to every worker, or none to any.',
    });
  }
  resolveRecipe(run.recipe, run.seed, run.settings);
  return run;
}
