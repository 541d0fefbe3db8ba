import type { TenfoldError } from '../../core/errors.js';
import type { Prediction } from '../../core/predict.js';
import type { ModelSummary } from '../protocol.js';

/** One answer of the element. */
export interface DigitResult extends Prediction {
  source: 'pad' | 'picture';
  /** What the model was given, `[28, 28]`, ink 1 on 0. */
  input: Float32Array;
  /** Pixels to answer in this browser, milliseconds. */
  milliseconds: number;
}

/** The `detail` of each event; all of them bubble and cross shadow boundaries. */
export interface DigitClassifierEvents {
  /** A new answer, while drawing as well. */
  'digit-change': DigitResult;
  /** The bundle is verified and ready. */
  'digit-load': { model: ModelSummary };
  /** The bundle cannot be used, or a picture cannot be read. */
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
