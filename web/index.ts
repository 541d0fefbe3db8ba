import './define.js';

export type { ErrorCode, TenfoldError } from '../core/errors.js';
export { DigitClassifierElement } from './element/digit-classifier-element.js';
export type { DigitClassifierEventMap, DigitClassifierEvents, DigitResult } from './element/events.js';
export type { ModelSummary } from './protocol.js';
