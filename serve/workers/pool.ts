import { Worker } from 'node:worker_threads';
import type { Bundle } from '../../core/bundle.js';
import { TenfoldError, unmet } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import type { Manifest } from '../../core/manifest.js';
import { pack } from './packing.js';
import { Queue, type QueueLimits } from './queue.js';
import type { AnswerOf, BatchRequest, Digits, WorkerReply, WorkerSetup } from './worker-protocol.js';

/** What a request got, and what it waited for. */
export interface Classified<Kind extends Digits = Digits> {
  /** One for each picture, in their order. */
  predictions: AnswerOf[Kind][];
  queueMilliseconds: number;
  /** Of the batch that the request was part of. */
  preprocessMilliseconds: number;
  /** Of the batch that the request was part of. */
  inferenceMilliseconds: number;
}

export interface PoolOptions {
  bundle: Bundle;
  /** Threads, each with a session of its own. */
  workers: number;
  limits: QueueLimits;
  /** Told of each worker that ended on its own; it is replaced. */
  onCrash?: (error: Error) => void;
  /** The module that a worker runs; by default the service's own. */
  script?: URL;
}

interface Job {
  images: RgbaImage[];
  digits: Digits;
  /** `performance.now()` at its arrival, and what it had waited when its batch was sent. */
  queuedAt: number;
  queueMilliseconds: number;
  resolve(answer: Classified): void;
  reject(error: Error): void;
}

interface Slot {
  worker: Worker;
  state: 'starting' | 'idle' | 'busy';
  /** The requests whose batch the worker has. */
  jobs: Job[];
  /** Settled once the worker is ready, or ended before it was. */
  started: PromiseWithResolvers;
}

