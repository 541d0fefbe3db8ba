import { DEFAULT_LIMITS, type Limits } from '../limits.js';
import type { Observer } from '../observer.js';
import type { RunnerOptions } from '../workers/runner.js';
import { createAnswerCache } from './answer-cache.js';
import { DEFAULT_BUNDLE } from './bundle.js';
import type { WantedPrecision } from './precision.js';
import { Registry, type RegistryOptions } from './registry.js';

export interface ModelsOptions extends Partial<Omit<RegistryOptions, 'pool'>>, RunnerOptions {
  /** Threads that classify, for each model; by default one. */
  workers?: number;
  limits?: Partial<Limits>;
  observer?: Observer;
  /** Answers to remember, by the picture's content; by default none. */
  cacheAnswers?: number;
  /** Which of each bundle's graphs answers; by default `auto`. */
  precision?: WantedPrecision;
}

/**
 * Loads bundles to serve side by side; the default model where none is named.
 * @throws TenfoldError `not-found` or `corrupt` for a bundle, `not-found` where one has not that precision, `unavailable` for the device.
 */
export function openModels(options: ModelsOptions = {}): Promise<Registry> {
  const { bundles = [DEFAULT_BUNDLE], workers = 1, limits, observer, cacheAnswers = 0, ...others } = options;
  const { device, threads, precision, ...folders } = others;
  const runner = { ...(device && { device }), ...(threads && { threads }) };
  const pool = {
    workers,
    runner,
    limits: { ...DEFAULT_LIMITS, ...limits },
    ...(observer && { observer }),
    ...(precision && { precision }),
    ...(cacheAnswers > 0 && { cache: createAnswerCache(cacheAnswers) }),
  };
  return Registry.start({ ...folders, bundles, pool });
}
