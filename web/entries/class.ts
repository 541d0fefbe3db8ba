/** The element's class without its registration: importing this changes nothing, and is safe where there is no page. */
export type { ErrorCode, TenfoldError } from '../../core/errors.js';
export { DigitClassifierElement } from '../element/digit-classifier-element.js';
export type {
  DigitClassifierEventMap,
  DigitClassifierEvents,
  DigitReading,
  DigitResult,
  NumberReading,
} from '../element/events.js';
export type { PictureSource } from '../element/sources.js';
export type { Texts } from '../element/texts.js';
export { setAssetFolder } from '../loading/assets.js';
export type { LoadProgress, ModelSummary } from '../worker/protocol.js';
