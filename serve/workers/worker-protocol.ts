import type { ErrorCode } from '../../core/errors.js';
import type { Manifest } from '../../core/manifest.js';
import type { BatchOf } from './batching.js';
import type { RunnerOptions } from './runner.js';
import type { Work, WorkKind } from './work.js';

/** `workerData` of a worker. */
export interface WorkerSetup {
  manifest: Manifest;
  /** The bytes of `model.onnx`, in shared memory so that the workers hold one copy. */
  model: SharedArrayBuffer;
  runner: RunnerOptions;
  /** The largest usual batch, which is run once before the first request. */
  batchImages: number;
}

/** Requests of one kind to answer together; a worker is sent the next batch only after it answered the last. */
export type BatchRequest = { [Kind in WorkKind]: { kind: Kind; batch: BatchOf[Kind] } }[WorkKind];

/** A batch's answer; of the kind that was asked. */
export interface BatchReply {
  kind: 'done';
  /** One for each picture or row, in their order. */
  output: Work[WorkKind]['output'];
  preprocessMilliseconds: number;
  inferenceMilliseconds: number;
}

export type WorkerReply =
  | { kind: 'ready' }
  | BatchReply
  | { kind: 'failure'; code: ErrorCode; message: string };
