import type { Server, ServerOptions } from 'node:http';
import type { Settings } from '../config/config.js';

type Times = Pick<
  Settings,
  | 'headerMilliseconds'
  | 'requestMilliseconds'
  | 'keepAliveMilliseconds'
  | 'queueMilliseconds'
  | 'batchMilliseconds'
  | 'headerBytes'
  | 'connections'
>;

const MOST_CHECK_MILLISECONDS = 1000;

/** What node:http is to hold its clients to. */
export interface ClientLimits {
  /** For `createServer`. */
  options: ServerOptions;
  /** To be assigned to the server. */
  properties: Pick<Server, 'maxConnections' | 'timeout'>;
}

/**
 * A client that sends its header or body too slowly, or nothing at all, is answered 408 and cut off; one that does not read its
 * answer is cut off once nothing moves any more.
 */
export function clientLimits(times: Times): ClientLimits {
  const { headerMilliseconds, requestMilliseconds, keepAliveMilliseconds } = times;
  const { queueMilliseconds, batchMilliseconds } = times;
  return {
    options: {
      headersTimeout: headerMilliseconds,
      requestTimeout: requestMilliseconds,
      keepAliveTimeout: keepAliveMilliseconds,
      // Node looks for late clients this often: one is cut off so much later at most.
      connectionsCheckingInterval: Math.min(headerMilliseconds, MOST_CHECK_MILLISECONDS),
      maxHeaderSize: times.headerBytes,
      // That a request names its host is for our own handler to see, which says so.
      requireHostHeader: false,
    },
    properties: {
      maxConnections: times.connections,
      // Nothing moves while a request waits for its answer, so that this is longer than any may: it waits to be decoded and to be computed,
      // and the last picture of numbers may begin a whole batch's time after the first.
      timeout: requestMilliseconds + 2 * (queueMilliseconds + batchMilliseconds),
    },
  };
}
