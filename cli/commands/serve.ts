import { pino } from 'pino';
import { type RunningServer, startServer } from '../../serve/server.js';
import { type Command, type Invocation, integer, text } from '../command.js';
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
  summary: 'Serves a bundle: POST /predict, and the page at /.',
  options: { ...SERVING_OPTIONS, bundle: { type: 'string' } },
  async run({ values, output }) {
    const server = await serveBundle(await findBundle(text(values, 'bundle')), values);
    output.say(`Tenfold reads digits at ${server.url}`);
    output.result({ url: server.url });
    await untilTold(server);
  },
};

/** Starts the service by the options given; when this resolves, requests are answered. */
export function serveBundle(bundleDirectory: string, values: Invocation['values']): Promise<RunningServer> {
  const host = text(values, 'host');
  const workers = integer(values, 'workers', [1, 64]);
  return startServer({
    bundleDirectory,
    port: integer(values, 'port', [0, 65_535]) ?? DEFAULT_PORT,
    siteDirectory: SITE_FOLDER,
    logger: pino({ level: values.verbose === true ? 'info' : 'warn' }, process.stderr),
    ...(host !== undefined && { host }),
    ...(workers !== undefined && { workers }),
  });
}

/** Serves until SIGTERM or SIGINT, then answers what is under way and ends. */
export async function untilTold(server: RunningServer): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  await server.close();
}
