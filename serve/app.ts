import express, { type ErrorRequestHandler, type Express, type Handler } from 'express';
import helmet from 'helmet';
import type { Budget } from './budget.js';
import type { Settings } from './config/config.js';
import { DEFAULT_SETTINGS } from './config/service-config.js';
import { DEFENDED_PATHS, defences } from './defence/defences.js';
import { docsRoutes } from './docs/docs-routes.js';
import { allowOnly } from './http/allow-only.js';
import { bodyBudget } from './http/body.js';
import { bundleFiles } from './http/bundle-files.js';
import { answerFailure } from './http/failures.js';
import { problem, sendJson, sendProblem } from './http/problem.js';
import { siteFiles } from './http/static-files.js';
import { CONSOLE, type Logger } from './logger.js';
import type { Models } from './models/models.js';
import { openInferenceRoutes } from './open-inference/routes.js';
import { openApiDocument } from './openapi/document.js';
import type { Metrics } from './operations/metrics.js';
import { predictRoute } from './predict/predict-route.js';
import { SERVICE_VERSION } from './version.js';

/** Settings that are not given are those of a service that nobody configured. */
export interface AppOptions extends Partial<Settings> {
  models: Models;
  /** By default what fails is written to standard error. */
  logger?: Logger;
  /** The built page; without it the service has no page. */
  siteDirectory?: string;
  /** What `GET /metrics` tells; without it there is none. */
  metricsHandler?: Metrics['handler'];
  /** What all bodies may take together, where others than the app read some. */
  bodies?: Budget;
  /** Whether the service has begun to shut down. */
  isClosing?: () => boolean;
}

/** What our own pages need and no more. @param embedOrigins who else may show them in a frame */
const contentSecurityPolicy = (embedOrigins: readonly string[] = []) => ({
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
    frameAncestors: ["'self'", ...embedOrigins],
  },
});

/** `/embed` is made for frames. The older header knows no origins, so it has to go. */
const framing = (embedOrigins: readonly string[]): Handler[] => [
  helmet.contentSecurityPolicy(contentSecurityPolicy(embedOrigins)),
  (_request, response, next) => {
    response.removeHeader('X-Frame-Options');
    next();
  },
];

/** What every answer carries. */
const securityHeaders: Handler[] = [
  helmet({
    contentSecurityPolicy: contentSecurityPolicy(),
    // Whether the name is served over TLS, and for how long, is the reverse proxy's to say.
    strictTransportSecurity: false,
  }),
  // Helmet has none of it.
  (_request, response, next) => {
    response.setHeader(
      'Permissions-Policy',
      'camera=(self), microphone=(), geolocation=(), payment=(), usb=()',
    );
    next();
  },
];

/** The whole service as an Express app; opens no port and starts no worker. */
export function createApp(options: AppOptions): Express {
  const { models, siteDirectory, metricsHandler, logger = CONSOLE, isClosing = () => false } = options;
  const settings: Settings = { ...DEFAULT_SETTINGS, ...options };
  const { bodies = bodyBudget(settings) } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', settings.trustProxy);
  for (const handler of defences(settings)) app.use(DEFENDED_PATHS, handler);
  // Before everything that a prediction has no use for.
  app
    .route('/predict')
    .post(predictRoute(models, settings, bodies))
    .all(allowOnly('POST'));
  app.use(
    '/v2',
    openInferenceRoutes({ models, limits: settings, control: settings.control, bodies, isClosing }),
  );
  app.use(securityHeaders);
  app.use('/embed', framing(settings.embedOrigins));
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
  if (metricsHandler) app.route('/metrics').get(metricsHandler).all(allowOnly('GET'));
  app.use('/model', bundleFiles(models));
  if (settings.docs) {
    const description = openApiDocument({ version: SERVICE_VERSION, model: models.default.manifest });
    app.use(docsRoutes(description, siteDirectory !== undefined));
  }
  if (siteDirectory !== undefined) app.use(siteFiles(siteDirectory));
  app.use(notFound);
  const answer = answerFailure(logger);
  // Express knows by its four arguments that a handler is for errors.
  app.use(((error, request, response, _next) =>
    answer(error, request, response)) satisfies ErrorRequestHandler);
  return app;
}

const notFound: Handler = (request, response) => {
  const detail = `Expected a path of this service, got ${request.path}. Try POST /predict, /livez or /readyz.`;
  sendProblem(response, problem(404, detail));
};
