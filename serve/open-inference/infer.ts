import type { IncomingMessage, ServerResponse } from 'node:http';
import accepts from 'accepts';
import type { Budget, Holding } from '../budget.js';
import { goneSignal } from '../gone.js';
import type { Limits } from '../limits.js';
import type { Models } from '../models/models.js';
import { noteWork } from '../operations/exchange.js';
import { DecodeGate } from '../pictures/decode-gate.js';
import { jsonBytesOf, readInferBody } from './body.js';
import { CODING_NAMES, type Coding, compress, LEAST_COMPRESSED_BYTES } from './compression.js';
import { parseInferRequest } from './request.js';
import { type EncodedResponse, encodeInferResponse } from './response.js';

/** The model of a path; without a version the service chooses. */
export interface ModelPath {
  model: string;
  version?: string;
}

export interface InferOptions {
  models: Models;
  limits: Pick<Limits, 'bodyBytes' | 'tensorRows' | 'jsonDepth' | 'queueMilliseconds'>;
  /** Of all requests of the service. */
  bodies: Budget;
}

/** Answers one request for inference. @throws TenfoldError */
export type Infer = (request: IncomingMessage, response: ServerResponse, path: ModelPath) => Promise<void>;

/** `POST /v2/models/{model}[/versions/{version}]/infer`: body, codec, model, codec, body. */
export function createInfer({ models, limits, bodies }: InferOptions): Infer {
  const gate = new DecodeGate(limits.queueMilliseconds);
  return (request, response, path) => bodies.lend((holding) => answer(request, response, path, holding));

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    { model: name, version }: ModelPath,
    holding: Holding,
  ): Promise<void> {
    const jsonBytes = jsonBytesOf(request);
    const signal = goneSignal(response);
    const body = await readInferBody(request, {
      limit: limits.bodyBytes,
      holding,
      jsonBytes,
      turn: gate.open(signal),
    });
    const received = performance.now();
    const asked = parseInferRequest(body, {
      jsonBytes,
      mostRows: limits.tensorRows,
      mostDepth: limits.jsonDepth,
    });
    const encoded = await models.use({ name, version }, async (model) => {
      const decodeMilliseconds = performance.now() - received;
      const { output, ...waits } = await model.run('tensor', asked.input, { signal });
      noteWork(response, {
        model: { name: model.manifest.name, version: model.manifest.version },
        images: asked.rows,
        decodeStarted: received,
        decodeMilliseconds,
        ...waits,
      });
      return encodeInferResponse(asked, model.manifest, output);
    });
    await send(request, response, encoded);
  }
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  { body, jsonBytes }: EncodedResponse,
): Promise<void> {
  const headers: Record<string, string | number> = {
    'Content-Type': jsonBytes === null ? 'application/json' : 'application/octet-stream',
  };
  // Of the JSON before it is compressed, as Triton has it.
  if (jsonBytes !== null) headers['Inference-Header-Content-Length'] = jsonBytes;
  const coding = body.length >= LEAST_COMPRESSED_BYTES ? acceptedCoding(request) : null;
  const sent = coding === null ? body : await compress(body, coding);
  if (coding !== null) headers['Content-Encoding'] = coding;
  headers['Content-Length'] = sent.length;
  response.writeHead(200, headers);
  response.end(sent);
}

function acceptedCoding(request: IncomingMessage): Coding | null {
  if (request.headers['accept-encoding'] === undefined) return null;
  const best = accepts(request).encodings([...CODING_NAMES, 'identity']);
  return CODING_NAMES.find((name) => name === best) ?? null;
}
