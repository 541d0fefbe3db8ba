import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { convert } from '../../export/convert.js';
import { maxAbsDifference, PARITY_TOLERANCE } from '../../export/verify.js';
import { ACTIVATIONS, type Activation } from '../../train/models/activations.js';
import { buildModel } from '../../train/models/architectures.js';
import { resolveRecipe } from '../../train/recipes/resolve.js';
import { narrowed } from '../train/models/narrow.js';
import { assertAgreement, ON_NODE } from './example.js';
import { assertSubject } from './judged/assert-subject.js';
import { DEFAULT_MODEL, recipeSubject } from './judged/subjects.js';
import { basicBlockNet, bottleneckNet, plainNet, tinyNet } from './networks.js';
import { images, RECIPE_NETWORKS, recipeNetwork } from './recipe-networks.js';
import { assertParity, chain, l, operatorsOf, parseGraph, randomize } from './support.js';

/** Both outputs of a classifier's graph against TensorFlow.js; returns the graph's operators. */
async function assertClassifier(model: LayersModel): Promise<string[]> {
  await tf.setBackend('cpu');
  randomize(model);
  const { bytes, modelOutput } = convert(model);
  const { count: rows, values } = await images();
  const given = model.predict(tf.tensor(values, [rows, ...perExample(model)])) as tf.Tensor2D;
  const expected = (modelOutput === 'logits' ? tf.softmax(given) : given).dataSync<'float32'>();
  const input = { name: 'input', type: 'float32', shape: [rows, 1, 28, 28], values } as const;
  const output = { name: 'probabilities', type: 'float32', shape: [rows, 10], values: expected } as const;
  await assertAgreement({ bytes, inputs: [input], outputs: [output] }, ON_NODE);
  const { dims, data } = (await ON_NODE(bytes, [input])).logits!;
  const fromLogits = tf.softmax(tf.tensor2d(data, dims as [number, number])).dataSync<'float32'>();
  assert.ok(maxAbsDifference(fromLogits, expected) <= PARITY_TOLERANCE, 'softmax of the logits differs');
  return operatorsOf(bytes);
}

const perExample = ({ inputs }: LayersModel) => inputs[0]!.shape.slice(1) as number[];

const count = (operators: string[], name: string) => operators.filter((operator) => operator === name).length;

test('experiment A: only the batch norms before a padded convolution or a fork stay', async () => {
  const operators = await assertClassifier(bottleneckNet(32, 2));
  // One before block 1 (read twice), and one in each block before its 3x3 convolution.
  assert.equal(count(operators, 'BatchNormalization'), 3);
  assert.equal(count(operators, 'Conv'), 7);
  assert.equal(count(operators, 'Transpose') + count(operators, 'Identity') + count(operators, 'Reshape'), 0);
  assert.equal(operators.length, 25);
});

test('experiment B: every batch norm is folded, shortcuts with a stride included', async () => {
  for (const activation of ['relu', 'tanh'] as const) {
    const operators = await assertClassifier(basicBlockNet(16, activation));
    assert.deepEqual(
      new Set(operators),
      new Set([
        'Conv',
        activation === 'relu' ? 'Relu' : 'Tanh',
        'MaxPool',
        'Add',
        'ReduceMean',
        'Gemm',
        'Relu',
        'Softmax',
      ]),
    );
    assert.equal(count(operators, 'Conv'), 8);
  }
});

test('24c5-pool-32c3-pool-256-10: nothing but its own layers', async () => {
  assert.deepEqual(await assertClassifier(plainNet()), [
    'Conv',
    'Relu',
    'MaxPool',
    'Conv',
    'Relu',
    'MaxPool',
    'Flatten',
    'Gemm',
    'Relu',
    'Gemm',
    'Softmax',
  ]);
});

for (const recipe of RECIPE_NETWORKS) {
  test(`the network of ${recipe}, as it is trained, gives the same in Node and in WebAssembly`, async () => {
    await assertSubject(recipeSubject(recipe));
  });
}

test('the default model gives the same in Node and in WebAssembly', async () => {
  await assertSubject(DEFAULT_MODEL);
});

