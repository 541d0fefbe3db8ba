import { pino } from 'pino';
import { type RunningServer, type ServerOptions, startServer } from '../../serve/server.js';
import { atMostPositionals, type Command, type Invocation, integer, text } from '../command.js';
import { findBundle } from '../find-bundle.js';
import { SITE_FOLDER } from '../places.js';

export const DEFAULT_PORT = 8080;

export const SERVING_OPTIONS = {
  port: { type: 'string' },
  host: { type: 'string' },
  workers: { type: 'string' },
} as const;

export const serveCommand: Command = {
  usage: `[--bundle DIR] [--port ${DEFAULT_PORT}] [--host 127.0.0.1] [--workers N]`,
  summary: 'Serves the default model, or a bundle of your own: POST /predict, and the page at /.',
  options: { ...SERVING_OPTIONS, bundle: { type: 'string' } },
  async run({ values, positionals, output }) {
    atMostPositionals(positionals, 0);
    const options = servingOptions(values);
    const named = text(values, 'bundle');
    const server = await serveBundle(findBundle(named), options);
    const reader = named === undefined ? 'the default model (--bundle DIR serves your own)' : named;
    output.say(`Tenfold reads digits at ${server.url} by ${reader}`);
    output.result({ url: server.url });
    await untilTold(server);
  },
};

type ServingOptions = Omit<ServerOptions, 'bundleDirectory'>;

/** @throws TenfoldError `bad-usage`; a command that works before it serves asks first. */
export function servingOptions(values: Invocation['values']): ServingOptions {
  const host = text(values, 'host');
  const workers = integer(values, 'workers', [1, 64]);
  return {
    port: integer(values, 'port', [0, 65_535]) ?? DEFAULT_PORT,
    siteDirectory: SITE_FOLDER,
    logger: pino({ level: values.verbose === true ? 'info' : 'warn' }, process.stderr),
    ...(host !== undefined && { host }),
    ...(workers !== undefined && { workers }),
  };
}

/** Starts the service; when this resolves, requests are answered. */
export const serveBundle = (bundleDirectory: string, options: ServingOptions): Promise<RunningServer> =>
  startServer({ ...options, bundleDirectory });

/** Serves until SIGTERM or SIGINT, then answers what is under way and ends. */
export async function untilTold(server: RunningServer): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await server.close();
}
