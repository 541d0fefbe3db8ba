/** The element's class without its registration: importing this changes nothing, and is safe where there is no page. */
export type { ErrorCode, TenfoldError } from '../core/errors.js';
export { setAssetFolder } from './assets.js';
export { DigitClassifierElement } from './digit-classifier-element.js';
export type { DigitClassifierEventMap, DigitClassifierEvents, DigitResult } from './events.js';
export type { ModelSummary } from './protocol.js';
