import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { unmet } from '../core/errors.js';
import type { Manifest } from '../core/manifest.js';
import { createApp, type Logger } from './app.js';
import { withTarget } from './http/target.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { Registry } from './models/registry.js';
import { observers } from './observer.js';
import { blockOtherLoaders } from './pictures/decode.js';
import type { RunnerOptions } from './workers/runner.js';

export interface ServerOptions {
  /** The bundle to serve. */
  bundleDirectory: string;
  /** 0 takes any free port. */
  port: number;
  /** The address to listen on; by default this machine alone. */
  host?: string;
  /** The built page; without it the service has no page. */
  siteDirectory?: string;
  limits?: Partial<Limits>;
  /** Threads that classify, for each model; by default one less than the cores, four at most. */
  workers?: number;
  runner?: RunnerOptions;
  logger: Logger;
}

export interface RunningServer {
  /** `http://127.0.0.1:8080`, without a slash at its end. */
  url: string;
  manifest: Manifest;
  /** Loads what was named at the start anew; see {@link Registry.reload}. */
  reload(): Promise<void>;
  /** Refuses new connections, answers what is under way, then ends; calling it again waits for the same end. */
  close(): Promise<void>;
}

/** How long requests under way may take once the service closes, milliseconds. */
const DRAIN_MILLISECONDS = 30_000;
/** How often connections that became idle are closed meanwhile, milliseconds. */
const DRAIN_INTERVAL = 50;
/** How often slow clients are looked for, milliseconds: Node's half a minute would double their limit. */
const SLOW_CLIENT_INTERVAL = 500;
const MOST_DEFAULT_WORKERS = 4;

export const defaultWorkers = (): number =>
  Math.min(Math.max(availableParallelism() - 1, 1), MOST_DEFAULT_WORKERS);

/**
 * Opens the bundle, warms the workers up, and listens: when this resolves, requests are answered.
 * @throws TenfoldError `not-found` or `corrupt` for the bundle, `unavailable` where the port or the device cannot be had.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { bundleDirectory, port, host = '127.0.0.1', siteDirectory, runner, logger } = options;
  const { workers = defaultWorkers() } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  blockOtherLoaders();
  const observer = observers([
    {
      answered() {},
      computed() {},
      crashed: ({ model, error }) =>
        logger.error({ err: error, ...model }, 'a worker ended and is being replaced'),
    },
  ]);
  const models = await Registry.start({
    bundles: [bundleDirectory],
    pool: { workers, limits, observer, ...(runner && { runner }) },
  });
  let closing: Promise<void> | null = null;
  const isClosing = () => closing !== null;
  const app = createApp({ models, limits, logger, siteDirectory, isClosing });
  const server = createServer(
    { requestTimeout: limits.requestMilliseconds, connectionsCheckingInterval: SLOW_CLIENT_INTERVAL },
    withTarget(app),
  );
  try {
    await listen(server, port, host);
  } catch (error) {
    await models.close();
    throw error;
  }
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  const { manifest } = models.default;
  logger.info({ url, workers, model: manifest.name, version: manifest.version }, 'listening');
  return {
    url,
    manifest,
    reload: () => models.reload(),
    close() {
      closing ??= drain(server).then(() => models.close());
      return closing;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        unmet({
          code: 'unavailable',
          what: `${host}:${port}`,
          expected: 'a free address',
          got: cause.code ?? cause.message,
          advice: 'Choose another port, or end what listens there.',
          cause,
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}

/** Stops listening and waits for the requests under way. */
function drain(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), DRAIN_INTERVAL);
    const late = setTimeout(() => server.closeAllConnections(), DRAIN_MILLISECONDS);
    server.close(() => {
      clearInterval(idle);
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
