import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { unmet } from '../../core/errors.js';
import { type Batch, createPrepare, type PrepareSettings, type Request } from './prepare.js';
import type { ThreadSetup } from './preparer-thread.js';

/** Gives the batches that it was asked for, in the same order. */
export interface Preparer {
  /** The requests' memory is the preparer's until it comes back with the batches. */
  send(requests: Request[]): void;
  /** @throws TenfoldError `failed` where the thread has ended. */
  receive(): Promise<Batch>;
  close(): Promise<void>;
}

const SCRIPT = new URL('./preparer-thread.js', import.meta.url);

/** Prepares each batch when it is asked for. */
export function prepareHere(settings: PrepareSettings): Preparer {
  const prepare = createPrepare(settings);
  const sent: Request[] = [];
  return {
    send: (requests) => {
      sent.push(...requests);
    },
    receive: async () => prepare(sent.shift()!),
    close: async () => {},
  };
}

/** Prepares batches in a thread of its own, each as soon as it is asked for. A set's images in shared memory are not copied. */
export function startPreparer(settings: PrepareSettings): Preparer {
  const { port1: port, port2: theirs } = new MessageChannel();
  const workerData: ThreadSetup = { ...settings, port: theirs };
  const worker = new Worker(SCRIPT, { workerData, transferList: [theirs] });
  const prepared: Batch[] = [];
  let waiting: { resolve(batch: Batch): void; reject(error: Error): void } | null = null;
  let failure: Error | null = null;
  const fail = (cause: Error) => {
    failure ??= ended(cause);
    waiting?.reject(failure);
    waiting = null;
  };
  port.on('message', (batch: Batch) => {
    if (waiting) waiting.resolve(batch);
    else prepared.push(batch);
    waiting = null;
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('it exited')));
  return {
    send(requests) {
      const memories = requests.map(({ memory }) => memory);
      port.postMessage(requests, memories);
    },
    receive() {
      // While ONNX Runtime computes no event arrives; what came meanwhile is taken without waiting for one.
      const batch = prepared.shift() ?? (receiveMessageOnPort(port)?.message as Batch | undefined);
      if (batch) return Promise.resolve(batch);
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
      });
    },
    async close() {
      port.close();
      await worker.terminate();
    },
  };
}

const ended = (cause: Error) =>
  unmet({
    code: 'failed',
    what: 'the thread that prepares batches',
    expected: 'a batch',
    got: `its end (${cause.message})`,
    advice: 'What was saved before is whole: go on by --resume.',
    cause,
  });
