import type { ErrorCode } from '../../core/errors.js';
import type { BatchEvent, ModelName, RequestEvent } from '../observer.js';

/** Triton's reasons for a failed request. */
export const FAILURE_REASONS = ['REJECTED', 'CANCELED', 'BACKEND', 'OTHER'] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

const REASON: { [Code in ErrorCode]: FailureReason } = {
  unavailable: 'REJECTED',
  interrupted: 'CANCELED',
  corrupt: 'BACKEND',
  failed: 'BACKEND',
  'bad-usage': 'OTHER',
  'bad-input': 'OTHER',
  'not-found': 'OTHER',
  'too-large': 'OTHER',
  'unsupported-media': 'OTHER',
};

/** What one version of a model has done, summed as Triton sums it: durations are those of requests that succeeded. */
export interface Tally {
  succeeded: number;
  failed: Record<FailureReason, number>;
  /** Pictures or rows that were answered. */
  inferences: number;
  executions: number;
  crashes: number;
  requestMilliseconds: number;
  queueMilliseconds: number;
  /** Of each request of a batch the whole batch's, as in Triton. */
  preprocessMilliseconds: number;
  inferenceMilliseconds: number;
}

export const emptyTally = (): Tally => ({
  succeeded: 0,
  failed: { REJECTED: 0, CANCELED: 0, BACKEND: 0, OTHER: 0 },
  inferences: 0,
  executions: 0,
  crashes: 0,
  requestMilliseconds: 0,
  queueMilliseconds: 0,
  preprocessMilliseconds: 0,
  inferenceMilliseconds: 0,
});

export function tallyRequest(tally: Tally, event: RequestEvent): void {
  if (event.failure !== null) {
    tally.failed[REASON[event.failure]]++;
    return;
  }
  tally.succeeded++;
  tally.inferences += event.images;
  tally.requestMilliseconds += event.totalMilliseconds;
  tally.queueMilliseconds += event.queueMilliseconds;
}

export function tallyBatch(tally: Tally, event: BatchEvent): void {
  tally.executions++;
  tally.preprocessMilliseconds += event.preprocessMilliseconds * event.requests;
  tally.inferenceMilliseconds += event.inferenceMilliseconds * event.requests;
}

/** A model's labels in metrics. */
export type ModelLabels = { model: string; version: string };

/** Versions with labels of their own; a service that loads ever new ones must not grow without end. */
export const MOST_LABELLED_MODELS = 100;
const OTHERS: ModelLabels = { model: 'other', version: 'other' };

/** One entry for each version of a model; those beyond {@link MOST_LABELLED_MODELS} share the last. */
export class ByModel<Entry> {
  readonly #entries = new Map<string, Map<string, Entry>>();
  readonly #labelled: { labels: ModelLabels; entry: Entry }[] = [];
  #others: Entry | undefined;

  constructor(readonly create: (labels: ModelLabels) => Entry) {}

  of({ name, version }: ModelName): Entry {
    return this.#entries.get(name)?.get(version) ?? this.#add(name, version);
  }

  [Symbol.iterator](): Iterator<{ labels: ModelLabels; entry: Entry }> {
    return this.#labelled[Symbol.iterator]();
  }

  #add(name: string, version: string): Entry {
    if (this.#labelled.length >= MOST_LABELLED_MODELS) {
      this.#others ??= this.#label(OTHERS);
      return this.#others;
    }
    const entry = this.#label({ model: name, version });
    const versions = this.#entries.get(name) ?? new Map<string, Entry>();
    this.#entries.set(name, versions.set(version, entry));
    return entry;
  }

  #label(labels: ModelLabels): Entry {
    const entry = this.create(labels);
    this.#labelled.push({ labels, entry });
    return entry;
  }
}
