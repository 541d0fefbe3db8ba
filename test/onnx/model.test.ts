import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { TenfoldError } from '../../core/errors.js';
import { readModel, writeModel } from '../../onnx/model.js';

const bytes = readFileSync(new URL('../../../models/default/model.onnx', import.meta.url));

test('a graph that is read and written again is the same, and so are its bytes from then on', () => {
  const model = readModel(bytes, 'model.onnx');
  const written = writeModel(model);
  assert.deepEqual(readModel(written, 'written.onnx'), model);
  assert.ok(Buffer.from(writeModel(readModel(written, 'written.onnx'))).equals(written));
});

test('constants that nothing reads are left out', () => {
  const model = readModel(bytes, 'model.onnx');
  const nodes = model.nodes.map((node) => ({ ...node, inputs: node.inputs.slice(0, 2) }));
  const again = readModel(writeModel({ ...model, nodes }), 'again');
  assert.equal(again.constants.size, model.constants.size / 2);
});

test('what is no graph of ours is refused, and it says why', () => {
  const other = fromBinary(ModelProtoSchema, bytes);
  other.opsetImport[0]!.version = 21n;
  const outside = fromBinary(ModelProtoSchema, bytes);
  outside.graph!.initializer[0]!.rawData = new Uint8Array();
  const REFUSED: [Uint8Array, RegExp][] = [
    [Buffer.from('no graph'), /Expected an ONNX model for the graph x, got/],
    [toBinary(ModelProtoSchema, other), /Expected opset 17 and no other for the graph x, got ai\.onnx 21/],
    [toBinary(ModelProtoSchema, outside), /raw values for the constant .* for the graph x, got 0/],
  ];
  for (const [given, message] of REFUSED) {
    assert.throws(
      () => readModel(given, 'x'),
      (error: unknown) => error instanceof TenfoldError && message.test(error.message),
    );
  }
});
