import type { Problem } from '../../serve/http/problem.js';
import type { PredictResponse } from '../../serve/predict/schemas.js';
import { type RunningServer, type ServerOptions, startServer } from '../../serve/server.js';
import { makeTinyBundle } from './tiny-bundle.js';

/** What the service would have logged. */
export interface LogLine {
  level: 'info' | 'warn' | 'error';
  message: string;
  fields: object;
}

export interface TestService extends RunningServer {
  log: LogLine[];
  directory: string;
}

/** A real service on a loopback port, with the tiny bundle and one worker. */
export async function startTestService(options: Partial<ServerOptions> = {}): Promise<TestService> {
  const bundle = await makeTinyBundle();
  const log: LogLine[] = [];
  const write = (level: LogLine['level']) => (fields: object, message: string) => {
    log.push({ level, message, fields });
  };
  const logger = { info: write('info'), warn: write('warn'), error: write('error') };
  const server = await startServer({
    bundles: [bundle.directory],
    port: 0,
    workers: 1,
    logger,
    ...options,
  }).catch(async (error) => {
    await bundle.remove();
    throw error;
  });
  return {
    ...server,
    log,
    directory: bundle.directory,
    async close() {
      await server.close();
      await bundle.remove();
    },
  };
}

export interface Answer<Body> {
  status: number;
  type: string | null;
  headers: Headers;
  body: Body;
}

export type PredictAnswer = Answer<PredictResponse & Problem>;

/** Posts to `/predict`. */
export async function post(
  { url }: RunningServer,
  body: BodyInit,
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<PredictAnswer> {
  const response = await fetch(`${url}/predict${query}`, { method: 'POST', body, headers });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    body: (await response.json()) as PredictResponse & Problem,
  };
}

/** A multipart form with each file in the field `image`. */
export function form(files: readonly Uint8Array[], field = 'image'): FormData {
  const data = new FormData();
  for (const [index, bytes] of files.entries()) {
    data.append(field, new Blob([new Uint8Array(bytes)]), `picture-${index}.png`);
  }
  return data;
}
