import type { ErrorCode } from '../core/errors.js';
import type { Manifest } from '../core/manifest.js';
import type { Prediction } from '../core/predict.js';
import type { PackedImages } from './packing.js';

/** `workerData` of a classifying worker. */
export interface WorkerSetup {
  manifest: Manifest;
  /** The bytes of `model.onnx`, in shared memory so that the workers hold one copy. */
  model: SharedArrayBuffer;
}

/** Pictures to classify together; a worker is sent the next batch only after it answered the last. */
export type BatchRequest = PackedImages;

export type WorkerReply =
  | { kind: 'ready' }
  | {
      kind: 'answers';
      /** One for each picture, in their order. */
      predictions: Prediction[];
      preprocessMilliseconds: number;
      inferenceMilliseconds: number;
    }
  | { kind: 'failure'; code: ErrorCode; message: string };
