import { type Dirent, existsSync, readdirSync } from 'node:fs';
import express, { type ErrorRequestHandler, type Handler, Router } from 'express';
import { readOnly } from './allow-only.js';
import { problem, sendProblem } from './problem.js';

/** Content codings that the site's build writes beside its files, the best first, by their suffixes. */
const CODINGS = [
  { coding: 'br', suffix: '.br' },
  { coding: 'gzip', suffix: '.gz' },
] as const;

/** Pages of other origins load the element, its worker, its runtime and the model. */
export const forAnyOrigin: Handler = (_request, response, next) => {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  next();
};

/** What a file refuses by its content: a condition that it does not meet, a range that lies outside. */
const REFUSALS: readonly number[] = [412, 416];

/** Such a refusal is the client's doing and keeps its status. */
export const answerRefusal: ErrorRequestHandler = (error, request, response, next) => {
  const { status, message, headers } = error as { status?: number; message: string; headers?: object };
  if (response.headersSent || status === undefined || !REFUSALS.includes(status)) {
    next(error);
    return;
  }
  // The file's, not the problem's.
  response.removeHeader('Content-Encoding');
  // As the client wrote it, not as the file is called.
  const { originalUrl } = request;
  const detail = `Expected a range and conditions that ${originalUrl} meets, got ${message}. Ask for all of it.`;
  sendProblem(response, problem(status, detail), { ...headers });
};

/** Paths that are not their files' names. */
const PATHS: Record<string, string> = { '/': '/index.html', '/embed': '/embed.html' };

const filePath = (path: string): string => PATHS[path] ?? path;

/** The built page and element, each file in the best coding that the client takes and the build made. */
export function siteFiles(directory: string): Router {
  const router = Router();
  const present = new Set(filesIn(directory));
  const plain = express.static(directory, { fallthrough: true, redirect: false });
  router.use(forAnyOrigin);
  router
    .route('/{*path}')
    .all(readOnly((path) => present.has(filePath(path).slice(1))))
    .get((request, response, next) => {
      const path = filePath(request.path);
      const coded = CODINGS.filter(({ suffix }) => present.has(`${path.slice(1)}${suffix}`));
      if (coded.length > 0) response.vary('Accept-Encoding');
      const chosen = coded.find(({ coding }) => request.acceptsEncodings(coding) !== false);
      if (!chosen) {
        request.url = path;
        next();
        return;
      }
      response.type(path.slice(path.lastIndexOf('.')));
      response.setHeader('Content-Encoding', chosen.coding);
      request.url = `${path}${chosen.suffix}`;
      next();
    });
  router.use(plain);
  router.use(answerRefusal);
  return router;
}

function filesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry: Dirent) => entry.isFile())
    .map(({ name }) => name);
}
