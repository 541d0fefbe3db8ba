import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { bodyBudget } from '../../../serve/http/body.js';
import { answerFailure } from '../../../serve/http/failures.js';
import { DEFAULT_LIMITS, type Limits } from '../../../serve/limits.js';
import type { LoadedModel, Models } from '../../../serve/models/models.js';
import { Registry } from '../../../serve/models/registry.js';
import { predictRoute } from '../../../serve/predict/predict-route.js';
import { makeTinyBundle } from '../tiny-bundle.js';

export interface CountedModel extends LoadedModel {
  /** How many pictures each run had, oldest first. */
  runs: number[];
  close(): Promise<void>;
}

/** The tiny bundle, loaded, with one worker. */
export async function startCountedModel(): Promise<CountedModel> {
  const folder = await makeTinyBundle();
  const pool = { workers: 1, limits: DEFAULT_LIMITS };
  const registry = await Registry.start({ bundles: [folder.directory], pool });
  const { default: model } = registry;
  const runs: number[] = [];
  return {
    manifest: model.manifest,
    directory: model.directory,
    isReady: true,
    runs,
    run(kind, input, options) {
      runs.push(input.length);
      return model.run(kind, input, options);
    },
    async close() {
      await registry.close();
      await folder.remove();
    },
  };
}

/** `POST /predict` alone, on a loopback port; errors are answered as the service does. */
export async function serveModels(models: Pick<Models, 'use'>, given: Partial<Limits> = {}) {
  const limits = { ...DEFAULT_LIMITS, ...given };
  const bodies = bodyBudget(limits);
  const answer = answerFailure({ info() {}, warn() {}, error() {} });
  const app = express();
  app.post('/predict', predictRoute(models, limits, bodies));
  app.use(((error, request, response, _next) =>
    answer(error, request, response)) satisfies ErrorRequestHandler);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    bodies,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
