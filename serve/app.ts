import express, { type ErrorRequestHandler, type Express, type Handler } from 'express';
import helmet from 'helmet';
import { problem, problemOf, sendJson, sendProblem } from './http/problem.js';
import { bundleFiles, siteFiles } from './http/static-files.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import type { Models } from './models/models.js';
import { predictRoute } from './predict/predict-route.js';

/** What the service writes its log to: pino, or anything with these. */
export interface Logger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

const toConsole = (fields: object, message: string) => console.error(message, fields);
const CONSOLE: Logger = { info() {}, warn: toConsole, error: toConsole };

export interface AppOptions {
  models: Models;
  limits?: Partial<Limits>;
  /** By default what fails is written to standard error. */
  logger?: Logger;
  /** The built page; without it the service has no page. */
  siteDirectory?: string;
  /** Whether the service has begun to shut down. */
  isClosing?: () => boolean;
}

/** What our own page needs and no more; every answer carries it. */
const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      workerSrc: ["'self'", 'blob:'],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'blob:', 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'self'"],
    },
  },
  // Whether the name is served over TLS, and for how long, is the reverse proxy's to say.
  strictTransportSecurity: false,
});

const allowOnly =
  (methods: string): Handler =>
  (request, response) => {
    const detail = `Expected ${methods} for ${request.path}, got ${request.method}. Use ${methods}.`;
    sendProblem(response, problem(405, detail), { Allow: methods });
  };

/** The whole service as an Express app; opens no port and starts no worker. */
export function createApp(options: AppOptions): Express {
  const { models, siteDirectory, logger = CONSOLE, isClosing = () => false } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    if (isClosing()) response.setHeader('Connection', 'close');
    next();
  });
  // Before everything that a prediction has no use for.
  app.route('/predict').post(predictRoute(models, limits)).all(allowOnly('POST'));
  app.use(securityHeaders);
  app
    .route('/livez')
    .get((_request, response) => sendJson(response, 200, { status: 'alive' }))
    .all(allowOnly('GET'));
  app
    .route('/readyz')
    .get((_request, response) => {
      if (models.isReady && !isClosing()) sendJson(response, 200, { status: 'ready' });
      else
        sendProblem(
          response,
          problem(503, 'The workers are starting or shutting down. Try again in a moment.'),
        );
    })
    .all(allowOnly('GET'));
  app.use('/model', bundleFiles(models));
  if (siteDirectory !== undefined) app.use(siteFiles(siteDirectory));
  app.use(notFound);
  app.use(answerError(logger));
  return app;
}

const notFound: Handler = (request, response) => {
  const read = request.method === 'GET' || request.method === 'HEAD';
  if (!read) {
    allowOnly('GET')(request, response, () => {});
    return;
  }
  const detail = `Expected a path of this service, got ${request.path}. Try POST /predict, /livez or /readyz.`;
  sendProblem(response, problem(404, detail));
};

const answerError =
  (logger: Logger): ErrorRequestHandler =>
  (error, request, response, _next) => {
    const answer = isBadPath(error)
      ? problem(400, 'Expected a path, got one that does not decode. Check its % signs.')
      : problemOf(error);
    if (answer.status >= 500) {
      const log = answer.status === 500 ? logger.error : logger.warn;
      log.call(logger, { err: error, method: request.method, path: request.path }, 'request failed');
    }
    // Half an answer cannot be taken back.
    if (response.headersSent) response.destroy();
    else sendProblem(response, answer);
  };

const isBadPath = (error: unknown): boolean => error instanceof URIError;
