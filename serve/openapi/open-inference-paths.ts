import { z } from 'zod';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { type CodeSample, EXAMPLE_ADDRESS, type Operation, type PathTable } from './path-table.js';
import { RATE_HEADERS } from './problems.js';

/** The Open Inference Protocol's own shapes; https://github.com/kserve/open-inference-protocol, `inference_rest.md`. */

const ERROR = z.object({ error: z.string() }).meta({ id: 'InferenceError' });
const TENSOR_FACTS = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });
const PARAMETERS = z.record(z.string(), z.unknown());
const TENSOR = TENSOR_FACTS.extend({
  parameters: PARAMETERS.optional(),
  data: z
    .array(z.number())
    .optional()
    .describe('All values, row by row; left out where they follow as bytes.'),
});

const INFER_REQUEST = z
  .object({
    id: z.string().optional(),
    inputs: z.array(TENSOR).min(1),
    outputs: z.array(z.object({ name: z.string(), parameters: PARAMETERS.optional() })).optional(),
    parameters: PARAMETERS.optional(),
  })
  .meta({ id: 'InferenceRequest' });

const INFER_RESPONSE = z
  .object({
    model_name: z.string(),
    model_version: z.string().optional(),
    id: z.string().optional(),
    outputs: z.array(TENSOR),
    parameters: PARAMETERS.optional(),
  })
  .meta({ id: 'InferenceResponse' });

const MODEL_METADATA = z
  .object({
    name: z.string(),
    versions: z.array(z.string()).optional(),
    platform: z.string(),
    inputs: z.array(TENSOR_FACTS),
    outputs: z.array(TENSOR_FACTS),
  })
  .meta({ id: 'ModelMetadata' });

const SERVER_METADATA = z
  .object({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })
  .meta({ id: 'ServerMetadata' });

const json = (description: string, schema: z.ZodType) => ({
  description,
  content: { 'application/json': { schema } },
});

const REFUSED = {
  400: json('The request is not what it should be.', ERROR),
  404: json('There is no such model.', ERROR),
};

interface Described {
  id: string;
  summary: string;
  answer: z.ZodType;
  description?: string;
  path?: z.ZodObject;
}

const read = ({ id, summary, answer, description, path }: Described): Operation => ({
  operationId: id,
  tags: ['Open Inference'],
  summary,
  ...(description && { description }),
  security: [{}, { bearer: [] }, { apiKey: [] }],
  ...(path && { requestParams: { path } }),
  responses: { 200: json('The answer.', answer), ...(path && REFUSED) },
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
  const infer = (path: z.ZodObject, operationId: string, example: string): Operation => ({
    operationId,
    'x-codeSamples': samplesAt(example),
    tags: ['Open Inference'],
    summary: path === name ? 'Run the model' : 'Run this version of the model',
    description:
      'Pictures that are prepared already: `input` is `[batch, 1, 28, 28]`, ink 1 on 0. The answer has `logits` and `probabilities`. With the binary extension the tensors follow the JSON as little-endian bytes.',
    security: [{}, { bearer: [] }, { apiKey: [] }],
    requestParams: { path },
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: INFER_REQUEST,
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
    responses: { 200: { ...json('The outputs.', INFER_RESPONSE), headers: RATE_HEADERS }, ...REFUSED },
  });
  return {
    '/v2': { get: read({ id: 'serverMetadata', summary: 'What the server is', answer: SERVER_METADATA }) },
    '/v2/health/live': {
      get: read({
        id: 'serverLive',
        summary: 'Is the server alive?',
        answer: z.object({ live: z.boolean() }),
      }),
    },
    '/v2/health/ready': {
      get: read({
        id: 'serverReady',
        summary: 'Is the server ready?',
        answer: z.object({ ready: z.boolean() }),
      }),
    },
    '/v2/models/{model_name}': {
      get: read({
        id: 'modelMetadata',
        summary: 'What a model takes and gives',
        answer: MODEL_METADATA,
        path: name,
      }),
    },
    '/v2/models/{model_name}/ready': {
      get: read({
        id: 'modelReady',
        summary: 'Is a model ready?',
        answer: z.object({ name: z.string(), ready: z.boolean() }),
        path: name,
      }),
    },
    '/v2/models/{model_name}/infer': { post: infer(name, 'infer', `/v2/models/${model.name}/infer`) },
    '/v2/models/{model_name}/versions/{model_version}/infer': {
      post: infer(version, 'inferVersion', `/v2/models/${model.name}/versions/${model.version}/infer`),
    },
  };
}
