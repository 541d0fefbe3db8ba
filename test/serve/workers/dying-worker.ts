import { BroadcastChannel, parentPort } from 'node:worker_threads';
import type { PackedImages } from '../../../serve/workers/packing.js';
import { unpack } from '../../../serve/workers/packing.js';
import type { BatchRequest, WorkerReply } from '../../../serve/workers/worker-protocol.js';

/** Variable of the environment; where it is set a worker dies while it starts. */
export const DIES_AT_START = 'TENFOLD_TEST_WORKER_DIES_AT_START';

/** Where it is told to answer what it holds. */
export const ANSWERS = 'tenfold-dying-worker-answers';

/**
 * A worker that dies of a picture one pixel wide, hangs on one of two pixels that are two high, holds one that is three high until it is
 * told to answer, and answers any other as blank.
 */

const reply = (message: WorkerReply) => parentPort?.postMessage(message);

if (process.env[DIES_AT_START]) throw new Error('this one does not start');
/** Never in a test that imports this. */
const told = new Promise<void>((resolve) => {
  if (parentPort) new BroadcastChannel(ANSWERS).onmessage = () => resolve();
});
parentPort?.on('message', ({ batch }: BatchRequest) => {
  const images = unpack(batch as PackedImages);
  if (images.some(({ width }) => width === 1)) throw new Error('one pixel is too few');
  if (images.some(({ height }) => height === 2)) return;
  const blank = {
    digit: null,
    confidence: 0,
    probabilities: new Array(10).fill(0),
    accepted: false,
    reason: 'blank' as const,
  };
  const answer = () =>
    reply({
      kind: 'done',
      output: images.map(() => blank),
      preprocessMilliseconds: 0,
      inferenceMilliseconds: images.length,
    });
  if (images.some(({ height }) => height === 3)) void told.then(answer);
  else answer();
});
reply({ kind: 'ready' });
