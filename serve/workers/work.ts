import type { RgbaImage } from '../../core/image.js';
import type { ModelOutput, Prediction } from '../../core/predict.js';
import type { NumberPrediction } from '../../core/predict-numbers.js';

/** What workers do, by kind: what they are given, and what they answer. */
export interface Work {
  /** Pictures of one digit each; an answer for each, in their order. */
  one: { input: RgbaImage[]; output: Prediction[] };
  /** Pictures of whole numbers; an answer for each, in their order. */
  many: { input: RgbaImage[]; output: NumberPrediction[] };
  /** The model's input as it is, `[batch, 1, 28, 28]` flattened; the model's output as it is. */
  tensor: { input: Float32Array; output: ModelOutput };
}

export type WorkKind = keyof Work;
/** The kinds that are given pictures. */
export type PictureWork = Exclude<WorkKind, 'tensor'>;

/** A request's answer, and what it took. */
export interface Done<Kind extends WorkKind = WorkKind> {
  output: Work[Kind]['output'];
  /** From its arrival to its batch's start, milliseconds. */
  queueMilliseconds: number;
  /** Of the batch that the request was part of. */
  preprocessMilliseconds: number;
  /** Of the batch that the request was part of. */
  inferenceMilliseconds: number;
}

export interface WorkOptions {
  /** Aborted where nobody waits for the answer any more: work that has not begun is then left out. */
  signal?: AbortSignal;
}
