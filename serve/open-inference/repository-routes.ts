import type { Request, Response } from 'express';
import { describe } from '../../core/errors.js';
import type { Budget } from '../budget.js';
import { readBody } from '../http/body.js';
import { problem } from '../http/problem.js';
import type { Limits } from '../limits.js';
import type { ModelState, Models } from '../models/models.js';
import { sendAnswer } from './answer.js';
import { type RepositoryIndex, repositoryChangeSchema, repositoryIndexRequestSchema } from './schemas.js';
import { readJson, refused } from './validate.js';

export interface RepositoryOptions {
  models: Models;
  limits: Pick<Limits, 'bodyBytes' | 'jsonDepth'>;
  /** Of all requests of the service. */
  bodies: Budget;
  /** Whether clients may load and unload models. */
  control: boolean;
}

const STATES: { [State in ModelState]: RepositoryIndex[number]['state'] } = {
  loading: 'LOADING',
  ready: 'READY',
  unloading: 'UNLOADING',
  unavailable: 'UNAVAILABLE',
};

/** Parameters by which Triton takes a model's files or settings from the request. */
const SENT_ALONG = /^(config$|file:)/;

/** Handles `POST /v2/repository/index`, which needs no body. */
export function indexRoute(options: RepositoryOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const { ready = false } = await readOptionalJson(request, options, repositoryIndexRequestSchema);
    const statuses = await options.models.list();
    const index: RepositoryIndex = statuses
      .filter(({ state }) => !ready || state === 'ready')
      .map(({ state, ...status }) => ({ ...status, state: STATES[state] }));
    sendAnswer(response, 200, index);
  };
}

/** Handles `POST /v2/repository/models/{model}/load` and `/unload`. */
export function changeRoute(options: RepositoryOptions, change: 'load' | 'unload') {
  return async (request: Request<{ model: string }>, response: Response): Promise<void> => {
    if (!options.control) {
      const detail = `Expected a service that clients may ${change} models of, got one that they may not. Start it with --control on.`;
      sendAnswer(response, 403, problem(403, detail));
      return;
    }
    const { parameters = {} } = await readOptionalJson(request, options, repositoryChangeSchema);
    const sent = Object.keys(parameters).find((name) => SENT_ALONG.test(name));
    if (sent !== undefined) {
      throw refused({
        what: `the parameters of ${change}`,
        expected: 'a model that the service has in its folders',
        got: `the parameter ${describe(sent)}`,
        advice: 'Put the bundle into the folder of models, then load it by its name alone.',
      });
    }
    await options.models[change](request.params.model);
    sendAnswer(response, 200, {});
  };
}

async function readOptionalJson<Schema extends Parameters<typeof readJson>[1]>(
  request: Request<{ model?: string }>,
  { limits: { bodyBytes, jsonDepth }, bodies }: RepositoryOptions,
  schema: Schema,
) {
  return bodies.lend(async (holding) => {
    const body = await readBody(request, { limit: bodyBytes, holding });
    const json = body.length === 0 ? Buffer.from('{}') : body;
    return readJson(json, schema, {
      what: 'the body',
      advice: 'Send {} or nothing.',
      mostDepth: jsonDepth,
    });
  });
}