for (const activation of Object.keys(ACTIVATIONS) as Activation[]) {
  test(`${activation} exports, within layers with weights and alone`, async () => {
    const { architecture, model } = narrowed(
      resolveRecipe('bottleneck-32x2', 1, [`activation=${activation}`]),
    );
    await assertClassifier(buildModel(architecture, model as never, 1));
  });
}

test('experiments B and C, as they are trained: every batch norm is folded into the convolution before it', async () => {
  const residual = ['Conv', 'Relu', 'Conv', 'Add', 'Relu'];
  assert.deepEqual(await assertClassifier(recipeNetwork('basic-block-64x3')), [
    ...['Conv', 'Relu', 'MaxPool', ...residual, ...residual, ...residual],
    ...['ReduceMean', 'Gemm', 'Relu', 'Gemm', 'Softmax'],
  ]);
  const pair = ['Conv', 'Relu', 'Conv', 'Relu', 'MaxPool'];
  assert.deepEqual(await assertClassifier(recipeNetwork('conv-pairs-16x4')), [
    ...[...pair, ...pair, 'Flatten', 'Gemm', 'Relu', 'Gemm', 'Relu', 'Gemm', 'Softmax'],
  ]);
});

test('nodes and constants bear the names of the layers; equal constants stand once', () => {
  const graph = parseGraph(convert(bottleneckNet(8, 1), { metadata: { recipe: 'a' } }).bytes);
  const names = graph.node.map(({ name }) => name);
  for (const name of ['stem', 'stem/relu', 'block1_add', 'hidden', 'logits', 'probabilities']) {
    assert.ok(names.includes(name), `${name} is not among ${names}`);
  }
  const constants = graph.initializer.map(({ name }) => name);
  assert.ok(constants.includes('stem/kernel') && constants.includes('logits/bias'));
  const contents = graph.initializer.map(
    ({ dims, rawData }) => `${dims} ${Buffer.from(rawData).toString('hex')}`,
  );
  assert.equal(new Set(contents).size, contents.length);
});

test('a model that ends in logits, or takes flat pictures, gets the same two outputs', async () => {
  await assertClassifier(chain([28, 28, 1], l.flatten(), l.dense({ units: 10 })));
  await assertClassifier(chain([784], l.dense({ units: 10, activation: 'softmax' })));
  await assertClassifier(
    chain(
      [28, 28],
      l.reshape({ targetShape: [28, 28, 1] }),
      l.globalAveragePooling2d({}),
      l.dense({ units: 10 }),
      l.softmax(),
    ),
  );
  // A feature map flattened straight into the classes: here the order of the values has to be restored.
  const operators = await assertClassifier(
    chain(
      [28, 28, 1],
      l.conv2d({ filters: 5, kernelSize: [27, 28], activation: 'relu' }),
      l.flatten(),
      l.softmax(),
    ),
  );
  assert.equal(count(operators, 'Gather'), 1);
  // The softmax of a map, over its channels, before it is flattened.
  const convolution = l.conv2d({ filters: 10, kernelSize: 28, activation: 'softmax' });
  assert.deepEqual(await assertClassifier(chain([28, 28, 1], convolution, l.flatten())), [
    'Conv',
    'Flatten',
    'Softmax',
  ]);
});

test('layers that bear the names of the outputs do not take them', async () => {
  await assertClassifier(
    chain(
      [28, 28, 1],
      l.flatten({ name: 'probabilities' }),
      l.dense({ units: 12, name: 'input' }),
      l.dense({ units: 11, name: 'logits' }),
      l.dense({ units: 10, activation: 'softmax' }),
    ),
  );
});

test('a shared layer and a nested model keep one set of weights', async () => {
  const shared = l.conv2d({ filters: 3, kernelSize: 3, padding: 'same', name: 'shared' });
  const nested = tfl.sequential({
    layers: [
      l.dense({ units: 6, inputShape: [6], activation: 'relu' }),
      l.batchNormalization(),
      l.dense({ units: 6 }),
    ],
  });
  const input = tfl.input({ shape: [6, 6, 3] });
  const once = shared.apply(input) as tfl.SymbolicTensor;
  const twice = l.flatten().apply(shared.apply(once)) as tfl.SymbolicTensor;
  const narrow = l.dense({ units: 6 }).apply(twice);
  const output = nested.apply(nested.apply(narrow)) as tfl.SymbolicTensor;
  const { conversion } = await assertParity(tfl.model({ inputs: input, outputs: output }));
  const constants = parseGraph(conversion.bytes).initializer.filter(({ name }) => name.startsWith('shared'));
  assert.equal(constants.length, 2);
});

