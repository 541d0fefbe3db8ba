import type { Logger } from '../logger.js';
import type { Exchange, ExchangeListener } from './exchange.js';
import { PROBED_ROUTES } from './routes.js';

/**
 * Writes a line for each request, at level info; nothing is put together where that level is off. A line holds numbers,
 * the route's template and the model's name, and nothing of what was sent: no path, query, header, file name or picture.
 * Probes are told of only where they fail.
 */
export function createRequestLog(logger: Pick<Logger, 'info' | 'isLevelEnabled'>): ExchangeListener {
  return (exchange) => {
    if (logger.isLevelEnabled?.('info') === false) return;
    if (PROBED_ROUTES.has(exchange.route) && exchange.status < 400) return;
    logger.info(fieldsOf(exchange), 'request');
  };
}

/** Written out, where rest and spread would take fifty times as long. */
function fieldsOf(exchange: Exchange): object {
  const { requestId, method, route, status, requestBytes, responseBytes, work } = exchange;
  const durationMilliseconds = rounded(exchange.durationMilliseconds);
  if (work === null) {
    return { requestId, method, route, status, durationMilliseconds, requestBytes, responseBytes };
  }
  return {
    requestId,
    method,
    route,
    status,
    durationMilliseconds,
    requestBytes,
    responseBytes,
    model: work.model.name,
    version: work.model.version,
    images: work.images,
    decodeMilliseconds: rounded(work.decodeMilliseconds),
    queueMilliseconds: rounded(work.queueMilliseconds),
    preprocessMilliseconds: rounded(work.preprocessMilliseconds),
    inferenceMilliseconds: rounded(work.inferenceMilliseconds),
  };
}

/** To microseconds. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;
