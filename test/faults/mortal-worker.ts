import { isMainThread, parentPort } from 'node:worker_threads';

/**
 * Preloaded into the service's threads (`node --import`), it ends or hangs each of them after so many messages, as
 * TENFOLD_FAULTS_WORKER (`die` or `hang`) and TENFOLD_FAULTS_EVERY say: the service's own worker runs otherwise untouched.
 */

const forever = new Int32Array(new SharedArrayBuffer(4));

const FAULTS: Record<string, () => void> = {
  die: () => {
    throw new Error('ended by the test');
  },
  hang: () => {
    Atomics.wait(forever, 0, 0);
  },
};

const fault = FAULTS[process.env.TENFOLD_FAULTS_WORKER ?? ''];
if (!isMainThread && parentPort && fault) {
  const every = Number(process.env.TENFOLD_FAULTS_EVERY);
  // At random, but once within twice that many.
  let left = 1 + Math.floor(Math.random() * 2 * every);
  parentPort.on('message', () => {
    if (--left === 0) fault();
  });
}
