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

function fieldsOf(exchange: Exchange): object {
  const { requestId, method, route, status, durationMilliseconds, requestBytes, responseBytes } = exchange;
  const fields = {
    requestId,
    method,
    route,
    status,
    durationMilliseconds: rounded(durationMilliseconds),
    requestBytes,
    responseBytes,
  };
  if (exchange.work === null) return fields;
  const { model, images, ...durations } = exchange.work;
  return {
    ...fields,
    model: model.name,
    version: model.version,
    images,
    decodeMilliseconds: rounded(durations.decodeMilliseconds),
    queueMilliseconds: rounded(durations.queueMilliseconds),
    preprocessMilliseconds: rounded(durations.preprocessMilliseconds),
    inferenceMilliseconds: rounded(durations.inferenceMilliseconds),
  };
}

/** To microseconds. */
const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;
