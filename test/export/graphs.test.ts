import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { convertNetwork } from '../../export/convert.js';
import { assertParity, chain, type Layer, l, parseGraph } from './support.js';

const apply = (layer: Layer, input: SymbolicTensor | SymbolicTensor[]) =>
  layer.apply(input) as SymbolicTensor;

const count = (operators: readonly string[], name: string) =>
  operators.filter((operator) => operator === name).length;

/** What only moves values about. */
const MOVES = ['Transpose', 'Reshape', 'Gather', 'Identity', 'Unsqueeze', 'Squeeze'];
const moves = (operators: readonly string[]) => operators.filter((operator) => MOVES.includes(operator));

test('several inputs and outputs bear the names of their layers, in the order of the model', async () => {
  const left = tfl.input({ shape: [6, 6, 2], name: 'left' });
  const right = tfl.input({ shape: [5], name: 'right' });
  const map = apply(l.conv2d({ filters: 3, kernelSize: 3, name: 'map' }), left);
  const row = apply(l.dense({ units: 3, name: 'row' }), right);
  const sum = apply(l.add({ name: 'sum' }), [map, row]);
  const pooled = apply(l.globalMaxPooling2d({ name: 'pooled' }), sum);
  const model = tfl.model({ inputs: [right, left], outputs: [pooled, map, row] });
  const { conversion } = await assertParity(model);
  const { input, output } = parseGraph(conversion.bytes);
  assert.deepEqual(
    input.map(({ name }) => name),
    ['right', 'left'],
  );
  assert.deepEqual(
    output.map(({ name }) => name),
    ['pooled', 'map', 'row'],
  );
});

test('what a model gives twice, from one layer twice, or as it came in, is named apart', async () => {
  const input = tfl.input({ shape: [5], name: 'row' });
  const shared = l.dense({ units: 5, name: 'shared' });
  const once = apply(shared, input);
  const { conversion } = await assertParity(
    tfl.model({ inputs: input, outputs: [once, apply(shared, once)] }),
  );
  const namesOf = ({ outputs }: typeof conversion) => outputs.map(({ name }) => name);
  assert.deepEqual(namesOf(conversion), ['shared', 'shared_1']);
  // TensorFlow.js builds this one, and cannot run it.
  const doubled = convertNetwork(tfl.model({ inputs: [input], outputs: [input, once, once] }));
  assert.deepEqual(namesOf(doubled), ['row', 'shared', 'shared_1']);
  const session = await InferenceSession.create(doubled.bytes);
  const values = Float32Array.of(1, 2, 3, 4, 5);
  const outputs = await session.run({ input: new Tensor('float32', values, [1, 5]) });
  await session.release();
  assert.deepEqual(outputs.row!.data, values);
  assert.deepEqual(outputs.shared!.data, outputs.shared_1!.data);
});

test('a nested model of two outputs is drawn once a use, whichever of them are read', async () => {
  const inner = tfl.input({ shape: [6] });
  const hidden = apply(l.dense({ units: 4, activation: 'relu', name: 'hidden' }), inner);
  const nested = tfl.model({
    inputs: inner,
    outputs: [hidden, apply(l.dense({ units: 6, name: 'spare' }), hidden)],
    name: 'nested',
  });
  const input = tfl.input({ shape: [6] });
  const [first, second] = nested.apply(input) as SymbolicTensor[];
  const [third] = nested.apply(second!) as SymbolicTensor[];
  const model = tfl.model({ inputs: input, outputs: apply(l.add(), [first!, third!]) });
  const { conversion, operators } = await assertParity(model);
  assert.equal(count(operators, 'Gemm'), 3);
  const names = parseGraph(conversion.bytes).node.map(({ name }) => name);
  for (const name of ['nested/hidden', 'nested/spare', 'nested/hidden_1']) {
    assert.ok(names.includes(name), `${name} is not among ${names}`);
  }
});

test('numbers of words are taken as they are, by other layers as floats', async () => {
  const input = tfl.input({ shape: [6], dtype: 'int32' });
  const words = apply(l.embedding({ inputDim: 5, outputDim: 3 }), input);
  const sentence = apply(l.globalAveragePooling1d(), words);
  const rescaled = apply(l.rescaling({ scale: 0.5 }), input);
  const model = tfl.model({ inputs: input, outputs: apply(l.concatenate(), [sentence, rescaled]) });
  const { conversion, operators } = await assertParity(model, { feed: (uniform) => (uniform + 1) * 2.49 });
  assert.equal(conversion.inputs[0]!.type, 'int32');
  assert.equal(count(operators, 'Cast'), 1);
});

/** A network with one kind of every layer that can stand between maps. */
function mapNet(dataFormat: 'channelsFirst' | 'channelsLast'): LayersModel {
  const shape = dataFormat === 'channelsFirst' ? [3, 16, 12] : [16, 12, 3];
  const input = tfl.input({ shape });
  const padded = apply(l.zeroPadding2d({ padding: 1, dataFormat }), input);
  const stem = apply(l.conv2d({ filters: 4, kernelSize: 3, activation: 'relu', dataFormat }), padded);
  const deep = apply(l.depthwiseConv2d({ kernelSize: 3, padding: 'same', dataFormat }), stem);
  const sum = apply(l.add(), [apply(l.leakyReLU(), deep), stem]);
  const axis = dataFormat === 'channelsFirst' ? 1 : 3;
  const small = apply(
    l.maxPooling2d({ poolSize: 2, dataFormat }),
    apply(l.concatenate({ axis }), [sum, stem]),
  );
  const large = apply(
    l.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', dataFormat }),
    small,
  );
  const grown = apply(l.upSampling2d({ size: [2, 2], dataFormat }), large);
  const cut = apply(l.cropping2D({ cropping: 2, dataFormat }), grown);
  const narrow = apply(l.separableConv2d({ filters: 5, kernelSize: 3, useBias: false, dataFormat }), cut);
  const rows = apply(
    l.flatten({ dataFormat }),
    apply(l.averagePooling2d({ poolSize: 4, dataFormat }), narrow),
  );
  return tfl.model({ inputs: input, outputs: apply(l.dense({ units: 7 }), rows) });
}

