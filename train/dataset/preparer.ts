import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { unmet } from '../../core/errors.js';
import { createPrepare, type PrepareSettings, type Unprepared } from './prepare.js';
import type { ThreadSetup } from './preparer-thread.js';

/** Takes batches, and gives them back prepared in the same order. */
export interface Preparer {
  /** The batch's memory is the preparer's until it has been given back. */
  send(batch: Unprepared): void;
  /** @throws TenfoldError `failed` where the thread has ended. */
  receive(): Promise<Unprepared>;
  close(): Promise<void>;
}

const SCRIPT = new URL('./preparer-thread.js', import.meta.url);

/** Prepares each batch when it is asked for. */
export function prepareHere(settings: PrepareSettings): Preparer {
  const prepare = createPrepare(settings);
  const sent: Unprepared[] = [];
  return {
    send: (batch) => {
      sent.push(batch);
    },
    async receive() {
      const batch = sent.shift()!;
      prepare(batch);
      return batch;
    },
    close: async () => {},
  };
}

/** Prepares batches in a thread of its own, each as soon as it is sent. */
export function startPreparer(settings: PrepareSettings): Preparer {
  const { port1: port, port2: theirs } = new MessageChannel();
  const workerData: ThreadSetup = { ...settings, port: theirs };
  const worker = new Worker(SCRIPT, { workerData, transferList: [theirs] });
  const prepared: Unprepared[] = [];
  let waiting: { resolve(batch: Unprepared): void; reject(error: Error): void } | null = null;
  let failure: Error | null = null;
  const fail = (cause: Error) => {
    failure ??= ended(cause);
    waiting?.reject(failure);
    waiting = null;
  };
  port.on('message', (batch: Unprepared) => {
    if (waiting) waiting.resolve(batch);
    else prepared.push(batch);
    waiting = null;
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('it exited')));
  return {
    send({ bytes, images, indices, ...rest }) {
      // What is no whole buffer would be copied with all of the buffer that it is a part of.
      const batch: Unprepared = { ...rest, bytes, images, indices: indices.slice() };
      port.postMessage(batch, [bytes.buffer, images.buffer]);
    },
    receive() {
      // While ONNX Runtime computes no event arrives; what came meanwhile is taken without waiting for one.
      const batch = prepared.shift() ?? (receiveMessageOnPort(port)?.message as Unprepared | undefined);
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
