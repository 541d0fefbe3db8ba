import type { IncomingMessage, ServerResponse } from 'node:http';
import { type BodyLimits, receiveBody } from '../http/body.js';
import { codingOf, decompress } from './compression.js';
import { refused } from './validate.js';

const HEADER = 'inference-header-content-length';

/**
 * How many bytes of JSON the body begins with, once decompressed; null where no header says so.
 * @throws TenfoldError `bad-input` where it is no whole number.
 */
export function jsonBytesOf(request: IncomingMessage): number | null {
  const header = request.headers[HEADER];
  if (header === undefined) return null;
  const text = String(header);
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw refused({
    what: 'Inference-Header-Content-Length',
    expected: 'a whole number of bytes',
    got: JSON.stringify(text),
    advice: 'Give the length of the JSON before the bytes of the tensors.',
  });
}

/**
 * A request's body, decompressed, in memory of its own in which the bytes behind the JSON begin at a multiple of four:
 * they are a Float32Array without being copied again.
 * @throws TenfoldError `too-large` where it is longer than `limit` bytes, before or after it is decompressed; what `receiveBody` throws.
 */
export async function readInferBody(
  request: IncomingMessage,
  response: ServerResponse,
  { jsonBytes, ...limits }: BodyLimits & { jsonBytes: number | null },
): Promise<Buffer> {
  const coding = codingOf(request);
  const chunks = await receiveBody(request, response, limits);
  if (coding === null) return joined(chunks, jsonBytes ?? 0);
  return decompress(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), coding, limits.limit);
}

function joined(chunks: readonly Buffer[], jsonBytes: number): Buffer {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const padding = -jsonBytes & (Float32Array.BYTES_PER_ELEMENT - 1);
  // Not of the common pool: the memory is handed over to a thread.
  const memory = Buffer.allocUnsafeSlow(padding + length);
  let end = padding;
  for (const chunk of chunks) {
    memory.set(chunk, end);
    end += chunk.length;
  }
  return memory.subarray(padding);
}
