import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { allRuns, type RunSpec, type SweepPlan } from '../plan.js';
import { stateOf } from '../train-command.js';
import { placeRun } from './archive.js';
import { jobIdOf } from './job.js';
import { openSweepQueue, type SweepQueue, unlessAborted } from './sweep-queue.js';

const POLL_MILLISECONDS = 500;

export interface WithdrawOptions {
  /** Of the Redis server. */
  url: string;
  plan: SweepPlan;
  /** The sweep's folder: all that was trained comes here, a folder a run. */
  folder: string;
  say(line: string): void;
  /** Once aborted, what is left stays in the queue; the same again takes it. */
  signal: AbortSignal;
}

/**
 * Takes a sweep's runs out of the queue: those that wait at once, those under way as soon as their workers have saved them or
 * are not heard of any more. What was trained of each comes into the sweep's folder, so that nothing of it stays in Redis and
 * the sweep can go on from there.
 * @throws TenfoldError `bad-usage` where it is no URL of a Redis server, `unavailable` where no server answers
 */
export async function withdrawSweep({ url, plan, folder, say, signal }: WithdrawOptions): Promise<void> {
  const opened = await openSweepQueue(url, say);
  const work = async () => {
    let open = allRuns(plan);
    for (const spec of open) await opened.store.withdraw(jobIdOf(plan.sweep, spec));
    for (let isFirst = true; open.length > 0; isFirst = false) {
      const held: RunSpec[] = [];
      for (const spec of open) {
        if (signal.aborted) return;
        if (!(await takeBack(opened, jobIdOf(plan.sweep, spec), join(folder, spec.id)))) held.push(spec);
      }
      open = held;
      if (open.length === 0) return;
      if (isFirst) say(`Waiting for workers to save ${open.map(({ id }) => id).join(', ')}`);
      await delay(POLL_MILLISECONDS);
    }
  };
  try {
    await unlessAborted(work(), signal);
  } finally {
    opened.connection.close();
  }
}

/** Not while a worker holds the run. Ended at any moment, it can be done once more. */
async function takeBack({ queue, store }: SweepQueue, job: string, run: string): Promise<boolean> {
  if ((await queue.remove(job)) === 0) return false;
  if (stateOf(run) !== 'finished') {
    const archive = (await store.result(job)) ?? (await store.saved(job));
    if (archive) await placeRun(run, archive);
  }
  await store.forget(job);
  return true;
}
