import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import {
  type ExchangeListener,
  noteRefusal,
  REQUEST_ID_HEADER,
  requestIdOf,
  unreadExchange,
} from '../operations/exchange.js';
import { PROBLEM_TYPE, problem } from './problem.js';

/** What node:http makes of requests that it cannot read, by its own codes; others are 400. */
const ANSWERS: Readonly<Record<string, { status: number; detail: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: 'Expected the whole request sooner, got a part of it. Send it again, faster.',
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    detail: 'Expected a shorter header, got one beyond the limit. Send fewer or shorter header fields.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    detail: 'Expected chunks without long extensions, got long ones. Leave them out.',
  },
};
const MALFORMED = {
  status: 400,
  detail: 'Expected an HTTP/1.1 request, got bytes that are none. Check what is sent.',
};

/** Time that a client has to read its answer and hang up by itself. */
const HANG_UP_MILLISECONDS = 1000;

/**
 * Has what Node answers by itself, before any request is one, be a problem (RFC 9457) like every other error, and the connection end.
 * @param listeners are told of what no request could be read of; of others those who watch their exchanges are told
 */
export function answerClientErrors(server: Server, listeners: readonly ExchangeListener[] = []): void {
  const latest = new WeakMap<Socket, ServerResponse>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    latest.set(request.socket, response);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, duplex) => {
    const socket = duplex as Socket;
    const response = latest.get(socket);
    // Bytes amid an answer would be taken for a part of it.
    const isAmidAnswer = response?.headersSent === true && !response.writableFinished;
    if (error.code === 'ECONNRESET' || !socket.writable || isAmidAnswer) {
      socket.destroy();
      return;
    }
    const { status, detail } = ANSWERS[error.code ?? ''] ?? MALFORMED;
    const unanswered = response?.headersSent === false ? response : null;
    const requestId = unanswered ? refuse(unanswered, status) : tell(listeners, status);
    const body = JSON.stringify(problem(status, detail));
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n${REQUEST_ID_HEADER}: ${requestId}\r\n` +
        `Content-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    // That was our end alone: whoever sends on keeps the connection, and Node watches over it no more.
    const late = setTimeout(() => socket.destroy(), HANG_UP_MILLISECONDS).unref();
    socket.once('close', () => clearTimeout(late));
  });
}

/** @returns the id of the request that did not arrive whole */
function refuse(response: ServerResponse, status: number): string {
  noteRefusal(response, status);
  return requestIdOf(response);
}

/** @returns an id that nobody had yet */
function tell(listeners: readonly ExchangeListener[], status: number): string {
  const exchange = unreadExchange(status);
  for (const listen of listeners) listen(exchange);
  return exchange.requestId;
}
