import type { ErrorCode } from '../core/errors.js';

/** What the service tells of itself, for metrics and statistics; each member is called once for each such event. */
export interface Observer {
  /** A model's answer to one request, or its refusal; who sends several pictures of numbers asks for each by itself. */
  answered(event: RequestEvent): void;
  /** One run of a worker: a batch of whole requests. */
  computed(event: BatchEvent): void;
  /** A worker that ended, or was ended since it did not answer; it is replaced. */
  crashed(event: { model: ModelName; error: Error }): void;
}

export interface ModelName {
  name: string;
  version: string;
}

export interface RequestEvent {
  model: ModelName;
  /** Why there was no answer; null where there was one. */
  failure: ErrorCode | null;
  /** Pictures or rows. */
  images: number;
  /** From its arrival at the model to its answer. */
  totalMilliseconds: number;
  /** Of it waiting for a worker; all of it where it never reached one. */
  queueMilliseconds: number;
}

export interface BatchEvent {
  model: ModelName;
  requests: number;
  /** Pictures or rows. */
  images: number;
  preprocessMilliseconds: number;
  inferenceMilliseconds: number;
}

/** Tells nobody. */
export const SILENT: Observer = { answered() {}, computed() {}, crashed() {} };

/** Tells each of them. */
export const observers = (all: readonly Observer[]): Observer => ({
  answered: (event) => {
    for (const observer of all) observer.answered(event);
  },
  computed: (event) => {
    for (const observer of all) observer.computed(event);
  },
  crashed: (event) => {
    for (const observer of all) observer.crashed(event);
  },
});
