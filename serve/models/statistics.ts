import type { BatchEvent, ModelName, Observer, RequestEvent } from '../observer.js';

/** How often something was measured, and how long it took in all. */
export interface Duration {
  count: number;
  nanoseconds: number;
}

/** What was computed: for requests, or for batches of one size. */
export interface Computing {
  preprocess: Duration;
  inference: Duration;
}

/** What a version of a model has done since the service started. */
export interface ModelStatistics {
  /** When the last request was answered, milliseconds since 1970; 0 where none was. */
  lastInferenceMilliseconds: number;
  /** Pictures or rows of the requests that were answered. */
  images: number;
  /** Runs of the graph. */
  batches: number;
  /** Requests, from their arrival at the model to their answer. */
  success: Duration;
  failure: Duration;
  /** Waits of the requests that were answered. */
  queue: Duration;
  /** A request's is its whole batch's. */
  requests: Computing;
  /** By the pictures or rows of a batch. */
  batchSizes: Map<number, Computing>;
}

const NANOSECONDS_IN_MILLISECOND = 1e6;

const never = (): Duration => ({ count: 0, nanoseconds: 0 });
const uncomputed = (): Computing => ({ preprocess: never(), inference: never() });

const unused = (): ModelStatistics => ({
  lastInferenceMilliseconds: 0,
  images: 0,
  batches: 0,
  success: never(),
  failure: never(),
  queue: never(),
  requests: uncomputed(),
  batchSizes: new Map(),
});

function add(duration: Duration, milliseconds: number, times = 1): void {
  duration.count += times;
  duration.nanoseconds += Math.round(milliseconds * NANOSECONDS_IN_MILLISECOND) * times;
}

function addBatch(computing: Computing, event: BatchEvent, times: number): void {
  add(computing.preprocess, event.preprocessMilliseconds, times);
  add(computing.inference, event.inferenceMilliseconds, times);
}

/** Counts what each version of each model does; a version that is loaded again goes on where it was. */
export class Statistics implements Observer {
  readonly #models = new Map<string, Map<string, ModelStatistics>>();

  /** A version's counts as they are now, and as they go on; zeros where it has done nothing. */
  of({ name, version }: ModelName): Readonly<ModelStatistics> {
    return this.#models.get(name)?.get(version) ?? unused();
  }

  answered({ model, failure, images, totalMilliseconds, queueMilliseconds }: RequestEvent): void {
    const counts = this.#counts(model);
    if (failure !== null) {
      add(counts.failure, totalMilliseconds);
      return;
    }
    counts.lastInferenceMilliseconds = Date.now();
    counts.images += images;
    add(counts.success, totalMilliseconds);
    add(counts.queue, queueMilliseconds);
  }

  computed(event: BatchEvent): void {
    const counts = this.#counts(event.model);
    counts.batches++;
    addBatch(counts.requests, event, event.requests);
    let size = counts.batchSizes.get(event.images);
    if (size === undefined) {
      size = uncomputed();
      counts.batchSizes.set(event.images, size);
    }
    addBatch(size, event, 1);
  }

  /** Requests that a crash cost are told of as failures. */
  crashed(): void {}

  #counts({ name, version }: ModelName): ModelStatistics {
    let versions = this.#models.get(name);
    if (versions === undefined) {
      versions = new Map();
      this.#models.set(name, versions);
    }
    let counts = versions.get(version);
    if (counts === undefined) {
      counts = unused();
      versions.set(version, counts);
    }
    return counts;
  }
}
