import { z } from 'zod';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import {
  inferRequestSchema,
  inferResponseSchema,
  liveSchema,
  modelConfigSchema,
  modelMetadataSchema,
  modelReadySchema,
  readySchema,
  repositoryChangeSchema,
  repositoryIndexRequestSchema,
  repositoryIndexSchema,
  serverMetadataSchema,
  statisticsSchema,
} from '../open-inference/schemas.js';
import {
  type CodeSample,
  EXAMPLE_ADDRESS,
  KEY_WHERE_SET,
  type Operation,
  type PathTable,
} from './path-table.js';
import { BYTES, header, PROBLEM, RATE_HEADERS, refusals } from './problems.js';

/** The Open Inference Protocol with Triton's extensions; https://github.com/kserve/open-inference-protocol, `inference_rest.md`. */

const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema } },
});

/** The protocol's errors have their text in `error`; ours have the rest of a problem too. */
const REFUSED = {
  400: json('The request is not what it should be.', PROBLEM),
  403: json('Clients may not load and unload models of this service.', PROBLEM),
  404: json('There is no such model or version.', PROBLEM),
};

/** What a body may be refused for. */
const BODY_REFUSED = {
  413: json('More bytes or rows than the service takes.', PROBLEM),
  415: json('A coding that is not accepted.', PROBLEM),
};

/** Of inference, without the 404 of its path. */
const INFER_REFUSED = { 400: REFUSED[400], ...BODY_REFUSED, ...refusals(401, 429, 500, 503) };

/** Only with the binary extension. */
const JSON_BYTES = {
  'Inference-Header-Content-Length': header('Bytes of JSON before those of the tensors.', '244'),
};

const OPEN = { tags: ['Open Inference'] };
/** Whoever asks these needs a key, where the service was given some. */
const GUARDED = { ...OPEN, security: KEY_WHERE_SET };

const get = (
  operationId: string,
  summary: string,
  answer: z.ZodType,
  refused: Operation['responses'] = {},
): Operation => ({
  ...GUARDED,
  operationId,
  summary,
  responses: { 200: json('The answer.', answer), ...refused, ...refusals(401, 429) },
});

const samplesAt = (path: string): CodeSample[] => [
  {
    lang: 'JavaScript',
    source: `const pixels = new Array(784).fill(0); // 28 rows of 28: ink 1 on 0
const response = await fetch('${EXAMPLE_ADDRESS}${path}', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({
    inputs: [{ name: 'input', datatype: 'FP32', shape: [1, 1, 28, 28], data: pixels }],
  }),
});
const { outputs } = await response.json();
console.log(outputs.find(({ name }) => name === 'probabilities').data);`,
  },
  {
    lang: 'Python',
    source: `import requests

pixels = [0.0] * 784  # 28 rows of 28: ink 1 on 0
tensor = {"name": "input", "datatype": "FP32", "shape": [1, 1, 28, 28], "data": pixels}
response = requests.post(
    "${EXAMPLE_ADDRESS}${path}",
    json={"inputs": [tensor]},
)
outputs = {output["name"]: output["data"] for output in response.json()["outputs"]}
print(outputs["probabilities"])`,
  },
];

/** @param model fills the examples: the name and version of a model that is served */
export function openInferencePaths(model: { name: string; version: string }): PathTable {
  const name = z.object({ model_name: z.string().meta({ example: model.name }) });
  const version = name.extend({ model_version: z.string().meta({ example: model.version }) });

  /** The paths of a model, or of one of its versions. */
  const ofModel = (
    path: string,
    example: string,
    parameters: z.ZodObject,
    which: 'model' | 'version',
  ): PathTable => {
    const of = (operation: Operation): Operation => ({
      ...operation,
      requestParams: { path: parameters },
      responses: { ...operation.responses, 404: REFUSED[404] },
    });
    return {
      [path]: { get: of(get(`${which}Metadata`, `What the ${which} takes and gives`, modelMetadataSchema)) },
      [`${path}/ready`]: {
        get: of(get(`${which}Ready`, `Is the ${which} ready?`, modelReadySchema, refusals(503))),
      },
      [`${path}/config`]: { get: of(get(`${which}Config`, `How the ${which} is served`, modelConfigSchema)) },
      [`${path}/stats`]: {
        get: of(get(`${which}Statistics`, `What the ${which} has done`, statisticsSchema)),
      },
      [`${path}/infer`]: { post: of(infer(`${which}Infer`, `Run the ${which}`, `${example}/infer`)) },
    };
  };

  const change = (operationId: string, summary: string): Operation => ({
    ...GUARDED,
    operationId,
    summary,
    description: 'Only where the service was started with `--control on`. No body is needed.',
    requestParams: { path: name },
    requestBody: { content: { 'application/json': { schema: repositoryChangeSchema, example: {} } } },
    responses: {
      200: json('It is done.', z.object({})),
      ...REFUSED,
      ...BODY_REFUSED,
      ...refusals(401, 429, 500, 503),
    },
  });

  return {
    '/v2': { get: get('serverMetadata', 'What the server is', serverMetadataSchema) },
    '/v2/health/live': {
      get: {
        ...OPEN,
        operationId: 'serverLive',
        summary: 'Is the server alive?',
        responses: { 200: json('It is.', liveSchema) },
      },
    },
    '/v2/health/ready': {
      get: {
        ...OPEN,
        operationId: 'serverReady',
        summary: 'Is the server ready?',
        responses: { 200: json('It is.', readySchema), ...refusals(503) },
      },
    },
    ...ofModel('/v2/models/{model_name}', `/v2/models/${model.name}`, name, 'model'),
    ...ofModel(
      '/v2/models/{model_name}/versions/{model_version}',
      `/v2/models/${model.name}/versions/${model.version}`,
      version,
      'version',
    ),
    '/v2/models/stats': { get: get('statistics', 'What all models have done', statisticsSchema) },
    '/v2/repository/index': {
      post: {
        ...GUARDED,
        operationId: 'repositoryIndex',
        summary: 'List the models',
        requestBody: {
          content: { 'application/json': { schema: repositoryIndexRequestSchema, example: { ready: true } } },
        },
        responses: {
          200: json('Each version of each model.', repositoryIndexSchema),
          400: REFUSED[400],
          ...BODY_REFUSED,
          ...refusals(401, 429, 503),
        },
      },
    },
    '/v2/repository/models/{model_name}/load': {
      post: change('load', 'Load a model, anew where it is loaded'),
    },
    '/v2/repository/models/{model_name}/unload': { post: change('unload', 'Unload a model') },
  };
}

function infer(operationId: string, summary: string, examplePath: string): Operation {
  return {
    ...GUARDED,
    operationId,
    summary,
    description:
      'Pictures that are prepared already: `input` is `[rows, 1, 28, 28]`, ink 1 on 0. With the binary extension tensors follow the JSON as little-endian bytes, both ways.',
    'x-codeSamples': samplesAt(examplePath),
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: inferRequestSchema,
          example: {
            inputs: [
              {
                name: 'input',
                datatype: 'FP32',
                shape: [1, 1, INPUT_SIDE, INPUT_SIDE],
                data: new Array(INPUT_LENGTH).fill(0),
              },
            ],
          },
        },
      },
    },
    responses: {
      200: {
        description: 'The outputs.',
        content: {
          'application/json': { schema: inferResponseSchema },
          'application/octet-stream': {
            schema: {
              ...BYTES,
              description: 'The same JSON, then the tensors that were asked for as bytes.',
            },
          },
        },
        headers: { ...RATE_HEADERS, ...JSON_BYTES },
      },
      ...INFER_REFUSED,
    },
  };
}
