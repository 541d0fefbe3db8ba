import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, Queue } from 'bullmq';
import { type Executor, readMetrics, type TellNews } from '../outcome.js';
import type { RunSpec, SweepPlan } from '../plan.js';
import { stateOf } from '../train-command.js';
import { pack, placeRun, readRun } from './archive.js';
import { shownUrl } from './connection.js';
import { FORMAT, type JobProgress, jobIdOf, type RunJob } from './job.js';
import { KEPT_SECONDS, type RunStore } from './store.js';
import { openSweepQueue, unlessAborted } from './sweep-queue.js';

const POLL_MILLISECONDS = 500;
/** Of a sweep that nobody goes on with. */
const KEPT = { removeOnComplete: { age: KEPT_SECONDS }, removeOnFail: { age: KEPT_SECONDS } };

export interface QueueOptions {
  /** Of the Redis server. */
  url: string;
  plan: SweepPlan;
  /** Of what the workers are to train on. */
  dataSha256: string;
  /** The sweep's folder: what workers finish comes here, a folder a run. */
  folder: string;
  say(line: string): void;
}

interface Parts extends QueueOptions {
  queue: Queue<RunJob>;
  store: RunStore;
  tell: TellNews;
}

/**
 * Has workers on any machines do the runs. It keeps nothing in mind that is not in Redis or in the sweep's folder: ended
 * at any moment, the same sweep goes on with what is there, and a server that comes back without its data is given the
 * runs anew.
 */
export const queueExecutor = (options: QueueOptions): Executor => ({
  async execute(specs, tell, signal) {
    const { url, say } = options;
    const { connection, queue, store } = await openSweepQueue(url, say);
    const parts: Parts = { ...options, queue, store, tell };
    const work = async () => {
      await forgetFinished(parts);
      for (const spec of specs) {
        await store.admit(jobIdOf(options.plan.sweep, spec));
        await retryFailed(parts, spec);
      }
      if ((await queue.getWorkersCount()) === 0) {
        say(`No worker is there yet: start one by \`tenfold worker --queue ${shownUrl(url)}\``);
      }
      await follow(parts, specs, signal);
    };
    try {
      await unlessAborted(work(), signal);
    } finally {
      connection.close();
    }
    if (signal.aborted)
      say('The workers go on; the same command collects what they do, with --withdraw it ends them');
  },
});

/** What came here before a sweep was ended may still lie in Redis. */
async function forgetFinished({ queue, store, plan, folder }: Parts): Promise<void> {
  for (const spec of plan.runs) {
    if (stateOf(join(folder, spec.id)) !== 'finished') continue;
    const id = jobIdOf(plan.sweep, spec);
    await queue.remove(id);
    await store.forget(id);
  }
}

/** What failed in an earlier sweep is tried again, as on this machine; on what this one is of, which may be other data. */
async function retryFailed({ queue, plan, dataSha256 }: Parts, spec: RunSpec): Promise<void> {
  const job = await queue.getJob(jobIdOf(plan.sweep, spec));
  if (!job || !(await job.isFailed())) return;
  await job.updateData({ format: FORMAT, run: spec, dataSha256 });
  await job.retry('failed');
}

async function follow(parts: Parts, specs: readonly RunSpec[], signal: AbortSignal): Promise<void> {
  const seen = new Map<string, JobProgress>();
  let open = [...specs];
  while (open.length > 0 && !signal.aborted) {
    const left: RunSpec[] = [];
    for (const spec of open) {
      if (signal.aborted) return;
      if (!(await look(parts, spec, seen))) left.push(spec);
    }
    open = left;
    if (open.length > 0) await delay(POLL_MILLISECONDS);
  }
}

/** Looks at a run in the queue, and puts it there where it is not; says whether it has ended. */
async function look(parts: Parts, spec: RunSpec, seen: Map<string, JobProgress>): Promise<boolean> {
  const { queue, plan, tell } = parts;
  const id = jobIdOf(plan.sweep, spec);
  // Before the job, which else is read while it runs, and is found failed without its reason.
  const state = await queue.getJobState(id);
  const job = await queue.getJob(id);
  if (!job) {
    await enqueue(parts, spec);
    return false;
  }
  if (state === 'completed') return collect(parts, spec, job);
  if (state === 'failed') {
    tell(spec, { type: 'failed', reason: job.failedReason });
    return true;
  }
  if (state === 'active') tellProgress(parts, spec, job.progress, seen);
  return false;
}

/** What was trained here before goes along. */
async function enqueue({ queue, store, plan, folder, dataSha256 }: Parts, spec: RunSpec): Promise<void> {
  const id = jobIdOf(plan.sweep, spec);
  const run = join(folder, spec.id);
  if (stateOf(run) === 'begun') await store.offer(id, await pack(await readRun(run)));
  await queue.add('run', { format: FORMAT, run: spec, dataSha256 }, { jobId: id, ...KEPT });
}

/** Takes a finished run into the sweep's folder; only then is it forgotten in Redis. */
async function collect({ store, plan, folder, tell }: Parts, spec: RunSpec, job: Job): Promise<boolean> {
  const id = jobIdOf(plan.sweep, spec);
  const archive = await store.result(id);
  if (!archive) {
    // It lay there for too long, or the server lost it: the run is put there anew.
    await job.remove();
    return false;
  }
  const run = join(folder, spec.id);
  await placeRun(run, archive);
  tell(spec, { type: 'finished', metrics: await readMetrics(run) });
  await job.remove();
  await store.forget(id);
  return true;
}

function tellProgress({ tell }: Parts, spec: RunSpec, value: unknown, seen: Map<string, JobProgress>): void {
  const now = value as Partial<JobProgress> | null;
  // A number until the worker tells more.
  if (typeof now?.place !== 'string' || now.progress === undefined) return;
  const { place, resumes = false, progress, saved } = now;
  const before = seen.get(spec.id);
  seen.set(spec.id, now as JobProgress);
  if (before?.place !== place) tell(spec, { type: 'started', resumes, place });
  const savedEpoch = before?.place === place ? before.saved?.epoch : undefined;
  if (saved && saved.epoch !== savedEpoch) tell(spec, { type: 'saved', progress: saved, place });
  if (progress.start !== undefined) tell(spec, { type: 'progress', progress, place });
}
