import { z } from 'zod';
import type { ZodOpenApiMediaTypeObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { FIGURES_FILE } from '../../core/figures.js';
import { MANIFEST_FILE, MODEL_CARD_FILE, PRECISION_FILES } from '../../core/manifest.js';
import { KEY_WHERE_SET, type PathTable } from './path-table.js';
import { BYTES, header, RATE_HEADERS, refusals } from './problems.js';

const status = <Word extends string>(word: Word) => z.object({ status: z.literal(word) });

/** What a file of the bundle is answered with, whole, in part, or not again. */
const fileResponses = (content: Record<string, ZodOpenApiMediaTypeObject>): ZodOpenApiResponsesObject => {
  const headers = { ETag: header('The SHA-256 of the file.', `"${'0'.repeat(64)}"`) };
  return {
    200: { description: 'The file. Any origin may read it.', headers, content },
    206: {
      description: 'The part of the file that `Range` asked for.',
      headers: { ...headers, 'Content-Range': header('Which part, of how many bytes.', 'bytes 0-9/31000') },
      content: Object.fromEntries(Object.keys(content).map((type) => [type, { schema: BYTES }])),
    },
    304: { description: 'The file is the one that `If-None-Match` names.', headers },
    ...refusals(404, 405, 412, 416, 503),
  };
};

/** What the service says of itself, and the files that it hands out. */
export const SERVICE_PATHS: PathTable = {
  '/model/{file}': {
    get: {
      operationId: 'modelFile',
      tags: ['Models'],
      summary: 'Get a file of the bundle',
      description:
        'The default model as ONNX Runtime and browsers load it: the manifest, which names all files with their hashes, the graph, the same in the precisions that it has beside it, and the model card with its figures; its pictures lie under `pictures/`.',
      requestParams: {
        path: z.object({
          file: z
            .enum([MANIFEST_FILE, ...Object.values(PRECISION_FILES), MODEL_CARD_FILE, FIGURES_FILE])
            .describe('A file that the manifest names.'),
        }),
      },
      responses: fileResponses({
        'application/json': {
          schema: z
            .looseObject({ name: z.string().optional(), version: z.string().optional() })
            .describe('The manifest, which has both, or the figures of the card.'),
        },
        'application/octet-stream': { schema: BYTES },
        'text/markdown': { schema: { type: 'string' } },
      }),
    },
  },
  '/livez': {
    get: {
      operationId: 'live',
      tags: ['Operations'],
      summary: 'Is the process alive?',
      responses: {
        200: { description: 'It is.', content: { 'application/json': { schema: status('alive') } } },
        ...refusals(405),
      },
    },
  },
  '/readyz': {
    get: {
      operationId: 'ready',
      tags: ['Operations'],
      summary: 'Would a request be answered?',
      description: 'Ready once the model is loaded and warmed up, until the service begins to shut down.',
      responses: {
        200: { description: 'It would.', content: { 'application/json': { schema: status('ready') } } },
        ...refusals(405, 503),
      },
    },
  },
  '/metrics': {
    get: {
      operationId: 'metrics',
      tags: ['Operations'],
      summary: 'Metrics for Prometheus',
      description: 'Requests, failures, queue and compute times, batches, and the process itself.',
      security: KEY_WHERE_SET,
      responses: {
        200: {
          description: 'The metrics in Prometheus’s text format, or as OpenMetrics where `Accept` names it.',
          headers: RATE_HEADERS,
          content: {
            'text/plain': { schema: { type: 'string' } },
            'application/openmetrics-text': { schema: { type: 'string' } },
          },
        },
        ...refusals(401, 429),
      },
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'openapi',
      tags: ['Operations'],
      summary: 'This description as an OpenAPI document',
      responses: {
        200: {
          description: 'OpenAPI 3.1.',
          content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
        },
      },
    },
  },
};
