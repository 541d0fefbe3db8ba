import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import {
  type ExchangeListener,
  noteWork,
  type WorkNote,
  watchExchanges,
} from '../../../serve/operations/exchange.js';

export const MODEL = { name: 'row-reader', version: '1.2.3' };

/** What a model would have done for a request that begins now. */
export const workNow = (): WorkNote => ({
  model: MODEL,
  images: 3,
  decodeStarted: performance.now(),
  decodeMilliseconds: 1,
  queueMilliseconds: 2,
  preprocessMilliseconds: 4,
  inferenceMilliseconds: 8,
});

export interface SmallService {
  url: string;
  close(): Promise<void>;
}

/** An app with the routes that operations are told of, watched by `listeners`, on a loopback port. */
export async function startSmallService(
  listeners: readonly ExchangeListener[],
  extend: (app: Express) => void = () => {},
): Promise<SmallService> {
  const app = express();
  app.use(watchExchanges(listeners));
  app.post('/predict', (request, response) => {
    request.resume();
    request.on('end', () => {
      noteWork(response, workNow());
      response.json({ digit: 7 });
    });
  });
  app.post('/v2/models/:model/infer', (_request, response) => {
    response.status(503).json({ error: 'full' });
  });
  app.get('/readyz', (_request, response) => {
    response.json({ status: 'ready' });
  });
  extend(app);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Waits until `list` has `count` entries: an exchange is over a moment after its answer has come. */
export async function until(list: readonly unknown[], count: number): Promise<void> {
  while (list.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
}
