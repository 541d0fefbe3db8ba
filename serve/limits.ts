import type { Settings } from './config/config.js';
import { serviceConfig } from './config/service-config.js';

/** What a request may ask for; beyond it the answer is 413, 400 or 503. */
export type Limits = Pick<
  Settings,
  | 'bodyBytes'
  | 'images'
  | 'pixels'
  | 'frames'
  | 'jsonDepth'
  | 'queuedImages'
  | 'queuedPixels'
  | 'requestMilliseconds'
>;

const defaults = serviceConfig({ values: {}, env: {} });

export const DEFAULT_LIMITS: Limits = defaults;
export const BATCH_IMAGES = defaults.batchImages;
export const BATCH_PIXELS = defaults.batchPixels;
