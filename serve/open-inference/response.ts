import type { Manifest } from '../../core/manifest.js';
import type { ModelOutput } from '../../core/predict.js';
import { classify } from './classification.js';
import type { InferRequest, WantedOutput } from './request.js';
import type { InferResponse } from './schemas.js';
import { refused } from './validate.js';

export type Answered = Pick<InferRequest, 'id' | 'rows' | 'outputs'>;
export type Answering = Pick<Manifest, 'name' | 'version' | 'labels'>;

export interface EncodedResponse {
  body: Buffer;
  /** Bytes of JSON that the body begins with; null where it is JSON to its end. */
  jsonBytes: number | null;
}

/** An output as it goes out: its line in the JSON, and the bytes behind it. */
interface EncodedOutput {
  line: InferResponse['outputs'][number];
  bytes: Uint8Array | null;
}

/**
 * Writes the answer to a request for inference.
 * @param output `[rows, 10]` each
 * @throws TenfoldError `bad-input` where an output that was asked for in JSON is not finite, for JSON has no such numbers.
 */
export function encodeInferResponse(
  { id, rows, outputs }: Answered,
  { name, version, labels }: Answering,
  output: ModelOutput,
): EncodedResponse {
  const encoded = outputs.map((wanted) =>
    encodeOutput(wanted, { values: output[wanted.name], rows, labels }),
  );
  const response: InferResponse = {
    ...(id === undefined ? {} : { id }),
    model_name: name,
    model_version: version,
    outputs: encoded.map(({ line }) => line),
  };
  const json = JSON.stringify(response);
  if (encoded.every(({ bytes }) => bytes === null)) return { body: Buffer.from(json), jsonBytes: null };
  const jsonBytes = Buffer.byteLength(json);
  const body = Buffer.allocUnsafe(
    encoded.reduce((length, { bytes }) => length + (bytes?.length ?? 0), jsonBytes),
  );
  body.write(json);
  let end = jsonBytes;
  for (const { bytes } of encoded) {
    if (bytes === null) continue;
    body.set(bytes, end);
    end += bytes.length;
  }
  return { body, jsonBytes };
}

function encodeOutput(
  { name, binary, classes }: WantedOutput,
  { values, rows, labels }: { values: Float32Array; rows: number; labels: readonly string[] },
): EncodedOutput {
  if (classes > 0) {
    const texts = classify({ values, rows, labels }, classes);
    const line = { name, datatype: 'BYTES' as const, shape: [rows, texts.length / rows] };
    return binary ? withBytes(line, bytesOfTexts(texts)) : withData(line, texts);
  }
  const line = { name, datatype: 'FP32' as const, shape: [rows, values.length / rows] };
  if (binary) return withBytes(line, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  if (!values.every(Number.isFinite)) {
    throw refused({
      what: `the output ${name}`,
      expected: 'numbers that JSON has',
      got: 'others, of so large an input',
      advice: 'Send ink as numbers from 0 to 1, or ask for the output with "binary_data": true.',
    });
  }
  return withData(line, Array.from(values));
}

type Line = Pick<EncodedOutput['line'], 'name' | 'datatype' | 'shape'>;

const withBytes = (line: Line, bytes: Uint8Array): EncodedOutput => ({
  line: { ...line, parameters: { binary_data_size: bytes.length } },
  bytes,
});

const withData = (line: Line, data: (number | string)[]): EncodedOutput => ({
  line: { ...line, data },
  bytes: null,
});

/** Each text's length in bytes as a little-endian uint32, then its bytes. */
function bytesOfTexts(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(Uint32Array.BYTES_PER_ELEMENT);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
}
