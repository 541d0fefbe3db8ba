import { createRequire } from 'node:module';

/** The version of this package: what a client is told it talks to. */
export const SERVICE_VERSION = (createRequire(import.meta.url)('../../package.json') as { version: string })
  .version;
