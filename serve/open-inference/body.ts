import type { IncomingMessage } from 'node:http';
import { type BodyLimits, receiveBody } from '../http/body.js';
import type { Turn } from '../pictures/decode-gate.js';
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

export interface InferBodyLimits extends BodyLimits {
  /** Bytes of JSON before those of the tensors; null where no header says so. */
  jsonBytes: number | null;
  /** In which it is decompressed. */
  turn: Turn;
}

/**
 * A request's body, decompressed, in memory of its own in which the bytes behind the JSON begin at a multiple of four:
 * they are a Float32Array without being copied again.
 * @throws TenfoldError `too-large` where it is longer than `limit` bytes, before or after it is decompressed; `unavailable` where its turn
 * comes too late or all bodies are larger than their budget, decompressed too; what `receiveBody` throws.
 */
export async function readInferBody(
  request: IncomingMessage,
  { jsonBytes, turn, ...limits }: InferBodyLimits,
): Promise<Buffer> {
  const coding = codingOf(request);
  const chunks = await receiveBody(request, limits);
  if (coding === null) return joined(chunks, jsonBytes ?? 0);
  const compressed = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  // Its length is known only afterwards: until then no more than the gate lets in are beside the budget.
  return turn(0, async () => {
    const body = await decompress(compressed, coding, limits.limit);
    limits.holding.add(body.length);
    return body;
  });
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
