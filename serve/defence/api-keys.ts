import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Handler } from 'express';
import { unmet } from '../../core/errors.js';
import { digestOf } from '../config/key-digest.js';
import { problem, sendProblem } from '../http/problem.js';

const BEARER = /^Bearer +([^ ]+) *$/i;

/** The key that a request brings: `Authorization: Bearer KEY`, or `X-API-Key: KEY`. */
function keyOf({ headers }: IncomingMessage): string | undefined {
  const bearer = BEARER.exec(headers.authorization ?? '')?.[1];
  // Node joins a repeated header of this name with commas, which no key has.
  return bearer ?? (headers['x-api-key'] as string | undefined);
}

/**
 * Which of the keys a request brings, as its index in `digests`; -1 for none of them. It takes as long for a wrong key as for a
 * right one, whatever they have in common.
 */
export function keyIndex(request: IncomingMessage, digests: readonly Buffer[]): number {
  const key = keyOf(request);
  if (key === undefined) return -1;
  const digest = digestOf(key);
  let found = -1;
  digests.forEach((known, index) => {
    if (timingSafeEqual(known, digest)) found = index;
  });
  return found;
}

/** Answers 401 to what brings none of the keys. */
export function requireApiKey(digests: readonly Buffer[]): Handler {
  return (request, response, next) => {
    if (keyIndex(request, digests) >= 0) {
      next();
      return;
    }
    const { message } = unmet({
      code: 'bad-usage',
      what: `${request.method} ${request.baseUrl}`,
      expected: "one of the service's keys",
      got: keyOf(request) === undefined ? 'no key' : 'another',
      advice: 'Send Authorization: Bearer KEY, or X-API-Key: KEY.',
    });
    sendProblem(response, problem(401, message), { 'WWW-Authenticate': 'Bearer realm="tenfold"' });
  };
}