test('batch norm is folded exactly where that changes nothing', async () => {
  const norm = () => l.batchNormalization();
  const conv = (options: Partial<Parameters<typeof l.conv2d>[0]> = {}) =>
    l.conv2d({ filters: 4, kernelSize: 3, ...options });
  const cases: [left: number, ...layers: tfl.layers.Layer[]][] = [
    [0, conv(), norm()],
    [0, conv({ useBias: false, padding: 'same' }), norm()],
    [0, l.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }), norm()],
    [0, l.flatten(), l.dense({ units: 5 }), norm()],
    [0, norm(), conv()],
    [1, norm(), conv({ padding: 'same' })],
    [0, l.batchNormalization({ center: false, scale: true }), l.dense({ units: 3 })],
    [0, norm(), l.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 3 })],
    [0, norm(), l.averagePooling2d({ poolSize: 2, padding: 'same' }), conv()],
    [0, norm(), l.globalAveragePooling2d({}), l.dense({ units: 4 })],
    [0, norm(), l.flatten(), l.dense({ units: 4, useBias: false })],
    [1, norm(), l.globalMaxPooling2d({}), l.dense({ units: 4 })],
    [0, l.batchNormalization({ scale: false }), l.globalMaxPooling2d({}), l.dense({ units: 4 })],
    [1, norm(), l.flatten(), l.activation({ activation: 'tanh' })],
    // The first channel's seeded scale is negative: the largest value would become the smallest.
    [1, norm(), l.maxPooling2d({ poolSize: 2 }), conv()],
    [0, l.batchNormalization({ scale: false }), l.maxPooling2d({ poolSize: 2 }), conv()],
    [1, conv({ activation: 'relu' }), norm()],
    [0, conv(), norm(), conv(), norm(), norm()],
    [1, l.activation({ activation: 'tanh' }), norm(), l.activation({ activation: 'tanh' })],
    [0, norm(), l.dense({ units: 4 })],
    // Without an offset the padding stays what it was.
    [0, l.rescaling({ scale: 3 }), conv({ padding: 'same' })],
    [0, conv(), l.rescaling({ scale: 3, offset: 1 }), conv()],
    [1, l.rescaling({ scale: 3, offset: 1 }), conv({ padding: 'same' })],
  ];
  for (const [left, ...layers] of cases) {
    const { operators } = await assertParity(chain([7, 6, 3], ...layers), { seed: 3 });
    const names = layers.map((layer) => layer.getClassName()).join(' > ');
    assert.equal(count(operators, 'BatchNormalization'), left, `${names}: ${operators}`);
  }
});

test('zero padding becomes the pads of the convolution behind it, of a pool it does not', async () => {
  const pad = () =>
    l.zeroPadding2d({
      padding: [
        [1, 2],
        [0, 1],
      ],
    });
  const conv = l.conv2d({ filters: 2, kernelSize: 3, strides: 2, padding: 'same' });
  assert.deepEqual((await assertParity(chain([7, 6, 3], pad(), conv))).operators, ['Conv']);
  const pooled = await assertParity(chain([7, 6, 3], pad(), l.maxPooling2d({ poolSize: 2 })));
  assert.deepEqual(pooled.operators, ['Pad', 'MaxPool']);
  const normed = await assertParity(
    chain([7, 6, 3], l.batchNormalization(), pad(), l.conv2d({ filters: 2, kernelSize: 3 })),
  );
  assert.deepEqual(normed.operators, ['BatchNormalization', 'Conv']);
});

test('the same model gives the same bytes', () => {
  const model = randomize(tinyNet());
  assert.deepEqual(convert(model).bytes, convert(model).bytes);
});
