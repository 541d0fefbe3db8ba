import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';

/** A site of somebody else's, on an origin of its own. */
export interface HostSite {
  /** Without a slash at its end. */
  origin: string;
  close(): Promise<void>;
}

export interface HostOptions {
  /** The policy of every answer, given the origin of the service. */
  policy?: string;
  /** HTML by its path. */
  pages?: Record<string, string>;
  /** Scripts by their path. */
  scripts?: Record<string, string>;
  extend?(app: Express): void;
}

/** Serves pages under a policy, as whoever embeds the element would; on `localhost`, while the service is at 127.0.0.1. */
export async function startHost({
  policy,
  pages = {},
  scripts = {},
  extend,
}: HostOptions): Promise<HostSite> {
  const app = express();
  if (policy !== undefined) {
    app.use((_request, response, next) => {
      response.setHeader('Content-Security-Policy', policy);
      next();
    });
  }
  for (const [path, html] of Object.entries(pages)) {
    app.get(path, (_request, response) => {
      response.type('html').send(`<!doctype html><html lang="en"><title>Host</title>${html}</html>`);
    });
  }
  for (const [path, script] of Object.entries(scripts)) {
    app.get(path, (_request, response) => {
      response.type('text/javascript').send(script);
    });
  }
  extend?.(app);
  const server = app.listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
