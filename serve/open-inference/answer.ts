import type { ServerResponse } from 'node:http';
import type { ErrorRequestHandler, Handler } from 'express';
import { problem, problemOf, sendJson } from '../http/problem.js';

/** The KServe client reads an error's text only where this is the whole of its type. */
const JSON_TYPE = 'application/json';

export const sendAnswer = (response: ServerResponse, status: number, body: object): void =>
  sendJson(response, status, body, JSON_TYPE);

/** Answers what the client did wrong as the protocol has it; @returns whether it was that. */
export function answerRefusal(error: unknown, response: ServerResponse): boolean {
  const answer = problemOf(error);
  if (answer.status >= 500 || response.headersSent) return false;
  sendAnswer(response, answer.status, answer);
  return true;
}

/** What the service did wrong is the app's to log and answer. */
export const answerError: ErrorRequestHandler = (error, _request, response, next) => {
  if (!answerRefusal(error, response)) next(error);
};

export const allowOnly =
  (method: 'GET' | 'POST'): Handler =>
  (request, response) => {
    const detail = `Expected ${method} for ${request.originalUrl}, got ${request.method}. Use ${method}.`;
    response.setHeader('Allow', method);
    sendAnswer(response, 405, problem(405, detail));
  };

export const notFound: Handler = (request, response) => {
  const detail = `Expected a path of the Open Inference Protocol, got ${request.originalUrl}. Try GET /v2 or POST /v2/models/NAME/infer.`;
  sendAnswer(response, 404, problem(404, detail));
};
