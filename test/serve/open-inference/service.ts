import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { TenfoldError, unmet } from '../../../core/errors.js';
import { INPUT_LENGTH } from '../../../core/image.js';
import { bodyBudget } from '../../../serve/http/body.js';
import { problemOf, sendProblem } from '../../../serve/http/problem.js';
import { DEFAULT_LIMITS, type Limits } from '../../../serve/limits.js';
import { openBundleFolder } from '../../../serve/models/bundle.js';
import type { LoadedModel, ModelState, Models } from '../../../serve/models/models.js';
import { Statistics } from '../../../serve/models/statistics.js';
import { directInference } from '../../../serve/open-inference/direct.js';
import { openInferenceRoutes } from '../../../serve/open-inference/routes.js';
import { createRunner, type OwnedRunner } from '../../../serve/workers/runner.js';
import type { Done, Work, WorkKind } from '../../../serve/workers/work.js';
import { makeTinyBundle } from '../tiny-bundle.js';

export interface OpenInferenceService {
  url: string;
  port: number;
  /** The same session that answers, to compare with. */
  runner: OwnedRunner;
  statistics: Statistics;
  /** Whether a worker of the model would answer. */
  workers: { areReady: boolean };
  close(): Promise<void>;
}

export interface OpenInferenceSettings {
  control?: boolean;
  /** Whether inference goes past Express. */
  direct?: boolean;
  limits?: Partial<Limits>;
}

/** The routes alone, on a loopback port, before the tiny bundle on ONNX Runtime in this thread. */
export async function startOpenInference({
  control = false,
  direct = false,
  limits = {},
}: OpenInferenceSettings = {}): Promise<OpenInferenceService> {
  const folder = await makeTinyBundle();
  const bundle = await openBundleFolder(folder.directory);
  const runner = await createRunner(bundle);
  const statistics = new Statistics();
  const { name, version } = bundle.manifest;

  const workers = { areReady: true };
  const model: LoadedModel = {
    manifest: bundle.manifest,
    directory: folder.directory,
    get isReady() {
      return workers.areReady;
    },
    async run<Kind extends WorkKind>(kind: Kind, input: Work[Kind]['input']): Promise<Done<Kind>> {
      if (kind !== 'tensor') throw new Error(`this test has no workers for ${kind}`);
      const images = input.length / INPUT_LENGTH;
      const output = await runner.run(input as Work['tensor']['input'], images);
      const times = { queueMilliseconds: 0.25, preprocessMilliseconds: 0, inferenceMilliseconds: 0.5 };
      statistics.computed({ model: { name, version }, requests: 1, images, ...times });
      statistics.answered({
        model: { name, version },
        failure: null,
        images,
        totalMilliseconds: 1,
        queueMilliseconds: 0.25,
      });
      return { output: output as Work[Kind]['output'], ...times };
    },
  };
  const options = {
    models: oneModel(model, statistics),
    limits: { ...DEFAULT_LIMITS, tensorRows: 64, ...limits },
    bodies: bodyBudget(DEFAULT_LIMITS),
    control,
  };
  const fail = (error: unknown, response: ServerResponse) => {
    // Whatever has no code of ours is a fault of these routes.
    if (!(error instanceof TenfoldError)) process.stderr.write(`${(error as Error).stack}\n`);
    sendProblem(response, problemOf(error));
  };
  const app = express();
  app.disable('x-powered-by');
  app.use('/v2', openInferenceRoutes(options));
  app.use(((error, _request, response, _next) => fail(error, response)) satisfies ErrorRequestHandler);
  const infer = directInference({ ...options, fail: (error, _request, response) => fail(error, response) });
  const server = createServer((request, response) => {
    if (!(direct && infer(request, response))) app(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    runner,
    statistics,
    workers,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await runner.release();
      await folder.remove();
    },
  };
}

function oneModel(model: LoadedModel, statistics: Statistics): Models {
  let state: ModelState = 'ready';
  const { name, version } = model.manifest;
  const requireKnown = (asked: string | undefined, expected: string) => {
    if (asked === undefined || asked === expected) return;
    throw unmet({ code: 'not-found', what: 'the model', expected, got: asked, advice: 'Ask for that one.' });
  };
  return {
    default: model,
    statistics,
    loads: [],
    get isReady() {
      return state === 'ready';
    },
    async use(wanted, work) {
      requireKnown(wanted.name, name);
      requireKnown(wanted.version, version);
      if (state !== 'ready') requireKnown(name, 'a model that is loaded');
      return work(model);
    },
    list: async () => [{ name, version, state, reason: state === 'ready' ? '' : 'unloaded' }],
    async load(asked) {
      requireKnown(asked, name);
      state = 'ready';
    },
    async unload(asked) {
      requireKnown(asked, name);
      state = 'unavailable';
    },
  };
}
