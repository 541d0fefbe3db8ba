import type { Handler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { unmet } from '../../core/errors.js';
import type { RateLimit, Settings } from '../config/config.js';
import { problem, sendProblem } from '../http/problem.js';
import { keyIndex } from './api-keys.js';

/**
 * Answers 429 to a client that asks more than `limit`, and tells every client by the RateLimit headers what is left. A
 * client is the key that it brings, else its address, for IPv6 its network; guesses at keys are counted by address.
 */
export function limitRate(
  { requests, milliseconds }: RateLimit,
  { apiKeys }: Pick<Settings, 'apiKeys'>,
): Handler {
  return rateLimit({
    limit: requests,
    windowMs: milliseconds,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'tenfold',
    // The package's own warnings are of settings, which are checked, and of headers, which anybody may send.
    validate: false,
    keyGenerator: (request) => {
      const key = keyIndex(request, apiKeys);
      return key >= 0 ? `key ${key}` : ipKeyGenerator(request.ip ?? '');
    },
    // The package has set Retry-After.
    handler: (_request, response) => {
      const { message } = unmet({
        code: 'unavailable',
        what: 'one key or address',
        expected: `at most ${requests} requests in ${milliseconds / 1000} s`,
        got: 'more',
        advice: `Try again in ${response.getHeader('Retry-After')} s.`,
      });
      sendProblem(response, problem(429, message));
    },
  });
}
