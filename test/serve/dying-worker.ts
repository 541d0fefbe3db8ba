import { parentPort } from 'node:worker_threads';
import { unpack } from '../../serve/workers/packing.js';
import type { BatchRequest, WorkerReply } from '../../serve/workers/worker-protocol.js';

/** A worker that dies of a picture one pixel wide, and answers any other as blank. */

const reply = (message: WorkerReply) => parentPort!.postMessage(message);

parentPort!.on('message', (request: BatchRequest) => {
  const images = unpack(request);
  if (images.some(({ width }) => width === 1)) throw new Error('one pixel is too few');
  const blank = {
    digit: null,
    confidence: 0,
    probabilities: new Array(10).fill(0),
    accepted: false,
    reason: 'blank' as const,
  };
  const wait = images.length > 1 ? 60 : 0;
  setTimeout(() => {
    reply({
      kind: 'answers',
      predictions: images.map(() => blank),
      preprocessMilliseconds: 0,
      inferenceMilliseconds: images.length,
    });
  }, wait);
});
reply({ kind: 'ready' });
