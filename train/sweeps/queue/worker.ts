import { mkdtemp, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DelayedError, type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { RUN_FILES } from '../../../core/run.js';
import { NO_PROGRESS } from '../../progress.js';
import { nameOf } from '../board.js';
import type { RunSpec } from '../plan.js';
import type { ProcessRecord } from '../process-record.js';
import { recordedEnd } from '../recorded-end.js';
import type { TrainingSetup } from '../train-command.js';
import { startTraining } from '../training-process.js';
import { type ArchivedFile, pack, readRun, readSavedRun, unpack, writeFiles } from './archive.js';
import { type Connection, PREFIX, QUEUE } from './connection.js';
import { type JobProgress, type RunJob, runOfJob } from './job.js';
import { latest } from './latest.js';
import { type RunStore, runStore } from './store.js';
import { openWorkerFolder } from './worker-folder.js';

/** How often a worker asks whether its runs are withdrawn, and again for what Redis refused or had to wait. */
const ASK_MILLISECONDS = 1000;

/** A run that takes so many workers with it is not taken over once more. */
const MOST_TAKEOVERS = 5;

export interface WorkerOptions {
  connection: Connection;
  setup: TrainingSetup;
  /** Of the data in `setup`. */
  dataSha256: string;
  /** Runs at a time. */
  jobs: number;
  /** Seconds for which nothing is heard of a worker before another may take its runs over. */
  lease: number;
  say(line: string): void;
  /** Once aborted, the runs under way are saved and given back, and the worker ends. */
  signal: AbortSignal;
}

export interface WorkerTally {
  finished: number;
  failed: number;
  /** Given back before their end, with all that was trained. */
  returned: number;
}

/** Why a run that a worker has begun ends early. */
type Leave = 'returned' | 'lost' | 'withdrawn';

/**
 * Does the runs of any sweep that a Redis server has, until it is told to end. Each run is trained in a process and a
 * temporary folder of its own; its saved state goes to the server after every epoch, its results at the end.
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerTally> {
  const { connection, jobs, lease, say, signal } = options;
  const folder = await openWorkerFolder(say);
  const tally: WorkerTally = { finished: 0, failed: 0, returned: 0 };
  const held = new Map<string, AbortController>();
  const worker: Worker<RunJob> = new Worker<RunJob>(
    QUEUE,
    async (job, token) => {
      // An attempt that the queue has given up may still be ending here, and its end would end this one's lock.
      if (held.has(job.id!)) {
        await job.moveToDelayed(Date.now() + ASK_MILLISECONDS, token);
        throw new DelayedError();
      }
      const leave = new AbortController();
      const over = new AbortController();
      const store = runStore(connection.bulk, (id) => `${worker.toKey(id)}:lock`);
      held.set(job.id!, leave);
      // The queue may hand over one more run while the worker ends.
      if (signal.aborted) leave.abort('returned' satisfies Leave);
      leaveOnWithdrawal(store, job.id!, leave, over.signal);
      const attempt = await mkdtemp(join(folder.path, `${job.id}-`));
      try {
        await doRun(job, token!, { ...options, folder: attempt, record: folder.record, tally, leave, store });
      } finally {
        over.abort();
        await rm(attempt, { recursive: true, force: true });
        held.delete(job.id!);
      }
    },
    {
      connection: connection.redis,
      prefix: PREFIX,
      concurrency: jobs,
      lockDuration: 1000 * lease,
      stalledInterval: 500 * lease,
      maxStalledCount: MOST_TAKEOVERS,
    },
  );
  // What the connection suffers from is told by itself; a run that is lost, by the run.
  worker.on('error', () => {});
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) held.get(id)?.abort('lost' satisfies Leave);
  });
  try {
    if (!signal.aborted) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    }
    if (held.size > 0) say(`Saving ${held.size} runs and giving them back`);
    // Takes no other run from here on, or it would take those that it gives back.
    const closed = worker.close();
    for (const leave of held.values()) leave.abort('returned' satisfies Leave);
    await closed;
  } finally {
    await folder.remove();
  }
  return tally;
}

/** Asks until the run is over. Where Redis is gone, the question waits for it. */
async function leaveOnWithdrawal(
  store: RunStore,
  job: string,
  leave: AbortController,
  over: AbortSignal,
): Promise<void> {
  try {
    while (!over.aborted) {
      if (await store.isWithdrawn(job)) return leave.abort('withdrawn' satisfies Leave);
      await delay(ASK_MILLISECONDS, undefined, { signal: over });
    }
  } catch {
    // The run is over, or the connection.
  }
}

interface RunOptions extends WorkerOptions {
  folder: string;
  /** Keeps which processes train, for a worker that starts after this one was killed. */
  record: ProcessRecord;
  tally: WorkerTally;
  leave: AbortController;
  store: RunStore;
}

async function doRun(job: Job<RunJob>, token: string, options: RunOptions): Promise<void> {
  const { setup, folder, record, leave, store, say, tally } = options;
  const id = job.id!;
  const spec = specOf(job.data, options);
  const name = `${nameOf(spec)} (${id})`;
  const run = join(folder, 'run');
  // A server that came back without its data may have been given the result before the run was queued anew.
  if (await store.hasResult(id)) return say(`${name}: is finished already`);
  const earlier = await store.saved(id);
  if (earlier) await writeFiles(run, await unpack(earlier));

  const unsaved = (error: Error) => say(`${name}: not saved in Redis: ${error.message}`);
  const keep = async (files: readonly ArchivedFile[]) => {
    try {
      if (!(await store.putSaved(id, token, await pack(files)))) leave.abort('lost' satisfies Leave);
    } catch (error) {
      // The next epoch is another chance.
      unsaved(error as Error);
    }
  };
  const save = latest(async () => {
    const files = await readSavedRun(run);
    if (files) await keep(files);
  });
  const state: JobProgress = {
    place: `${hostname()}:${process.pid}`,
    resumes: earlier !== null,
    progress: NO_PROGRESS,
  };
  // A queue that came back without its data does not know the job; what becomes of the run shows at its end.
  const tell = latest(() => job.updateProgress(state).catch(() => {}));
  const training = startTraining(spec, setup, { folder: run, log: join(folder, 'log') }, (message) => {
    state.progress = message.progress;
    if (message.type === 'saved') {
      state.saved = message.progress;
      save.ask();
    }
    tell.ask();
  });
  say(`${name}: ${training.resumes ? 'goes on from where it was saved' : 'begins'}`);
  tell.ask();
  const end = await recordedEnd(training, { record, run, signal: leave.signal });
  await Promise.all([save.settled(), tell.settled()]);

  if (end.type === 'finished') {
    // The optimiser's memory is only for going on.
    const files = (await readRun(run)).filter((file) => file.name !== RUN_FILES.optimizer);
    const archive = await pack(files);
    const isTaken = await persist(() => store.putResult(id, token, archive), leave.signal, unsaved);
    if (isTaken === false) throw lost(name, say);
    if (isTaken) {
      say(`${name}: finished`);
      tally.finished++;
      return;
    }
  }
  const left = end.type === 'interrupted' ? await readRun(run) : [];
  if (left.length > 0) await keep(left);
  if (leave.signal.reason === 'lost') throw lost(name, say);
  if (leave.signal.reason === 'withdrawn') {
    say(`${name}: given back, its sweep is withdrawn`);
    tally.returned++;
    throw new UnrecoverableError('Its sweep was withdrawn');
  }
  if (leave.signal.reason === 'returned') {
    say(`${name}: given back`);
    tally.returned++;
    await job.moveToWait(token);
    throw new WaitingError();
  }
  const reason = end.type === 'failed' ? end.reason : 'It was interrupted by somebody else';
  say(`${name}: failed: ${reason}`);
  tally.failed++;
  throw new UnrecoverableError(reason);
}

/**
 * A finished run must not be lost to a server that is full for a while: asks until it gives an answer or the run is to be left.
 * @param failed is told the first time
 * @returns the answer; null where there was none by then
 */
async function persist(
  ask: () => Promise<boolean>,
  leave: AbortSignal,
  failed: (error: Error) => void,
): Promise<boolean | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 1) failed(error as Error);
    }
    if (leave.aborted) return null;
    await delay(ASK_MILLISECONDS, undefined, { signal: leave }).catch(() => {});
  }
}

function specOf(job: unknown, { dataSha256, setup: { data } }: RunOptions): RunSpec {
  try {
    return runOfJob(job, { dataSha256, data });
  } catch (error) {
    throw new UnrecoverableError((error as Error).message);
  }
}

/** The queue refuses the end of a run that somebody else holds; the error is for nobody. */
function lost(name: string, say: (line: string) => void): Error {
  say(`${name}: left to another worker, since the queue heard nothing for too long`);
  return new Error('lost');
}
