import { describe } from '../../core/errors.js';
import { INPUT_LENGTH } from '../../core/image.js';
import { INPUT, OUTPUTS, type OutputName, ROW_BYTES } from './contract.js';
import { floatsOfBytes, floatsOfJson } from './input-data.js';
import { type InferHeader, inferRequestSchema } from './schemas.js';
import { readJson, refused } from './validate.js';

export interface WantedOutput {
  name: OutputName;
  /** Whether its bytes stand behind the JSON, or its values in it. */
  binary: boolean;
  /** So many of the highest values as text; 0 asks for the tensor itself. */
  classes: number;
}

/** What a client asks of a model. */
export interface InferRequest {
  /** Comes back with the answer. */
  id: string | undefined;
  rows: number;
  /** `[rows, 1, 28, 28]` flattened, finite values, in memory that nobody else uses. */
  input: Float32Array;
  /** At least one, each name once. */
  outputs: WantedOutput[];
}

export interface ParseOptions {
  /** Bytes of JSON that the body begins with; null where it is JSON to its end; 0 where it is one row of bytes alone. */
  jsonBytes: number | null;
  mostRows: number;
  /** Of arrays and objects within one another in the JSON. */
  mostDepth: number;
}

const ADVICE = `Send {"inputs": [{"name": "${INPUT.name}", "datatype": "FP32", "shape": [rows, 1, 28, 28], "data": [...]}]}, or its bytes behind the JSON.`;
const HEADER = 'the JSON of the request';
const EVERY_OUTPUT = OUTPUTS.map(({ name }) => name);

const bad = (what: string, expected: string, got: string) => refused({ what, expected, got, advice: ADVICE });

/**
 * Reads the body of a request for inference.
 * @param body may be used as memory for the input: do not use it afterwards
 * @throws TenfoldError `bad-input` where the body is not what the protocol and the model ask for.
 */
export function parseInferRequest(
  body: Buffer,
  { jsonBytes, mostRows, mostDepth }: ParseOptions,
): InferRequest {
  if (jsonBytes === 0) return rawRow(body);
  if (jsonBytes !== null && jsonBytes > body.length) {
    throw bad('Inference-Header-Content-Length', `at most the body's ${body.length} bytes`, `${jsonBytes}`);
  }
  const headerEnd = jsonBytes ?? body.length;
  const header = readJson(body.subarray(0, headerEnd), inferRequestSchema, {
    what: HEADER,
    advice: ADVICE,
    mostDepth,
  });
  const input = onlyInput(header);
  const rows = rowsOf(input, mostRows);
  const outputs = wantedOutputs(header);
  return { id: header.id, rows, input: valuesOf(input, rows, body, jsonBytes), outputs };
}

/** Triton's raw binary request: a batch of one, answered in bytes. */
function rawRow(body: Buffer): InferRequest {
  if (body.length !== ROW_BYTES) {
    throw bad(
      'a body without JSON (Inference-Header-Content-Length: 0)',
      `one picture of ${ROW_BYTES} bytes`,
      `${body.length} bytes`,
    );
  }
  const outputs = EVERY_OUTPUT.map((name) => ({ name, binary: true, classes: 0 }));
  return { id: undefined, rows: 1, input: floatsOfBytes(body, 0, INPUT_LENGTH), outputs };
}

type RequestInput = InferHeader['inputs'][number];

function onlyInput({ inputs }: InferHeader): RequestInput {
  const unknown = inputs.find(({ name }) => name !== INPUT.name);
  if (unknown) throw bad('the name of an input', INPUT.name, describe(unknown.name));
  if (inputs.length > 1) throw bad('the inputs', `${INPUT.name} once`, `it ${inputs.length} times`);
  return inputs[0]!;
}

/** @returns the rows that the input's shape tells. */
function rowsOf({ datatype, shape }: RequestInput, mostRows: number): number {
  if (datatype !== INPUT.datatype) {
    throw bad(`the datatype of ${INPUT.name}`, INPUT.datatype, describe(datatype));
  }
  const [rows, ...row] = shape;
  const [, ...expectedRow] = INPUT.shape;
  if (row.length !== expectedRow.length || row.some((size, axis) => size !== expectedRow[axis])) {
    throw bad(`the shape of ${INPUT.name}`, `[rows, ${expectedRow.join(', ')}]`, `[${shape.join(', ')}]`);
  }
  if (rows! < 1 || rows! > mostRows) {
    throw refused({
      what: `the rows of ${INPUT.name}`,
      expected: `1 to ${mostRows}`,
      got: `${rows}`,
      advice: 'Send them in several requests: rows of requests that arrive together are computed together.',
    });
  }
  return rows!;
}

function valuesOf(
  { data, parameters }: RequestInput,
  rows: number,
  body: Buffer,
  jsonBytes: number | null,
): Float32Array {
  const size = parameters?.binary_data_size;
  const behind = body.length - (jsonBytes ?? body.length);
  if (size === undefined) {
    if (behind > 0) throw bad('what follows the JSON', 'no bytes, for no input is binary', `${behind} bytes`);
    return floatsOfJson(data, rows * INPUT_LENGTH);
  }
  if (data !== undefined) throw bad(`the data of ${INPUT.name}`, 'either data or binary_data_size', 'both');
  if (jsonBytes === null) {
    throw bad(
      'Inference-Header-Content-Length',
      'the bytes of the JSON, for an input is binary',
      'no such header',
    );
  }
  if (size !== rows * ROW_BYTES) {
    throw bad(`binary_data_size of ${INPUT.name}`, `${rows * ROW_BYTES} for ${rows} rows`, `${size}`);
  }
  if (behind !== size) throw bad('what follows the JSON', `${size} bytes`, `${behind} bytes`);
  return floatsOfBytes(body, jsonBytes, rows * INPUT_LENGTH);
}

function wantedOutputs({ outputs, parameters }: InferHeader): WantedOutput[] {
  const binaryByDefault = parameters?.binary_data_output ?? false;
  if (outputs === undefined || outputs.length === 0) {
    return EVERY_OUTPUT.map((name) => ({ name, binary: binaryByDefault, classes: 0 }));
  }
  const seen = new Set<string>();
  return outputs.map(({ name: asked, parameters: own }) => {
    const name = EVERY_OUTPUT.find((known) => known === asked);
    if (name === undefined) throw bad('the name of an output', EVERY_OUTPUT.join(' or '), describe(asked));
    if (seen.has(name)) throw bad('the outputs', 'each name once', `${name} twice`);
    seen.add(name);
    return { name, binary: own?.binary_data ?? binaryByDefault, classes: own?.classification ?? 0 };
  });
}
