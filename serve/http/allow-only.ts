import type { Handler } from 'express';
import { problem, sendProblem } from './problem.js';

/** Refuses all other methods of a path; OPTIONS too, which Express answers by itself, in plain text. */
export const allowOnly =
  (method: 'GET' | 'POST'): Handler =>
  (request, response) => {
    const path = request.baseUrl + request.path;
    const detail = `Expected ${method} for ${path}, got ${request.method}. Use ${method}.`;
    sendProblem(response, problem(405, detail), { Allow: method });
  };

/** For all methods of files: refuses those that do not read one that is there, and passes the others on. */
export const readOnly =
  (isThere: (path: string) => boolean): Handler =>
  (request, response, next) => {
    const reads = request.method === 'GET' || request.method === 'HEAD';
    if (reads || !isThere(request.path)) next();
    else allowOnly('GET')(request, response, next);
  };
