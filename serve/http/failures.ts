import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../logger.js';
import { requestIdOf } from '../operations/exchange.js';
import { problem, problemOf, sendProblem } from './problem.js';

/** Answers an error, and logs what the service did wrong. That it cannot answer now is in its metrics: a line each would make that worse. */
export const answerFailure =
  (logger: Logger) =>
  (error: unknown, request: IncomingMessage & { path?: string }, response: ServerResponse): void => {
    // Nobody is there to be told, and nothing went wrong here.
    if (response.destroyed) return;
    const answer = isBadPath(error)
      ? problem(400, 'Expected a path, got one that does not decode. Check its % signs.')
      : problemOf(error);
    if (answer.status === 500) {
      const { method, path } = request;
      logger.error({ err: error, method, path, requestId: requestIdOf(response) }, 'request failed');
    }
    // Half an answer cannot be taken back.
    if (response.headersSent) response.destroy();
    else sendProblem(response, answer);
  };

const isBadPath = (error: unknown): boolean => error instanceof URIError;
