import type { Bundle } from '../../core/bundle.js';
import { type ErrorCode, TenfoldError, unmet } from '../../core/errors.js';
import { gone } from '../gone.js';
import type { Limits } from '../limits.js';
import { type ModelName, type Observer, SILENT } from '../observer.js';
import { BATCHING } from './batching.js';
import { type Entry, Queue } from './queue.js';
import type { RunnerOptions } from './runner.js';
import type { Done, Work, WorkKind, WorkOptions } from './work.js';
import type { BatchReply, BatchRequest, WorkerSetup } from './worker-protocol.js';
import { WorkerThread } from './worker-thread.js';

export type PoolLimits = Pick<
  Limits,
  'queuedImages' | 'queuedPixels' | 'queueMilliseconds' | 'batchImages' | 'batchPixels' | 'batchMilliseconds'
>;

export interface PoolOptions {
  bundle: Bundle;
  /** Threads, each with a session of its own. */
  workers: number;
  runner?: RunnerOptions;
  limits: PoolLimits;
  observer?: Observer;
  /** The module that a worker runs; by default the service's own. */
  script?: URL;
}

/** How much a pool has to do. */
export interface PoolLoad {
  /** Pictures and rows that wait. */
  queuedImages: number;
  workers: number;
  readyWorkers: number;
}

/** A request that waits, or whose batch a worker has. */
interface Job<Kind extends WorkKind = WorkKind> extends Entry {
  kind: Kind;
  input: Work[Kind]['input'];
  /** `performance.now()` at its arrival, and what it had waited when its batch was sent. */
  queuedAt: number;
  queueMilliseconds: number | null;
  resolve(done: Done<Kind>): void;
  reject(error: Error): void;
}

/** A worker that ends while it starts is started again after this. */
export const RESTART_MILLISECONDS = 1000;

