import { pino } from 'pino';
import type { Config } from '../../serve/config/config.js';
import { configObject, printConfig } from '../../serve/config/print-config.js';
import { CONFIG_OPTIONS, serviceConfig } from '../../serve/config/service-config.js';
import type { RunningServer, ServerOptions } from '../../serve/server.js';
import { atMostPositionals, type Command, type Invocation, type Output } from '../command.js';
import { findBundle } from '../find-bundle.js';
import { SITE_FOLDER } from '../places.js';
import { servingDevice } from '../serving-device.js';

export const serveCommand: Command = {
  usage:
    '[--bundle DIR ...] [--port 8080] [--host 127.0.0.1] [--workers N] [--SETTING VALUE ...] [--print-config]',
  summary:
    'Serves the default model, or bundles of your own: POST /predict, /v2, and the page at /. --print-config shows all settings, their values and where these are from.',
  options: CONFIG_OPTIONS,
  async run({ values, positionals, output }) {
    atMostPositionals(positionals, 0);
    const config = serviceConfig({ values, env: process.env });
    if (values['print-config'] === true) {
      output.say(printConfig(config));
      output.result(configObject(config));
      return;
    }
    const isOwn = config.bundles.length > 0;
    const bundles = isOwn ? config.bundles : [findBundle(undefined)];
    const server = await serve({ ...config, bundles }, { values, output });
    const reader = isOwn ? bundles.join(', ') : 'the default model (--bundle DIR serves your own)';
    output.say(`Tenfold reads digits at ${server.url} by ${reader}`);
    output.result({ url: server.url });
    await server.untilTold();
  },
};

export interface Serving extends RunningServer {
  /** Serves until SIGTERM or SIGINT, which may have come while the service started; then answers what is under way and ends. */
  untilTold(): Promise<void>;
}

/** Starts the service; when this resolves, requests are answered. */
export async function serve(
  { sources, device, ...settings }: Config,
  { values, output }: { values: Invocation['values']; output: Output },
): Promise<Serving> {
  // First: who is process 1 of a container never hears of a signal that nobody listens for, and the service takes a while to load.
  const told = toldToEnd();
  const { startServer } = await import('../../serve/server.js');
  const isVerbose = values.verbose === true && sources.logLevel === 'default';
  const logger: ServerOptions['logger'] = pino(
    { level: isVerbose ? 'info' : settings.logLevel },
    process.stderr,
  );
  const server = await startServer({
    ...settings,
    device: await servingDevice(device, output.say),
    siteDirectory: SITE_FOLDER,
    logger,
  });
  process.on('SIGHUP', () => {
    server.reload().then(
      () => output.say('The bundles were loaded anew.'),
      (error: Error) =>
        logger.error({ err: error }, 'the bundles could not be loaded anew; the old ones serve on'),
    );
  });
  return { ...server, untilTold: () => told.then(() => server.close()) };
}

/** Resolves at SIGTERM or SIGINT; a second one of its kind ends the process at once. */
const toldToEnd = (): Promise<unknown> =>
  Promise.race(['SIGTERM', 'SIGINT'].map((name) => new Promise((resolve) => process.once(name, resolve))));
