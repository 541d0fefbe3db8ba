import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialization } from '@tensorflow/tfjs-core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { TenfoldError } from '../../core/errors.js';
import { convert, convertNetwork } from '../../export/convert.js';
import { REFUSED_LAYERS, SUPPORTED_LAYERS } from '../../export/layers/index.js';
import { tinyNet } from './networks.js';
import { chain, type Layer, l } from './support.js';

test('every layer class that TensorFlow.js registers is exported, or refused with a reason', () => {
  const registered = Object.entries(serialization.SerializationMap.getMap().classNameMap)
    .filter(([, [layer]]) => layer.prototype instanceof tfl.layers.Layer)
    .map(([name]) => name)
    .filter((name) => !['LocalResponseNormalization', 'Sequential', 'Model', 'Functional'].includes(name));
  assert.ok(registered.length > 60, `${registered.length}`);
  const known: readonly string[] = [...SUPPORTED_LAYERS, ...REFUSED_LAYERS];
  assert.deepEqual(
    registered.filter((name) => !known.includes(name)),
    [],
  );
});

function assertRefused(work: () => unknown, message: RegExp): void {
  assert.throws(work, (error) => {
    assert.ok(error instanceof TenfoldError, String(error));
    assert.equal(error.code, 'bad-input');
    assert.match(error.message, message);
    return true;
  });
}