/**
 * Worker threads that answer; whatever waits when one becomes free is one batch, shared among those that are free, so that an idle pool adds
 * no delay and a busy one fills its batches. A worker that ends on its own, or does not answer in time, is replaced, and the requests that it had are refused.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #observer: Observer;
  readonly #name: ModelName;
  readonly #setup: WorkerSetup;
  readonly #queue: Queue<Job>;
  #threads: WorkerThread[] = [];
  #isDispatching = false;
  #expiry: NodeJS.Timeout | null = null;
  #isClosing = false;
  #idle: (() => void)[] = [];

  private constructor(options: PoolOptions) {
    const { bundle, limits, observer = SILENT, runner = {} } = options;
    this.#options = options;
    this.#observer = observer;
    this.#name = { name: bundle.manifest.name, version: bundle.manifest.version };
    this.#queue = new Queue(limits);
    const model = new SharedArrayBuffer(bundle.model.length);
    new Uint8Array(model).set(bundle.model);
    this.#setup = { manifest: bundle.manifest, model, runner, batchImages: limits.batchImages };
  }

  /**
   * Starts the workers and waits until each is warmed up.
   * @throws TenfoldError `corrupt` where the model cannot be loaded, `unavailable` where its device cannot be had.
   */
  static async start(options: PoolOptions): Promise<Pool> {
    const pool = new Pool(options);
    for (let worker = 0; worker < options.workers; worker++) pool.#startThread();
    // All of them: a thread that is ended while ONNX Runtime refuses its model takes the process with it.
    const starts = await Promise.allSettled(pool.#threads.map(({ started }) => started));
    const failed = starts.find((start) => start.status === 'rejected');
    if (!failed) return pool;
    await pool.close();
    throw failed.reason;
  }

  get load(): PoolLoad {
    const readyWorkers = this.#threads.filter(({ state }) => state === 'idle' || state === 'busy').length;
    return { queuedImages: this.#queue.images, workers: this.#options.workers, readyWorkers };
  }

  /** Whether a request would be answered without waiting for a worker's start. */
  get isReady(): boolean {
    return !this.#isClosing && this.load.readyWorkers > 0;
  }

  /**
   * Answers in one batch with whatever else of the kind waits. Pictures and tensors are read once their turn has come: keep them as they are.
   * @throws TenfoldError `unavailable` where the queue is full, it waited too long, the worker ended, or the pool is closed;
   * `interrupted` where its signal was aborted before it began; `bad-input` where pixels or numbers are missing.
   */
  run<Kind extends WorkKind>(
    kind: Kind,
    input: Work[Kind]['input'],
    { signal }: WorkOptions = {},
  ): Promise<Done<Kind>> {
    return new Promise((resolve, reject) => {
      const { check, sizeOf, pixelsOf } = BATCHING[kind];
      check(input);
      const size = sizeOf(input);
      const queuedAt = performance.now();
      const job: Job<Kind> = {
        kind,
        input,
        size,
        pixels: pixelsOf(input),
        queuedAt,
        queueMilliseconds: null,
        resolve: (done) => {
          signal?.removeEventListener('abort', abandon);
          this.#tell(job, null);
          resolve(done);
        },
        reject: (error) => {
          signal?.removeEventListener('abort', abandon);
          this.#tell(job, error instanceof TenfoldError ? error.code : 'failed');
          reject(error);
        },
      };
      const abandon = () => {
        if (this.#queue.remove(job as unknown as Job)) job.reject(gone());
      };
      if (signal?.aborted) return job.reject(gone());
      if (this.#isClosing) return job.reject(closed());
      signal?.addEventListener('abort', abandon, { once: true });
      try {
        this.#queue.add(job as unknown as Job);
      } catch (error) {
        return job.reject(error as Error);
      }
      this.#dispatchSoon();
    });
  }

  /** Answers what waits, then ends the workers; calling it again waits for the same end. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#isIdle) await new Promise<void>((resolve) => this.#idle.push(resolve));
    if (this.#expiry) clearTimeout(this.#expiry);
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  get #isIdle(): boolean {
    return this.#queue.length === 0 && this.#threads.every(({ state }) => state !== 'busy');
  }

  /** Whether no worker is needed any more: nothing waits, and nothing comes after. */
  get #isEnding(): boolean {
    return this.#isClosing && this.#queue.length === 0;
  }

  #tell({ size, queuedAt, queueMilliseconds }: Job, failure: ErrorCode | null): void {
    const totalMilliseconds = performance.now() - queuedAt;
    this.#observer.answered({
      model: this.#name,
      failure,
      images: size,
      totalMilliseconds,
      queueMilliseconds: queueMilliseconds ?? totalMilliseconds,
    });
  }

  /** After this turn of the event loop, so that requests that arrived together are one batch. */
  #dispatchSoon(): void {
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    setImmediate(() => {
      this.#isDispatching = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    const idle = this.#threads.filter(({ state }) => state === 'idle');
    for (const [index, thread] of idle.entries()) {
      // To each its share: one that took all would have the others wait for it, and all clients for one answer.
      const jobs = this.#takeBatch(1 / (idle.length - index));
      if (jobs.length === 0) break;
      void this.#answer(thread, jobs[0]!.kind, jobs);
    }
    this.#watchQueue();
    if (this.#isIdle) for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** The next batch, without requests whose memory was handed over to somebody else since they were queued. */
  #takeBatch(share: number): Job[] {
    while (this.#queue.length > 0) {
      const jobs = this.#queue.takeBatch(share).filter(isWhole);
      if (jobs.length > 0) return jobs;
    }
    return [];
  }

  async #answer<Kind extends WorkKind>(thread: WorkerThread, kind: Kind, jobs: Job[]): Promise<void> {
    const began = performance.now();
    for (const job of jobs) job.queueMilliseconds = began - job.queuedAt;
    const { batch, transfer } = BATCHING[kind].pack(jobs.map(({ input }) => input as Work[Kind]['input']));
    try {
      const reply = await thread.run({ kind, batch } as unknown as BatchRequest, transfer);
      const { preprocessMilliseconds, inferenceMilliseconds } = reply;
      const images = jobs.reduce((sum, { size }) => sum + size, 0);
      this.#observer.computed({
        model: this.#name,
        requests: jobs.length,
        images,
        preprocessMilliseconds,
        inferenceMilliseconds,
      });
      // The next batch first: the worker need not wait while answers are written.
      this.#dispatch();
      settle(kind, jobs as unknown as Job<Kind>[], reply);
    } catch (error) {
      const refusal = error instanceof TenfoldError ? error : ended(error as Error);
      for (const job of jobs) job.reject(refusal);
      this.#dispatch();
    }
  }

  /** Refuses what waits too long, also where no worker becomes free. */
  #watchQueue(): void {
    const { oldest } = this.#queue;
    if (oldest === undefined || this.#expiry) return;
    const { queueMilliseconds } = this.#options.limits;
    const left = oldest.queuedAt + queueMilliseconds - performance.now();
    this.#expiry = setTimeout(
      () => {
        this.#expiry = null;
        const latest = performance.now() - queueMilliseconds;
        for (let job = this.#queue.oldest; job && job.queuedAt <= latest; job = this.#queue.oldest) {
          this.#queue.remove(job);
          job.reject(late(queueMilliseconds));
        }
        this.#dispatch();
      },
      Math.max(Math.ceil(left), 1),
    );
  }

  #startThread(): void {
    let isStarted = false;
    const thread = new WorkerThread({
      setup: this.#setup,
      batchMilliseconds: this.#options.limits.batchMilliseconds,
      ...(this.#options.script && { script: this.#options.script }),
      onEnd: (cause) => this.#replace(thread, cause, isStarted),
    });
    this.#threads.push(thread);
    const begin = () => {
      isStarted = true;
      this.#dispatch();
    };
    thread.started.then(begin, () => {});
  }

  #replace(thread: WorkerThread, error: Error, isStarted: boolean): void {
    this.#threads = this.#threads.filter((other) => other !== thread);
    if (this.#isEnding) {
      this.#dispatch();
      return;
    }
    this.#observer.crashed({ model: this.#name, error });
    if (isStarted) {
      this.#startThread();
      return;
    }
    const again = () => {
      // Nobody would end a thread that starts after the others have ended.
      if (!this.#isEnding) this.#startThread();
    };
    setTimeout(again, RESTART_MILLISECONDS).unref();
  }
}

