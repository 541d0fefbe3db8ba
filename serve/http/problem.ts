import { type ServerResponse, STATUS_CODES } from 'node:http';
import { type ErrorCode, TenfoldError } from '../../core/errors.js';

/** The HTTP status of each kind of error. */
export const STATUS: { readonly [C in ErrorCode]: number } = {
  'bad-usage': 400,
  'bad-input': 400,
  'not-found': 404,
  'too-large': 413,
  'unsupported-media': 415,
  corrupt: 500,
  incompatible: 500,
  forbidden: 403,
  offline: 503,
  'storage-full': 507,
  unavailable: 503,
  interrupted: 503,
  failed: 500,
};

/** RFC 9457, plus `error`: what clients of other digit services look for. */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  detail: string;
  /** The same text as `detail`. */
  error: string;
}

export const PROBLEM_TYPE = 'application/problem+json';
/** Seconds after which a refused request is worth another try. */
const RETRY_AFTER = '1';

export function problem(status: number, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, error: detail };
}

/** The problem to answer with; what is not meant for a client says nothing of the machine's inside. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof TenfoldError) || STATUS[error.code] === 500) {
    return problem(500, 'The service failed on this request; its log says why.');
  }
  return problem(STATUS[error.code], error.message);
}

export function sendProblem(
  response: ServerResponse,
  body: Problem,
  headers: Record<string, string> = {},
): void {
  if (body.status === 503) response.setHeader('Retry-After', RETRY_AFTER);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendJson(response, body.status, body, PROBLEM_TYPE);
}

/** Writes a whole JSON response, also before all of its request has arrived. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  type = 'application/json; charset=utf-8',
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  if (response.req.complete || !isLast(response)) {
    response.end(bytes);
    return;
  }
  // A connection that is closed while its request still arrives is reset, and the client never reads the answer.
  response.write(bytes);
  response.req.resume().once('close', () => response.end());
}

/** Whether the connection is to be closed after this response. */
const isLast = (response: ServerResponse): boolean =>
  !response.shouldKeepAlive || response.getHeader('Connection') === 'close';
