import type { TenfoldError } from '../../core/errors.js';
import type { Prediction, RejectionReason } from '../../core/predict.js';
import type { NumberPrediction } from '../../core/predict-numbers.js';
import type { LoadProgress, ModelSummary } from '../worker/protocol.js';

interface Reading {
  /** What was read: `7`, `2026`, lines with a line feed between them; empty where there was nothing to read. */
  text: string;
  /** Whether all of it is to be relied on. */
  accepted: boolean;
  /** null exactly where `accepted` is true. */
  reason: RejectionReason | null;
  source: 'pad' | 'picture';
  /** Pixels to answer in this browser, milliseconds. */
  milliseconds: number;
}

/** One digit, where `digits` is `one`. */
export interface DigitReading extends Reading, Prediction {
  digits: 'one';
  /** What the model was given, `[28, 28]`, ink 1 on 0; zeros where there was nothing to read. */
  input: Float32Array;
}

/** Whole numbers, where `digits` is `many`. */
export interface NumberReading extends Reading {
  digits: 'many';
  lines: NumberPrediction['lines'];
  /** Of the picture, in whose pixels the digits' boxes are. */
  width: number;
  height: number;
}

/** One answer of the element. */
export type DigitResult = DigitReading | NumberReading;

/** The `detail` of each event; all of them bubble and cross shadow boundaries. */
export interface DigitClassifierEvents {
  /** An answer while somebody draws, to the drawing as it is by then. */
  'digit-input': DigitResult;
  /** An answer to a drawing whose pen is lifted, or to a picture; as of an empty pad, once it was cleared. */
  'digit-change': DigitResult;
  /** Bytes of runtime and bundle come so far, and in all. */
  'digit-progress': LoadProgress;
  /** The bundle is verified and ready. */
  'digit-load': { model: ModelSummary };
  /** The bundle cannot be used, or a picture cannot be had or read; `error.code` says which kind of trouble. */
  'digit-error': { error: TenfoldError };
}

export type DigitClassifierEventMap = {
  [Type in keyof DigitClassifierEvents]: CustomEvent<DigitClassifierEvents[Type]>;
};

export function digitEvent<Type extends keyof DigitClassifierEvents>(
  type: Type,
  detail: DigitClassifierEvents[Type],
): DigitClassifierEventMap[Type] {
  return new CustomEvent(type, { detail, bubbles: true, composed: true }) as DigitClassifierEventMap[Type];
}

declare global {
  interface HTMLElementEventMap extends DigitClassifierEventMap {}
  interface DocumentEventMap extends DigitClassifierEventMap {}
}
