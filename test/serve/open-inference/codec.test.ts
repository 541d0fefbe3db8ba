import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TenfoldError } from '../../../core/errors.js';
import { INPUT_LENGTH } from '../../../core/image.js';
import type { ModelOutput } from '../../../core/predict.js';
import { parseInferRequest, type WantedOutput } from '../../../serve/open-inference/request.js';
import { encodeInferResponse } from '../../../serve/open-inference/response.js';
import { inferResponseSchema } from '../../../serve/open-inference/schemas.js';
import { infer, inputOf, parametersOf } from './infer-body.js';

const MOST_ROWS = 4;
const parse = (body: Buffer, jsonBytes: number | null) =>
  parseInferRequest(body, { jsonBytes, mostRows: MOST_ROWS, mostDepth: 32 });

const finite = fc.float({ noNaN: true, noDefaultInfinity: true });
/** Rows whose values are all told apart by a few numbers: whole random tensors only make runs slow. */
const inputs = fc
  .tuple(fc.integer({ min: 1, max: MOST_ROWS }), fc.array(finite, { minLength: 1, maxLength: 40 }))
  .map(([rows, some]) => ({
    rows,
    values: Float32Array.from({ length: rows * INPUT_LENGTH }, (_, index) => some[index % some.length]!),
  }));

const outputs = fc.uniqueArray(
  fc.record(
    {
      name: fc.constantFrom('logits' as const, 'probabilities' as const),
      binary: fc.boolean(),
      classes: fc.integer({ min: 0, max: 12 }),
    },
    { noNullPrototype: true },
  ),
  { selector: ({ name }) => name, minLength: 1 },
);

const asWanted = (wanted: readonly WantedOutput[]) =>
  wanted.map(({ name, binary, classes }) => ({
    name,
    parameters: { binary_data: binary, classification: classes },
  }));

const nested = (values: Float32Array, rows: number): unknown[] =>
  Array.from({ length: rows }, (_, row) => [
    Array.from({ length: 28 }, (_, y) =>
      Array.from(values.subarray(row * INPUT_LENGTH + y * 28, row * INPUT_LENGTH + (y + 1) * 28)),
    ),
  ]);

test('whatever way a tensor is sent, it is read as it was', () => {
  fc.assert(
    fc.property(
      inputs,
      outputs,
      fc.option(fc.string(), { nil: undefined }),
      ({ rows, values }, wanted, id) => {
        const shape = [rows, 1, 28, 28];
        const rest = { id, outputs: asWanted(wanted) };
        const ways = [
          infer({ ...rest, inputs: [inputOf({ shape, data: Array.from(values) })] }),
          infer({ ...rest, inputs: [inputOf({ shape, data: nested(values, rows) })] }),
          infer({ ...rest, inputs: [inputOf({ shape, ...parametersOf(values) })] }, values),
        ];
        for (const { body, jsonBytes } of ways) {
          const read = parse(body, jsonBytes);
          assert.equal(read.id, id);
          assert.equal(read.rows, rows);
          assert.deepEqual(read.outputs, wanted);
          // JSON has no negative zero in the words of JSON.stringify.
          assert.deepEqual(
            read.input.map((value) => value + 0),
            values.map((value) => value + 0),
          );
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('a byte order mark before the JSON is passed over, and counts as bytes of it', () => {
  const values = new Float32Array(INPUT_LENGTH).fill(0.5);
  const mark = Buffer.from([0xef, 0xbb, 0xbf]);
  for (const { body, jsonBytes } of [
    infer({ inputs: [inputOf({ data: Array.from(values) })] }),
    infer({ inputs: [inputOf(parametersOf(values))] }, values),
  ]) {
    const marked = parse(Buffer.concat([mark, body]), jsonBytes && jsonBytes + mark.length);
    assert.deepEqual(marked.input, values);
  }
});

test('bytes that lie right in memory of their own are not copied', () => {
  const values = new Float32Array(INPUT_LENGTH).fill(0.5);
  const { body, jsonBytes } = infer({ inputs: [inputOf(parametersOf(values))] }, values);
  const padding = -jsonBytes! & 3;
  const alone = Buffer.allocUnsafeSlow(padding + body.length).subarray(padding);
  body.copy(alone);
  assert.equal(parse(alone, jsonBytes).input.buffer, alone.buffer);
  const shared = Buffer.concat([Buffer.alloc(padding), body, Buffer.alloc(64)]).subarray(
    padding,
    padding + body.length,
  );
  const read = parse(shared, jsonBytes).input;
  assert.notEqual(read.buffer, shared.buffer);
  assert.deepEqual(read, values);
});

/** A few changes of a body: bytes set, cut out, doubled. */
const mutations = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('set' as const, 'cut' as const, 'double' as const),
    byte: fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...Buffer.from('[]{}",:0-9.eE\\tn'))),
    length: fc.integer({ min: 1, max: 64 }),
  }),
  { minLength: 1, maxLength: 4 },
);

const changed = (body: Buffer, changes: ReturnType<(typeof mutations)['generate']>['value']): Buffer =>
  changes.reduce<Buffer>((bytes, { at, kind, byte, length }) => {
    const start = at % (bytes.length + 1);
    if (kind === 'set') {
      const copy = Buffer.from(bytes);
      if (start < copy.length) copy[start] = byte;
      return copy;
    }
    const piece = bytes.subarray(start, start + length);
    const rest = bytes.subarray(start + length);
    return Buffer.concat([bytes.subarray(0, start), ...(kind === 'double' ? [piece, piece] : []), rest]);
  }, body);

test('nothing that is sent ends in anything but an answer or a reason', () => {
  const values = new Float32Array(INPUT_LENGTH);
  const samples = [
    infer({ id: '1', inputs: [inputOf(parametersOf(values))], outputs: [{ name: 'logits' }] }, values),
    infer({
      inputs: [inputOf({ data: [0.5, [1, [2]]] })],
      outputs: [{ name: 'logits', parameters: { classification: 2, binary_data: true } }],
      parameters: { binary_data_output: true, priority: 1 },
    }),
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      mutations,
      fc.option(fc.nat(400)),
      fc.boolean(),
      ({ body, jsonBytes }, changes, otherLength, keepLength) => {
        // Most changes should meet the JSON, not the pixels.
        const inHeader = changes.map((change) => ({ ...change, at: change.at % 300 }));
        try {
          parse(changed(body, inHeader), keepLength ? jsonBytes : otherLength);
        } catch (error) {
          assert.ok(error instanceof TenfoldError, String((error as Error).stack));
          assert.equal(error.code, 'bad-input');
        }
      },
    ),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.option(fc.nat(60)), (json, jsonBytes) => {
      assert.throws(() => parse(Buffer.from(json), jsonBytes), TenfoldError);
    }),
    { numRuns: 1000 },
  );
});

