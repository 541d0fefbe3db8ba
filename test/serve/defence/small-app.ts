import { createServer, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Handler } from 'express';
import { DEFENDED_PATHS } from '../../../serve/defence/defences.js';

export interface SmallApp {
  server: Server;
  port: number;
  url: string;
  close(): Promise<void>;
}

export interface SmallAppOptions {
  /** Proxies in front. */
  trustProxy?: number;
  server?: ServerOptions;
}

/** A real server on a loopback port that mounts the defences as the service does, and answers 200 to what passes them. */
export async function startSmallApp(
  defences: readonly Handler[],
  { trustProxy = 0, server: options = {} }: SmallAppOptions = {},
): Promise<SmallApp> {
  const app = express();
  app.set('trust proxy', trustProxy);
  if (defences.length > 0) app.use(DEFENDED_PATHS, ...defences);
  app.use((request, response) => {
    // Once all of the body is there.
    request.resume().on('end', () => response.json({ path: request.originalUrl }));
  });
  const server = createServer(options, app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server,
    port,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
