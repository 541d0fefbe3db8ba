import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { AttributeProto_AttributeType, ModelProtoSchema, TensorProto_DataType } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { GraphBuilder } from '../../onnx/graph.js';
import { type Constant, float32, int64 } from '../../onnx/tensor.js';
import { IR_VERSION, OPSET } from '../../onnx/version.js';

/** `Relu(Conv(input))`, one 3x3 kernel of ones. */
function convolution(): GraphBuilder {
  const graph = new GraphBuilder('example');
  graph.input('input', 'float32', ['batch', 1, 4, 4]);
  const kernel = graph.initializer('kernel', float32(new Float32Array(9).fill(1), [1, 1, 3, 3]));
  const attributes = { kernel_shape: [3, 3], pads: [0, 0, 0, 0], group: 1 };
  const convolved = graph.node('Conv', ['input', kernel], attributes, { name: 'convolved' });
  graph.node('LeakyRelu', [convolved], { alpha: 1 }, { name: 'output' });
  graph.output('output', 'float32', ['batch', 1, 2, 2]);
  return graph;
}

test('a graph comes back from its bytes as it was built', () => {
  const built = convolution();
  const model = fromBinary(ModelProtoSchema, built.build({ metadata: { name: 'a' }, description: 'b' }));
  assert.equal(model.irVersion, BigInt(IR_VERSION));
  assert.deepEqual(
    model.opsetImport.map(({ domain, version }) => [domain, version]),
    [['', BigInt(OPSET)]],
  );
  assert.deepEqual(
    model.metadataProps.map(({ key, value }) => [key, value]),
    [['name', 'a']],
  );
  const graph = model.graph!;
  assert.equal(graph.docString, 'b');
  assert.equal(built.nodeCount, 2);
  assert.deepEqual(
    graph.node.map(({ opType, name, input, output }) => ({ opType, name, input, output })),
    [
      { opType: 'Conv', name: 'convolved', input: ['input', 'kernel'], output: ['convolved'] },
      { opType: 'LeakyRelu', name: 'output', input: ['convolved'], output: ['output'] },
    ],
  );
  const { value } = graph.input[0]!.type!;
  assert.ok(value.case === 'tensorType');
  assert.deepEqual(
    value.value.shape!.dim.map((dimension) => dimension.value.value),
    ['batch', 1n, 4n, 4n],
  );
});

test('an attribute gets the type that its operator asks for, a whole number in a float attribute too', () => {
  const { node } = fromBinary(ModelProtoSchema, convolution().build()).graph!;
  const attributes = node.flatMap(({ attribute }) => attribute.map(({ name, type }) => [name, type]));
  assert.deepEqual(attributes, [
    ['kernel_shape', AttributeProto_AttributeType.INTS],
    ['pads', AttributeProto_AttributeType.INTS],
    ['group', AttributeProto_AttributeType.INT],
    ['alpha', AttributeProto_AttributeType.FLOAT],
  ]);
  const padded = new GraphBuilder('padded');
  padded.node('Pad', [], { mode: 'reflect' });
  const [mode] = fromBinary(ModelProtoSchema, padded.build()).graph!.node[0]!.attribute;
  assert.equal(mode!.type, AttributeProto_AttributeType.STRING);
  assert.equal(new TextDecoder().decode(mode!.s), 'reflect');
});

test('names that are taken get a number; a second input of one name is an error', () => {
  const graph = new GraphBuilder('names');
  graph.input('x', 'float32', []);
  assert.throws(() => graph.input('x', 'float32', []), /already has a value named x/);
  assert.equal(graph.initializer('x', float32([1])), 'x_1');
  assert.equal(graph.initializer('x', float32([1])), 'x_2');
  assert.equal(graph.node('Relu', ['x'], {}, { name: 'x' }), 'x_3');
  assert.equal(graph.node('Relu', ['x'], {}), 'Relu');
  assert.equal(graph.node('Relu', ['x'], {}), 'Relu_1');
  assert.deepEqual(graph.nodes('Split', ['x'], { axis: 0 }, { outputs: 2 }), ['Split', 'Split:1']);
});

/** A constant as it comes out of the file. */
function tensorOf(constant: Constant) {
  const graph = new GraphBuilder('example');
  graph.initializer('c', constant);
  return fromBinary(ModelProtoSchema, graph.build()).graph!.initializer[0]!;
}

test('constants keep their values, types and shapes, a view into a larger buffer too', () => {
  fc.assert(
    fc.property(fc.float32Array({ minLength: 1, noNaN: true }), (values) => {
      const view = new Float32Array([7, ...values, 7]).subarray(1, values.length + 1);
      const { dims, dataType, rawData } = tensorOf(float32(view, [values.length]));
      assert.deepEqual(dims, [BigInt(values.length)]);
      assert.equal(dataType, TensorProto_DataType.FLOAT);
      assert.deepEqual(new Float32Array(rawData.slice().buffer), new Float32Array(values));
    }),
  );
  const { dataType, rawData, dims } = tensorOf(int64([-1, 2 ** 40]));
  assert.equal(dataType, TensorProto_DataType.INT64);
  assert.deepEqual(dims, [2n]);
  assert.deepEqual(new BigInt64Array(rawData.slice().buffer), BigInt64Array.of(-1n, 2n ** 40n));
});

test('ONNX Runtime loads and runs a built graph with any batch', async () => {
  const session = await InferenceSession.create(convolution().build());
  for (const batch of [1, 3]) {
    const input = new Tensor('float32', new Float32Array(batch * 16).fill(2), [batch, 1, 4, 4]);
    const { output } = await session.run({ input });
    assert.deepEqual(output!.dims, [batch, 1, 2, 2]);
    assert.deepEqual(output!.data, new Float32Array(batch * 4).fill(18));
  }
  await session.release();
});

test('ONNX Runtime takes constants of every element type', async () => {
  const constants: Record<string, Constant> = {
    float32: float32([1.5]),
    int32: { type: 'int32', shape: [2], data: Int32Array.of(1, -2) },
    int64: int64([3]),
    bool: { type: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
    uint8: { type: 'uint8', shape: [1], data: Uint8Array.of(255) },
  };
  const graph = new GraphBuilder('constants');
  for (const [name, constant] of Object.entries(constants)) {
    const value = graph.initializer(`${name}_constant`, constant);
    graph.output(graph.node('Identity', [value], {}, { name }), constant.type, constant.shape);
  }
  const session = await InferenceSession.create(graph.build());
  const outputs = await session.run({});
  for (const [name, { type, shape, data }] of Object.entries(constants)) {
    assert.equal(outputs[name]!.type, type);
    assert.deepEqual(outputs[name]!.dims, shape);
    assert.deepEqual(
      Array.from(outputs[name]!.data as Uint8Array, Number),
      Array.from(data as Uint8Array, Number),
    );
  }
  await session.release();
});