const MODEL = {
  name: 'row-reader',
  version: '1.2.3',
  labels: ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
};

const answers = fc
  .tuple(fc.integer({ min: 1, max: MOST_ROWS }), fc.array(finite, { minLength: 10, maxLength: 80 }))
  .map(([rows, some]) => {
    const tensor = (shift: number) =>
      Float32Array.from({ length: rows * 10 }, (_, index) => some[(index + shift) % some.length]!);
    return { rows, output: { logits: tensor(0), probabilities: tensor(3) } satisfies ModelOutput };
  });

/** Reads a BYTES tensor as Triton's clients do. */
function textsOf(bytes: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + bytes.readUInt32LE(at);
    texts.push(bytes.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}

test('an answer holds what was asked for, in its order', () => {
  fc.assert(
    fc.property(answers, outputs, ({ rows, output }, wanted) => {
      const { body, jsonBytes } = encodeInferResponse({ id: 'ü', rows, outputs: wanted }, MODEL, output);
      assert.equal(
        jsonBytes === null,
        wanted.every(({ binary }) => !binary),
      );
      const json = JSON.parse(body.toString('utf8', 0, jsonBytes ?? body.length));
      assert.deepEqual(inferResponseSchema.parse(json), json);
      assert.equal(json.id, 'ü');
      let at = jsonBytes ?? body.length;
      for (const [index, { name, binary, classes }] of wanted.entries()) {
        const line = json.outputs[index];
        const size = line.parameters?.binary_data_size ?? 0;
        const bytes = body.subarray(at, at + size);
        at += size;
        assert.equal(line.name, name);
        assert.equal('data' in line, !binary);
        if (classes === 0) {
          const values = binary
            ? new Float32Array(new Uint8Array(bytes).buffer)
            : Float32Array.from(line.data);
          assert.deepEqual(line.shape, [rows, 10]);
          assert.deepEqual(
            values.map((value) => value + 0),
            output[name].map((value) => value + 0),
          );
          continue;
        }
        const count = Math.min(classes, 10);
        assert.deepEqual([line.datatype, line.shape], ['BYTES', [rows, count]]);
        const texts: string[] = binary ? textsOf(bytes) : line.data;
        assert.equal(texts.length, rows * count);
        texts.forEach((text, place) => {
          const [value, index, label] = text.split(':');
          const row = output[name].subarray(Math.floor(place / count) * 10).subarray(0, 10);
          assert.equal(value, row[Number(index)]!.toFixed(6));
          assert.equal(label, MODEL.labels[Number(index)]);
          // A sort tells the zeros apart, a ranking does not.
          const ranked = row.map((value) => value + 0).toSorted();
          assert.equal(row[Number(index)]! + 0, ranked.at(-1 - (place % count)));
        });
      }
      assert.equal(at, body.length);
    }),
    { numRuns: 200 },
  );
});

test('a classification is written as Triton writes it', () => {
  const logits = new Float32Array(10);
  logits[3] = 3.3;
  logits[1] = 12.25;
  const { body } = encodeInferResponse(
    { id: undefined, rows: 1, outputs: [{ name: 'logits', binary: false, classes: 2 }] },
    MODEL,
    { logits, probabilities: logits },
  );
  assert.deepEqual(JSON.parse(body.toString()).outputs, [
    { name: 'logits', datatype: 'BYTES', shape: [1, 2], data: ['12.250000:1:one', '3.300000:3:three'] },
  ]);
});

test('numbers that JSON has not are answered in bytes only', () => {
  const logits = new Float32Array(10).fill(Number.POSITIVE_INFINITY);
  const encode = (binary: boolean) =>
    encodeInferResponse(
      { id: undefined, rows: 1, outputs: [{ name: 'logits', binary, classes: 0 }] },
      MODEL,
      { logits, probabilities: logits },
    );
  assert.deepEqual(new Float32Array(new Uint8Array(encode(true).body.subarray(-40)).buffer), logits);
  assert.throws(() => encode(false), {
    code: 'bad-input',
    message: /numbers that JSON has for the output logits/,
  });
});
