import { Queue } from 'bullmq';
import { type Connection, connectRedis, PREFIX, QUEUE } from './connection.js';
import type { RunJob } from './job.js';
import { type RunStore, runStore } from './store.js';

/** The queue of all sweeps on a Redis server, with the runs' archives beside it. */
export interface SweepQueue {
  connection: Connection;
  queue: Queue<RunJob>;
  store: RunStore;
}

/** @throws TenfoldError `bad-usage` where it is no URL of a Redis server, `unavailable` where no server answers */
export async function openSweepQueue(url: string, say: (line: string) => void): Promise<SweepQueue> {
  const connection = await connectRedis(url, say);
  const queue = new Queue<RunJob>(QUEUE, { connection: connection.redis, prefix: PREFIX });
  // What the connection suffers from is told by itself.
  queue.on('error', () => {});
  return { connection, queue, store: runStore(connection.bulk, (id) => `${queue.toKey(id)}:lock`) };
}

/** Redis may be gone for good: whoever asks for the end of some work gets it all the same. */
export async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([work, stopped]);
}
