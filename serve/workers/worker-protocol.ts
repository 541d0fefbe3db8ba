import type { ErrorCode } from '../../core/errors.js';
import type { Manifest } from '../../core/manifest.js';
import type { Prediction } from '../../core/predict.js';
import type { NumberPrediction } from '../../core/predict-numbers.js';
import type { PackedImages } from './packing.js';

/** `workerData` of a classifying worker. */
export interface WorkerSetup {
  manifest: Manifest;
  /** The bytes of `model.onnx`, in shared memory so that the workers hold one copy. */
  model: SharedArrayBuffer;
}

/** What a picture shows: one digit, or lines of them. */
export const DIGITS = ['one', 'many'] as const;
export type Digits = (typeof DIGITS)[number];

/** What is answered for a picture of each kind. */
export interface AnswerOf {
  one: Prediction;
  many: NumberPrediction;
}

/** Pictures of one kind to classify together; a worker is sent the next batch only after it answered the last. */
export type BatchRequest = PackedImages & { digits: Digits };

export type WorkerReply =
  | { kind: 'ready' }
  | {
      kind: 'answers';
      /** One for each picture, in their order. */
      predictions: AnswerOf[Digits][];
      preprocessMilliseconds: number;
      inferenceMilliseconds: number;
    }
  | { kind: 'failure'; code: ErrorCode; message: string };
