import { fileURLToPath } from 'node:url';
import { CONSOLE } from '../../../serve/logger.js';
import { type RunningServer, startServer } from '../../../serve/server.js';
import { makeTinyBundle } from '../tiny-bundle.js';

/** The built site. */
export const SITE = fileURLToPath(new URL('../../../web/site/', import.meta.url));

/** The real service with the built site, and a modest network that was trained on digits. */
export async function startSiteService(settings: { embedOrigins?: string[] } = {}): Promise<RunningServer> {
  const bundle = await makeTinyBundle();
  const server = await startServer({
    ...settings,
    bundles: [bundle.directory],
    port: 0,
    workers: 1,
    siteDirectory: SITE,
    logger: CONSOLE,
  });
  return {
    ...server,
    async close() {
      await server.close();
      await bundle.remove();
    },
  };
}
