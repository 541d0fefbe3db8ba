import type { Settings } from './config/config.js';
import { DEFAULT_SETTINGS } from './config/service-config.js';

/** What a request may ask for; beyond it the answer is 413, 400 or 503. */
export type Limits = Pick<
  Settings,
  | 'bodyBytes'
  | 'images'
  | 'pixels'
  | 'frames'
  | 'jsonDepth'
  | 'tensorRows'
  | 'queuedImages'
  | 'queuedPixels'
  | 'queueMilliseconds'
  | 'batchImages'
  | 'batchPixels'
  | 'batchMilliseconds'
>;

/** Those of a service that nobody configured. */
export const DEFAULT_LIMITS: Limits = DEFAULT_SETTINGS;
