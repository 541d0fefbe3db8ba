import { BroadcastChannel, parentPort } from 'node:worker_threads';
import type { WorkerReply } from '../../../serve/workers/worker-protocol.js';

/** Where each start is told once it is over. */
export const STARTS = 'tenfold-slow-worker-starts';

/** A worker that takes a while to start, and dies of its first batch. */
parentPort?.on('message', () => {
  throw new Error('any batch is too much');
});
if (parentPort) {
  setTimeout(() => {
    const channel = new BroadcastChannel(STARTS);
    channel.postMessage('started');
    channel.close();
    parentPort!.postMessage({ kind: 'ready' } satisfies WorkerReply);
  }, 200);
}
