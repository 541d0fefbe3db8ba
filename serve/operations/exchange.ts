import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { ModelName } from '../observer.js';
import { createRouteNames, OTHER_ROUTE } from './routes.js';

/** A request and its response, once both are over. */
export interface Exchange {
  /** The client's `X-Request-Id` where it is sane, else one of ours. */
  requestId: string;
  /** One of HTTP's own, else `_OTHER`. */
  method: string;
  /** A template of `ROUTES`, or `other`; never what the client wrote. */
  route: string;
  /** {@link CLIENT_LEFT} where the client went away before its answer was whole, unless it was refused for what it had not sent. */
  status: number;
  /** When its head had arrived, of `performance.now()`. */
  started: number;
  /** To the last byte handed to the network. */
  durationMilliseconds: number;
  /** By their `Content-Length`; null where there is none. */
  requestBytes: number | null;
  responseBytes: number | null;
  requestHeaders: IncomingHttpHeaders;
  /** What a model did for it; null where none was asked. */
  work: WorkNote | null;
}

/** What a route knows of the work that it had done, in the order in which it was done. */
export interface WorkNote {
  model: ModelName;
  /** Pictures or rows. */
  images: number;
  /** When decoding began, of `performance.now()`. */
  decodeStarted: number;
  decodeMilliseconds: number;
  queueMilliseconds: number;
  preprocessMilliseconds: number;
  inferenceMilliseconds: number;
}

export type ExchangeListener = (exchange: Exchange) => void;

export const REQUEST_ID_HEADER = 'X-Request-Id';
/** What nginx calls a request whose client closed the connection; no client ever sees it. */
export const CLIENT_LEFT = 499;

/** What ids are made of elsewhere (UUIDs, base64, trace headers), and nothing that could forge a line of a log. */
const SANE_REQUEST_ID = /^[\w.~:+/=@-]{1,128}$/;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);
const OTHER_METHOD = '_OTHER';

const notes = new WeakMap<ServerResponse, WorkNote>();
/** Statuses that went past their responses. */
const refusals = new WeakMap<ServerResponse, number>();

/** Tells those who watch the exchange what a model did for it. */
export function noteWork(response: ServerResponse, work: WorkNote): void {
  notes.set(response, work);
}

/** Tells those who watch the exchange that its connection was answered so, past the response. */
export function noteRefusal(response: ServerResponse, status: number): void {
  refusals.set(response, status);
}

/** Of what was refused before any request could be read. */
export const unreadExchange = (status: number): Exchange => ({
  requestId: randomUUID(),
  method: OTHER_METHOD,
  route: OTHER_ROUTE,
  status,
  started: performance.now(),
  durationMilliseconds: 0,
  requestBytes: null,
  responseBytes: null,
  requestHeaders: {},
  work: null,
});

/** The id that the response carries, for whatever else is logged of it. */
export const requestIdOf = (response: ServerResponse): string =>
  String(response.getHeader(REQUEST_ID_HEADER) ?? '');

/**
 * The first handler of an app: gives each response its `X-Request-Id`, and tells every listener of each exchange when it
 * is over. Listeners must not throw.
 */
export function watchExchanges(listeners: readonly ExchangeListener[], routeOf = createRouteNames()) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const started = performance.now();
    const requestId = requestIdFor(request.headers['x-request-id']);
    response.setHeader(REQUEST_ID_HEADER, requestId);
    // Later handlers rewrite the address.
    const path = pathOf(request.url ?? '/');
    response.once('close', () => {
      const exchange: Exchange = {
        requestId,
        method: METHODS.has(request.method ?? '') ? request.method! : OTHER_METHOD,
        route: routeOf(path),
        status: refusals.get(response) ?? (response.writableFinished ? response.statusCode : CLIENT_LEFT),
        started,
        durationMilliseconds: performance.now() - started,
        requestBytes: bytes(request.headers['content-length']),
        responseBytes: bytes(response.getHeader('Content-Length')),
        requestHeaders: request.headers,
        work: notes.get(response) ?? null,
      };
      for (const listen of listeners) listen(exchange);
    });
    next();
  };
}

const requestIdFor = (given: string | string[] | undefined): string =>
  typeof given === 'string' && SANE_REQUEST_ID.test(given) ? given : randomUUID();

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

const bytes = (length: string | number | string[] | undefined): number | null =>
  length === undefined ? null : Number(length);
