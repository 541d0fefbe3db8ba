import type { ErrorCode } from '../../core/errors.js';
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
  /** Of these, by the error's code. */
  failures: Partial<Record<ErrorCode, number>>;
  /** Waits of the requests that were answered. */
  queue: Duration;
  /** A request's is its whole batch's. */
  requests: Computing;
  /** By the pictures or rows of a batch. */
  batchSizes: Map<number, Computing>;
  /** Workers that ended, or were ended since they did not answer. */
  crashes: number;
}

const NANOSECONDS_IN_MILLISECOND = 1e6;

const never = (): Duration => ({ count: 0, nanoseconds: 0 });
const uncomputed = (): Computing => ({ preprocess: never(), inference: never() });

export const unusedStatistics = (): ModelStatistics => ({
  lastInferenceMilliseconds: 0,
  images: 0,
  batches: 0,
  success: never(),
  failure: never(),
  failures: {},
  queue: never(),
  requests: uncomputed(),
  batchSizes: new Map(),
  crashes: 0,
});

function add(duration: Duration, milliseconds: number, times = 1): void {
  duration.count += times;
  duration.nanoseconds += Math.round(milliseconds * NANOSECONDS_IN_MILLISECOND) * times;
}

function addBatch(computing: Computing, event: BatchEvent, times: number): void {
  add(computing.preprocess, event.preprocessMilliseconds, times);
  add(computing.inference, event.inferenceMilliseconds, times);
}

/** Adds a request that was answered, or refused. */
export function countRequest(
  counts: ModelStatistics,
  { failure, images, totalMilliseconds, queueMilliseconds }: RequestEvent,
): void {
  if (failure !== null) {
    add(counts.failure, totalMilliseconds);
    counts.failures[failure] = (counts.failures[failure] ?? 0) + 1;
    return;
  }
  counts.lastInferenceMilliseconds = Date.now();
  counts.images += images;
  add(counts.success, totalMilliseconds);
  add(counts.queue, queueMilliseconds);
}

/** Adds a run of the graph. */
export function countBatch(counts: ModelStatistics, event: BatchEvent): void {
  counts.batches++;
  addBatch(counts.requests, event, event.requests);
  let size = counts.batchSizes.get(event.images);
  if (size === undefined) {
    size = uncomputed();
    counts.batchSizes.set(event.images, size);
  }
  addBatch(size, event, 1);
}

/** Counts what each version of each model does; a version that is loaded again goes on where it was. */
export class Statistics implements Observer {
  readonly #models = new Map<string, Map<string, ModelStatistics>>();

  /** A version's counts as they are now, and as they go on; zeros where it has done nothing. */
  of({ name, version }: ModelName): Readonly<ModelStatistics> {
    return this.#models.get(name)?.get(version) ?? unusedStatistics();
  }

  answered(event: RequestEvent): void {
    countRequest(this.#counts(event.model), event);
  }

  computed(event: BatchEvent): void {
    countBatch(this.#counts(event.model), event);
  }

  crashed({ model }: { model: ModelName }): void {
    this.#counts(model).crashes++;
  }

  #counts({ name, version }: ModelName): ModelStatistics {
    let versions = this.#models.get(name);
    if (versions === undefined) {
      versions = new Map();
      this.#models.set(name, versions);
    }
    let counts = versions.get(version);
    if (counts === undefined) {
      counts = unusedStatistics();
      versions.set(version, counts);
    }
    return counts;
  }
}
