import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Manifest } from '../core/manifest.js';
import { listen } from './address.js';
import { type AppOptions, createApp } from './app.js';
import type { Settings } from './config/config.js';
import { DEFAULT_SETTINGS } from './config/service-config.js';
import { defences } from './defence/defences.js';
import { clientLimits } from './defence/slow-clients.js';
import { bodyBudget } from './http/body.js';
import { answerClientErrors } from './http/client-errors.js';
import { prepareDrain } from './http/drain.js';
import { answerFailure } from './http/failures.js';
import { refuseExpectation, withTarget } from './http/target.js';
import type { Logger } from './logger.js';
import type { Models } from './models/models.js';
import { openModels } from './models/open-models.js';
import { observers } from './observer.js';
import { directInference } from './open-inference/direct.js';
import { type ExchangeListener, watchExchanges } from './operations/exchange.js';
import { createMetrics, type WorkersReading } from './operations/metrics.js';
import { createRequestLog } from './operations/request-log.js';
import { startTracing } from './operations/tracing.js';
import { blockOtherLoaders } from './pictures/decode.js';
import { SERVICE_VERSION } from './version.js';
import type { Device } from './workers/runner.js';

/** Settings that are not given are those of a service that nobody configured. */
export interface ServerOptions extends Partial<Omit<Settings, 'device'>> {
  /** By default the cpu. */
  device?: Device;
  /** The built page; without it the service has no page. */
  siteDirectory?: string;
  logger: Logger;
}

export interface RunningServer {
  /** `http://127.0.0.1:8080`, without a slash at its end. */
  url: string;
  /** The default model's, as it was at the start. */
  manifest: Manifest;
  /**
   * Loads the bundles anew, as their folders are now.
   * @throws TenfoldError where one cannot be loaded; those that were loaded then answer on.
   */
  reload(): Promise<void>;
  /** Refuses new connections, answers what is under way, then ends; calling it again waits for the same end. */
  close(): Promise<void>;
}

/**
 * Opens the bundles, warms the workers up, and listens: when this resolves, requests are answered.
 * @throws TenfoldError `not-found` or `corrupt` for a bundle, `unavailable` where the port or the device cannot be had, `bad-usage` where
 * OpenTelemetry's variables ask for what is not here.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { device = 'cpu', siteDirectory, logger, ...given } = options;
  const settings: Settings = { ...DEFAULT_SETTINGS, ...given };
  blockOtherLoaders();
  const tracing = await startTracing({ version: SERVICE_VERSION, logger });
  let loaded: Models | null = null;
  const metrics = createMetrics(() => (loaded?.loads ?? []).map(workersReading));
  const { bundles, repository, canary: canaries, workers, workerThreads: threads } = settings;
  const { cacheAnswers, precision } = settings;
  const models = await openModels({
    ...(bundles.length > 0 && { bundles }),
    ...(repository !== null && { repository }),
    canaries,
    workers,
    device,
    threads,
    cacheAnswers,
    precision,
    limits: settings,
    observer: observers([metrics, crashesTo(logger)]),
  });
  loaded = models;
  let closing: Promise<void> | null = null;
  const isClosing = () => closing !== null;
  const listeners = [
    createRequestLog(logger),
    ...(settings.metrics ? [metrics.responded] : []),
    ...(tracing ? [tracing.trace] : []),
  ];
  const { options: limits, properties } = clientLimits(settings);
  const { answer, refuse } = createHandlers(listeners, {
    ...settings,
    models,
    logger,
    siteDirectory,
    isClosing,
    ...(settings.metrics && { metricsHandler: metrics.handler }),
  });
  const server = createServer(limits, answer);
  server.on('checkExpectation', refuse);
  Object.assign(server, properties);
  answerClientErrors(server, listeners);
  const drain = prepareDrain(server);
  const end = async () => {
    await models.close();
    await tracing?.close();
  };
  try {
    await listen(server, settings);
  } catch (error) {
    await end();
    throw error;
  }
  // One connection that the system did not hand over, as for want of memory, is no reason to end.
  server.on('error', (error) => logger.error({ err: error }, 'a connection was not taken'));
  const { host } = settings;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  const { manifest } = models.default;
  logger.info({ url, workers, device, model: manifest.name, version: manifest.version }, 'listening');
  return {
    url,
    manifest,
    reload: () => models.reload(),
    close() {
      closing ??= drain(settings.drainMilliseconds).then(end);
      return closing;
    },
  };
}

const workersReading = ({ model, load }: Models['loads'][number]): WorkersReading => ({
  model,
  queueLength: load.queuedImages,
  workersReady: load.readyWorkers,
});

const crashesTo = (logger: Logger) => ({
  answered() {},
  computed() {},
  crashed: ({ model, error }: { model: object; error: Error }) =>
    logger.error({ err: error, ...model }, 'a worker ended and is being replaced'),
});

/**
 * The app, watched, inference going past Express unless a defence has to see it; and what refuses the requests that Node does not hand to it,
 * watched too.
 */
function createHandlers(
  listeners: readonly ExchangeListener[],
  options: AppOptions & Settings & { logger: Logger },
): { answer: RequestListener; refuse: RequestListener } {
  const { models, logger } = options;
  const bodies = bodyBudget(options);
  const app = createApp({ ...options, bodies });
  const isDefended = defences(options).length > 0;
  const infer = directInference({ models, limits: options, bodies, fail: answerFailure(logger) });
  const answer = withTarget((request, response) => {
    if (isDefended || !infer(request, response)) app(request, response);
  });
  const watch = watchExchanges(listeners);
  const watched =
    (listener: RequestListener): RequestListener =>
    (request, response) =>
      watch(request, response, () => listener(request, response));
  return { answer: watched(answer), refuse: watched(refuseExpectation) };
}
