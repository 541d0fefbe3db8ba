import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { TenfoldError } from '../../core/errors.js';
import type { BatchReply, BatchRequest, WorkerReply, WorkerSetup } from './worker-protocol.js';

export type WorkerState = 'starting' | 'idle' | 'busy' | 'ended';

export interface WorkerThreadOptions {
  setup: WorkerSetup;
  /** The module that the thread runs; by default the service's own. */
  script?: URL;
  /** How long one batch may take, milliseconds. */
  batchMilliseconds: number;
  /** Told once, when the thread ended on its own, or was ended since it did not answer in time. */
  onEnd(cause: Error): void;
}

const OWN_SCRIPT = new URL('./worker.js', import.meta.url);

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** A thread with a session of its own: one batch at a time. */
export class WorkerThread {
  readonly #options: WorkerThreadOptions;
  readonly #worker: Worker;
  /** Resolves once it is warmed up. */
  readonly started: Promise<void>;
  #state: WorkerState = 'starting';
  #start!: Waiting<void>;
  #batch: Waiting<BatchReply> | null = null;
  #limit: NodeJS.Timeout | null = null;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
    this.started = new Promise((resolve, reject) => {
      this.#start = { resolve, reject };
    });
    // Nobody may wait for it: a replacement that cannot start must not end the process.
    this.started.catch(() => {});
    let cause = new Error('it exited');
    this.#worker = new Worker(options.script ?? OWN_SCRIPT, { workerData: options.setup });
    this.#worker.on('message', (reply: WorkerReply) => this.#receive(reply));
    this.#worker.on('error', (error) => {
      cause = error;
    });
    this.#worker.on('exit', () => this.#end(cause));
  }

  get state(): WorkerState {
    return this.#state;
  }

  /**
   * Sends an idle thread a batch.
   * @throws TenfoldError of the thread's own code where the work failed; any other error where the thread ended.
   */
  run(request: BatchRequest, transfer: ArrayBuffer[]): Promise<BatchReply> {
    this.#state = 'busy';
    const { batchMilliseconds } = this.#options;
    this.#limit = setTimeout(() => {
      this.#end(new Error(`it did not answer within ${batchMilliseconds} ms`));
      // A thread within native code ends only after it.
      void this.#worker.terminate();
    }, batchMilliseconds);
    return new Promise((resolve, reject) => {
      this.#batch = { resolve, reject };
      this.#worker.postMessage(request, transfer);
    });
  }

  /** Ends the thread, once it has started or failed to; `onEnd` is not told of it. */
  async terminate(): Promise<void> {
    if (this.#state === 'starting') {
      // A thread that is ended while ONNX Runtime loads its model takes the process with it.
      const settled = this.started.catch(() => {});
      await Promise.race([settled, delay(this.#options.batchMilliseconds, undefined, { ref: false })]);
    }
    this.#state = 'ended';
    await this.#worker.terminate();
  }

  #receive(reply: WorkerReply): void {
    if (this.#state === 'ended') return;
    if (this.#state === 'starting') {
      if (reply.kind === 'failure') {
        this.#start.reject(new TenfoldError(reply.code, reply.message));
        return;
      }
      this.#state = 'idle';
      this.#start.resolve();
      return;
    }
    const batch = this.#settle();
    this.#state = 'idle';
    if (reply.kind === 'done') batch?.resolve(reply);
    if (reply.kind === 'failure') batch?.reject(new TenfoldError(reply.code, reply.message));
  }

  #settle(): Waiting<BatchReply> | null {
    if (this.#limit) clearTimeout(this.#limit);
    const batch = this.#batch;
    this.#limit = null;
    this.#batch = null;
    return batch;
  }

  #end(cause: Error): void {
    const batch = this.#settle();
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#start.reject(cause);
    batch?.reject(cause);
    this.#options.onEnd(cause);
  }
}