/** Whether all of the request's input is there; refuses it where it is not. */
function isWhole({ kind, input, reject }: Job): boolean {
  try {
    (BATCHING[kind].check as (input: Job['input']) => void)(input);
    return true;
  } catch (error) {
    reject(error as Error);
    return false;
  }
}

/** Gives each request its part of the batch's output. */
function settle<Kind extends WorkKind>(kind: Kind, jobs: readonly Job<Kind>[], reply: BatchReply): void {
  const { preprocessMilliseconds, inferenceMilliseconds } = reply;
  const output = reply.output as Work[Kind]['output'];
  let first = 0;
  for (const { size, queueMilliseconds, resolve } of jobs) {
    resolve({
      output: BATCHING[kind].part(output, first, size),
      queueMilliseconds: queueMilliseconds ?? 0,
      preprocessMilliseconds,
      inferenceMilliseconds,
    });
    first += size;
  }
}

const unavailable = (what: string, expected: string, got: string, advice: string, cause?: Error) =>
  unmet({ code: 'unavailable', what, expected, got, advice, cause });

const ended = (cause: Error) =>
  unavailable('the worker', 'an answer', 'its end', 'It is being replaced: try again in a moment.', cause);

const late = (milliseconds: number) =>
  unavailable(
    'the queue',
    `a worker within ${milliseconds} ms`,
    'none that was free',
    'Try again in a moment, or send less at once.',
  );

/** What is told to whoever comes after the end. */
export const closed = () =>
  unavailable('the service', 'a service that runs', 'one that shuts down', 'Try again in a moment.');