test('nothing moves between layers of maps, whichever way Layers has their channels', async () => {
  for (const dataFormat of ['channelsFirst', 'channelsLast'] as const) {
    const { conversion, operators } = await assertParity(mapNet(dataFormat), { dataFormat });
    assert.deepEqual(moves(operators), [], `${dataFormat}: ${operators}`);
    assert.deepEqual(conversion.inputs[0]!.shape, ['batch', 3, 16, 12]);
  }
});

test('a sequence is turned once, where it comes in', async () => {
  const { operators } = await assertParity(
    chain(
      [32, 3],
      l.conv1d({ filters: 4, kernelSize: 3, activation: 'relu' }),
      l.batchNormalization(),
      l.maxPooling1d({ poolSize: 2 }),
      l.dense({ units: 6, activation: 'tanh' }),
      l.conv1d({ filters: 5, kernelSize: 3, padding: 'same' }),
      l.averagePooling1d({ poolSize: 3 }),
      l.flatten(),
      l.dense({ units: 4 }),
    ),
  );
  assert.deepEqual(moves(operators), ['Transpose']);
  assert.equal(operators[0], 'Transpose');
});

test('a value goes back to an order that it had before without a node', async () => {
  const there = () => l.permute({ dims: [3, 1, 2] });
  const back = () => l.permute({ dims: [2, 3, 1] });
  const conv = () => l.conv2d({ filters: 3, kernelSize: 3, padding: 'same' });
  assert.deepEqual((await assertParity(chain([5, 4, 3], conv(), there(), back(), conv()))).operators, [
    'Conv',
    'Conv',
  ]);
  // What acts on single values does so in any order.
  const between = await assertParity(
    chain([5, 4, 3], conv(), there(), l.activation({ activation: 'tanh' }), back(), conv()),
  );
  assert.deepEqual(between.operators, ['Conv', 'Tanh', 'Conv']);
  const normed = await assertParity(
    chain([5, 4, 3], conv(), l.layerNormalization(), l.dense({ units: 6 }), conv()),
  );
  assert.deepEqual(normed.operators, [
    'Conv',
    'Transpose',
    'LayerNormalization',
    'MatMul',
    'Add',
    'Transpose',
    'Conv',
  ]);
});

test('one turned value serves all that read it so', async () => {
  const input = tfl.input({ shape: [5, 4, 3] });
  const map = apply(l.conv2d({ filters: 3, kernelSize: 1 }), input);
  const [a, b] = [1, 2].map(() => apply(l.layerNormalization(), map)) as [SymbolicTensor, SymbolicTensor];
  const { operators } = await assertParity(
    tfl.model({ inputs: input, outputs: apply(l.multiply(), [a, b]) }),
  );
  assert.deepEqual(operators, [
    'Conv',
    'Transpose',
    'LayerNormalization',
    'LayerNormalization',
    'Mul',
    'Transpose',
  ]);
});

test('batch norm behind a transposed convolution is folded; what a pool takes away stays before it', async () => {
  const { operators } = await assertParity(
    chain([5, 4, 3], l.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2 }), l.batchNormalization()),
  );
  assert.deepEqual(operators, ['ConvTranspose']);
  // Over channels that a Permute made rows of: the scale is not one factor for what is summed.
  const permuted = await assertParity(
    chain([5, 4, 3], l.batchNormalization(), l.permute({ dims: [3, 1, 2] }), l.globalAveragePooling2d({})),
  );
  assert.deepEqual(permuted.operators, ['BatchNormalization', 'ReduceMean']);
  const padded = await assertParity(
    chain(
      [5, 4, 3],
      l.permute({ dims: [3, 1, 2] }),
      l.zeroPadding2d({ padding: 1 }),
      l.permute({ dims: [2, 3, 1] }),
      l.conv2d({ filters: 2, kernelSize: 3 }),
    ),
  );
  assert.deepEqual(padded.operators, ['Pad', 'Conv']);
});

test('two changes of shape become one', async () => {
  const { operators } = await assertParity(
    chain(
      [28, 28],
      l.reshape({ targetShape: [784] }),
      l.reshape({ targetShape: [28, 28, 1] }),
      l.conv2d({ filters: 2, kernelSize: 3 }),
    ),
  );
  assert.deepEqual(operators, ['Reshape', 'Conv']);
});

test('a lone layer that does nothing still bears the name of the output', () => {
  const { nodes, outputs } = convertNetwork(chain([3, 2, 4], l.dropout({ rate: 0.5 })));
  assert.equal(nodes, 1);
  assert.deepEqual(outputs, [
    { name: 'output', type: 'float32', shape: ['batch', 4, 3, 2], axes: [2, 0, 1] },
  ]);
});