/** What TensorFlow.js cannot run or computes wrongly, and what a graph cannot say. */
const LAYERS: [input: number[], layer: () => Layer, message: RegExp][] = [
  [
    [5, 4],
    () => l.gru({ units: 3, recurrentInitializer: 'zeros' }),
    /Expected one of Activation, Add, .*, ZeroPadding2D for the class of the layer "gru_\w+", layer 2 of 2 of the model "\w+", got GRU\. Recurrent layers read sequences/,
  ],
  [[5, 4], () => l.masking(), /got Masking\. Masks are not carried into the graph/],
  [
    [6, 6, 2],
    () => l.depthwiseConv2d({ kernelSize: 3, dilationRate: 2 }),
    /Expected \[1, 1\] \(TensorFlow\.js ignores others\) for dilationRate of the layer "\w+" \(DepthwiseConv2D\), got \[2,2\]/,
  ],
  [
    [6, 6, 2],
    () => l.conv2dTranspose({ filters: 2, kernelSize: 3, dilationRate: 2 } as never),
    /Expected \[1, 1\] \(TensorFlow\.js ignores others\) for dilationRate .* got \[2,2\]/,
  ],
  [
    [6, 6, 2],
    () => l.conv2d({ filters: 2, kernelSize: 3, strides: 2, dilationRate: 2 }),
    /Expected 1 beside a dilationRate \(TensorFlow\.js runs no other\) for strides .* got strides \[2,2\] and dilationRate \[2,2\]/,
  ],
  [
    [6, 2],
    () => l.conv1d({ filters: 2, kernelSize: 3, padding: 'causal' }),
    /Expected valid or same \(TensorFlow\.js has no causal one\) for padding .* got causal/,
  ],
  [
    [6, 4],
    () => l.conv1d({ filters: 2, kernelSize: 3, dataFormat: 'channelsFirst' }),
    /Expected channelsLast .* for dataFormat of the layer "\w+" \(Conv1D\), got channelsFirst/,
  ],
  [
    [2, 6, 6],
    () => l.separableConv2d({ filters: 2, kernelSize: 3, dataFormat: 'channelsFirst' }),
    /Expected false with channelsFirst \(TensorFlow\.js adds it along the height\) for useBias/,
  ],
  [
    [6, 6, 3],
    () => l.batchNormalization({ axis: 1 }),
    /Expected -1 or 3, the last \(along others TensorFlow\.js's cpu backend fails or errs\), for axis of the layer .* got 1/,
  ],
  [[6, 6, 3], () => l.softmax({ axis: 1 }), /Expected -1 or 3, the last .* for axis of the layer .* got 1/],
  [
    [6, 6, 3],
    () => l.softmax({ axis: [0, 1] as unknown as number }),
    /Expected 1 to 3, one beside the batch, for axis .* got 0,1/,
  ],
  [[2, 2, 2, 2], () => l.layerNormalization(), /Expected at most three dimensions beside the batch/],
  [
    [4],
    () => l.embedding({ inputDim: 3, outputDim: 2, maskZero: true }),
    /Expected false: masks are not carried into the graph for maskZero/,
  ],
];

test('a layer or an option that has no like in the graph, or that TensorFlow.js errs in, is named', () => {
  for (const [input, layer, message] of LAYERS) {
    assertRefused(() => convertNetwork(chain(input, layer())), message);
  }
});

test('joining along the batch, or counting from the end where TensorFlow.js does not, is refused', () => {
  const joined = (axis: number): LayersModel => {
    const inputs = [tfl.input({ shape: [4, 5] }), tfl.input({ shape: [4, 5] })];
    return tfl.model({ inputs, outputs: l.concatenate({ axis }).apply(inputs) as SymbolicTensor });
  };
  assertRefused(() => convertNetwork(joined(0)), /Expected 1 to 2, one beside the batch, for axis/);
  assertRefused(
    () => convertNetwork(joined(-2)),
    /Expected -1 or above \(TensorFlow\.js takes every other for -1\)/,
  );
});

test('a layer of a nested model is named with all models around it', () => {
  const memory = l.gru({ units: 2, recurrentInitializer: 'zeros', inputShape: [4, 3], name: 'memory' });
  const inner = tfl.sequential({ name: 'inner', layers: [memory] });
  const middle = chain([4, 3], inner);
  middle.name = 'middle';
  const outer = chain([4, 3], middle);
  outer.name = 'outer';
  assertRefused(
    () => convertNetwork(outer),
    /for the class of the layer "memory", layer 1 of 1 of the model "inner" in "middle" in "outer", got GRU/,
  );
});

test('a shape that is open, or a window larger than what it slides over, is refused', () => {
  const input = tfl.input({ shape: [null, 3] });
  const open = tfl.model({ inputs: input, outputs: l.dense({ units: 2 }).apply(input) as SymbolicTensor });
  assertRefused(
    () => convertNetwork(open),
    /a shape of which only the batch is open.* got \[batch, null, 3\]/,
  );
  const wide = chain([4, 4, 1], l.maxPooling2d({ poolSize: 5 }));
  assertRefused(
    () => convertNetwork(wide),
    /no other dimension empty for the output of .* got \[batch, 0, 0, 1\]/,
  );
});

test('what cannot become a bundle is named', () => {
  const cases: [model: LayersModel, message: RegExp][] = [
    [
      chain([32, 32, 1], l.flatten(), l.dense({ units: 10 })),
      /Expected \[batch, 28, 28, 1\] for the input of the model .* got \[batch, 32, 32, 1\]/,
    ],
    [
      chain([28, 28, 1], l.flatten(), l.dense({ units: 9 })),
      /Expected \[batch, 10\] for the output of the model .* got \[batch, 9\]/,
    ],
    [
      chain([28, 28, 1], l.flatten(), l.dense({ units: 10, activation: 'sigmoid' })),
      /Expected a softmax, or a layer without activation that gives the logits for the end of the model.* got Sigmoid/,
    ],
  ];
  const map = (activation: 'sigmoid' | 'softmax') =>
    chain([28, 28, 1], l.conv2d({ filters: 5, kernelSize: [28, 27], activation }), l.flatten());
  cases.push([map('sigmoid'), /for the end of the model, the layer "conv2d_\w+\/sigmoid", got Sigmoid/]);
  cases.push([map('softmax'), /for the end of the model, the layer "conv2d_\w+\/softmax", got Softmax/]);
  for (const [model, message] of cases) assertRefused(() => convert(model), message);
  const { inputs, outputs } = tinyNet();
  const double = tfl.model({ inputs, outputs: [outputs[0]!, outputs[0]!.inputs[0]!], name: 'double' });
  assertRefused(() => convert(double), /Expected one for the outputs of the model "double"/);
});

/** Two heads of ten, averaged. */
function average(...activations: ('linear' | 'softmax')[]): LayersModel {
  const input = tfl.input({ shape: [28, 28, 1] });
  const row = l.flatten().apply(input) as SymbolicTensor;
  const heads = activations.map((activation) => l.dense({ units: 10, activation }).apply(row));
  return tfl.model({
    inputs: input,
    outputs: l.average({ name: 'mean' }).apply(heads as SymbolicTensor[]) as SymbolicTensor,
  });
}

const pooled = (activation: 'linear' | 'softmax') =>
  chain(
    [28, 28, 1],
    l.conv2d({ filters: 10, kernelSize: 7, strides: 7, activation }),
    l.globalAveragePooling2d({}),
  );

test('what is made of probabilities linearly is not taken for logits', () => {
  const mixed =
    /for the end of the model, the layer "\w+\/softmax", got Softmax, of which "\w+" makes the output/;
  const normed = chain(
    [28, 28, 1],
    l.flatten(),
    l.dense({ units: 10, activation: 'softmax' }),
    l.batchNormalization(),
  );
  for (const model of [
    average('softmax', 'softmax'),
    average('linear', 'softmax'),
    pooled('softmax'),
    normed,
  ]) {
    assertRefused(() => convert(model), mixed);
  }
  for (const model of [average('linear', 'linear'), pooled('linear')]) {
    assert.equal(convert(model).modelOutput, 'logits');
  }
});
