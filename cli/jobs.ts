import { availableParallelism, freemem } from 'node:os';
import { nvidiaInSight } from '../train/ort-backend/index.js';
import { type Invocation, integer } from './command.js';
import { MOST_THREADS } from './commands/train.js';

const MOST_JOBS = 1024;
/** What a run of the larger networks takes, so that a machine of many cores does not run out of memory. */
const BYTES_OF_A_RUN = 2 * 2 ** 30;

export const JOB_OPTIONS = { jobs: { type: 'string' }, threads: { type: 'string' } } as const;

export interface Division {
  /** Runs at a time. */
  jobs: number;
  /** Of each run. */
  threads: number;
}

/**
 * How many runs at a time and threads for each: as many runs as there are cores, for one thread each wastes nothing, then
 * what is left of the cores shared out. A GPU takes one run at a time.
 * @returns the division for so many runs at most
 * @throws TenfoldError `bad-usage` where an option is out of its range
 */
export function divideMachine(values: Invocation['values'], device: string): (most: number) => Division {
  const cores = availableParallelism();
  const threads = integer(values, 'threads', [1, MOST_THREADS]);
  const jobs = integer(values, 'jobs', [1, MOST_JOBS]);
  const isGpu = device === 'auto' ? nvidiaInSight() !== null : device !== 'cpu';
  const fitting = Math.min(
    isGpu ? 1 : Math.floor(cores / (threads ?? 1)),
    Math.floor(freemem() / BYTES_OF_A_RUN),
  );
  return (most) => {
    const atOnce = jobs ?? Math.max(1, Math.min(fitting, most));
    return { jobs: atOnce, threads: threads ?? Math.max(1, Math.floor(cores / atOnce)) };
  };
}

/** `2 at a time, 1 thread each` */
export const divisionText = ({ jobs, threads }: Division): string =>
  `${jobs} at a time, ${threads} ${threads === 1 ? 'thread' : 'threads'} each`;
