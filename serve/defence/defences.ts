import type { Handler, Request } from 'express';
import type { Settings } from '../config/config.js';
import { requireApiKey } from './api-keys.js';
import { allowOrigins } from './origins.js';
import { limitRate } from './rate-limit.js';

/** Where models work or tell of their work; the page, the documents and the probes are open. */
export const DEFENDED_PATHS = ['/predict', '/v2', '/metrics'];

/** The base ends with a defended path, below whatever the app itself is mounted at. */
const isHealth = ({ baseUrl, path }: Request): boolean =>
  /\/v2$/i.test(baseUrl) && /^\/health(\/|$)/i.test(path);

/** What answers a probe must not depend on keys or on how often it is asked. */
const exceptHealth =
  (handler: Handler): Handler =>
  (request, response, next) => {
    if (isHealth(request)) next();
    else handler(request, response, next);
  };

/**
 * The defences that are on, to be mounted at {@link DEFENDED_PATHS} before everything there. Preflight requests bring no key and
 * come first; guesses at keys are counted before they are judged.
 */
export function defences(settings: Pick<Settings, 'origins' | 'rateLimit' | 'apiKeys'>): Handler[] {
  const { origins, rateLimit, apiKeys } = settings;
  return [
    ...(origins.length > 0 ? [allowOrigins(origins)] : []),
    ...(rateLimit ? [exceptHealth(limitRate(rateLimit, { apiKeys }))] : []),
    ...(apiKeys.length > 0 ? [exceptHealth(requireApiKey(apiKeys))] : []),
  ];
}
