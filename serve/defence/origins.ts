import cors from 'cors';
import type { Handler } from 'express';

/** Headers of ours that a page may read, beside those that it always may. */
const EXPOSED = [
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'Inference-Header-Content-Length',
  'X-Request-Id',
];
const DAY_SECONDS = 86_400;

/**
 * Lets the pages of these origins (`*` is any) call the service from a browser, and answers their preflight requests. A
 * page brings a key where one is asked for; cookies are neither read nor allowed.
 */
export function allowOrigins(origins: readonly string[]): Handler {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST'],
    exposedHeaders: EXPOSED,
    maxAge: DAY_SECONDS,
  });
}