interface PromiseWithResolvers {
  promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** A worker that ends while it starts is started again after this, milliseconds. */
const RESTART_DELAY = 1000;
const OWN_SCRIPT = new URL('./worker.js', import.meta.url);

/**
 * Worker threads that classify; whatever waits when one becomes free is one batch. A worker that ends on its own
 * is replaced, and the requests that it had are answered with an error.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #setup: WorkerSetup;
  readonly #queue: Queue<Job>;
  #slots: Slot[] = [];
  #dispatching = false;
  #closing: PromiseWithResolvers | null = null;

  private constructor(options: PoolOptions) {
    this.#options = options;
    this.#queue = new Queue(options.limits);
    const model = new SharedArrayBuffer(options.bundle.model.length);
    new Uint8Array(model).set(options.bundle.model);
    this.#setup = { manifest: options.bundle.manifest, model };
  }

  /**
   * Starts the workers and waits until each is warmed up.
   * @throws TenfoldError `corrupt` where the model cannot be loaded.
   */
  static async start(options: PoolOptions): Promise<Pool> {
    const pool = new Pool(options);
    pool.#slots = Array.from({ length: options.workers }, () => pool.#startWorker());
    // All of them: a thread that is ended while ONNX Runtime refuses its model takes the process with it.
    const starts = await Promise.allSettled(pool.#slots.map(({ started }) => started.promise));
    const failed = starts.find((start) => start.status === 'rejected');
    if (!failed) return pool;
    await pool.close();
    throw failed.reason;
  }

  get manifest(): Manifest {
    return this.#options.bundle.manifest;
  }

  /** Whether every worker is warmed up and none is being replaced. */
  get isReady(): boolean {
    return (
      this.#closing === null &&
      this.#slots.length === this.#options.workers &&
      this.#slots.every(({ state }) => state !== 'starting')
    );
  }

  /**
   * Classifies pictures, in one batch with whatever else waits. Their pixels may be handed over: do not use them after.
   * @throws TenfoldError `unavailable` where the queue is full, the worker ended, or the pool is closed.
   */
  classify(images: RgbaImage[]): Promise<Classified<'one'>>;
  classify<Kind extends Digits>(images: RgbaImage[], digits: Kind): Promise<Classified<Kind>>;
  classify(images: RgbaImage[], digits: Digits = 'one'): Promise<Classified> {
    return new Promise((resolve, reject) => {
      if (this.#closing) throw closed();
      this.#queue.add({ images, digits, queuedAt: performance.now(), queueMilliseconds: 0, resolve, reject });
      this.#dispatchSoon();
    });
  }

  /** Answers what waits, then ends the workers. */
  async close(): Promise<void> {
    if (!this.#closing) {
      this.#closing = withResolvers();
      this.#settleClosing();
    }
    await this.#closing.promise;
    await Promise.all(this.#slots.map(({ worker }) => worker.terminate()));
  }

  /** After this turn of the event loop, so that requests that arrived together are one batch. */
  #dispatchSoon(): void {
    if (this.#dispatching) return;
    this.#dispatching = true;
    setImmediate(() => {
      this.#dispatching = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (slot.state !== 'idle') continue;
      const jobs = this.#queue.takeBatch();
      if (jobs.length === 0) break;
      slot.state = 'busy';
      slot.jobs = jobs;
      for (const job of jobs) job.queueMilliseconds = performance.now() - job.queuedAt;
      const { packed, transfer } = pack(jobs.flatMap((job) => job.images));
      const request: BatchRequest = { ...packed, digits: jobs[0]!.digits };
      slot.worker.postMessage(request, transfer);
    }
    this.#settleClosing();
  }

  #settleClosing(): void {
    const idle = this.#queue.length === 0 && this.#slots.every(({ state }) => state !== 'busy');
    if (this.#closing && idle) this.#closing.resolve();
  }

  #startWorker(): Slot {
    const worker = new Worker(this.#options.script ?? OWN_SCRIPT, { workerData: this.#setup });
    const slot: Slot = { worker, state: 'starting', jobs: [], started: withResolvers() };
    let cause = new Error('it exited');
    // Settled promises that nobody waits for, such as a replacement's, must not end the process.
    slot.started.promise.catch(() => {});
    worker.on('message', (message: WorkerReply) => this.#receive(slot, message));
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', () => this.#replace(slot, cause));
    return slot;
  }

  #receive(slot: Slot, reply: WorkerReply): void {
    if (slot.state === 'starting' && reply.kind === 'failure') {
      slot.started.reject(new TenfoldError(reply.code, reply.message));
      return;
    }
    const jobs = slot.jobs;
    slot.jobs = [];
    slot.state = 'idle';
    if (reply.kind === 'ready') slot.started.resolve();
    if (reply.kind === 'failure') {
      for (const job of jobs) job.reject(new TenfoldError(reply.code, reply.message));
    }
    if (reply.kind === 'answers') settle(jobs, reply);
    this.#dispatch();
  }

  #replace(slot: Slot, cause: Error): void {
    const wasStarting = slot.state === 'starting';
    for (const job of slot.jobs) job.reject(ended());
    slot.started.reject(ended(cause));
    this.#slots = this.#slots.filter((other) => other !== slot);
    if (this.#closing && this.#queue.length === 0) {
      this.#settleClosing();
      return;
    }
    this.#options.onCrash?.(cause);
    const restart = () => {
      this.#slots.push(this.#startWorker());
    };
    if (wasStarting) setTimeout(restart, RESTART_DELAY).unref();
    else restart();
  }
}

function settle(jobs: readonly Job[], reply: Extract<WorkerReply, { kind: 'answers' }>): void {
  let row = 0;
  for (const { images, queueMilliseconds, resolve } of jobs) {
    const predictions = reply.predictions.slice(row, row + images.length);
    row += images.length;
    const { preprocessMilliseconds, inferenceMilliseconds } = reply;
    resolve({ predictions, queueMilliseconds, preprocessMilliseconds, inferenceMilliseconds });
  }
}

const ended = (cause?: Error) =>
  unmet({
    code: 'unavailable',
    what: 'the worker',
    expected: 'an answer',
    got: 'its end',
    advice: 'It is being replaced: try again in a moment.',
    cause,
  });

const closed = () =>
  unmet({
    code: 'unavailable',
    what: 'the service',
    expected: 'a service that runs',
    got: 'one that shuts down',
    advice: 'Try again in a moment.',
  });
