import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  input,
  type LayersModel,
  layers,
  model as layersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { buildModel } from '../../../train/models/architectures.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';
import { type Layer, readLayers, sections } from '../../../train/reports/network.js';
import { branchByBranch, folded } from '../../../train/reports/network-order.js';
import { drawNetwork } from '../../../train/reports/network-plot.js';

/** What `model.json` holds of it, without the weights' values. */
const asModelJson = (model: LayersModel): unknown => ({
  modelTopology: model.toJSON(undefined, false),
  weightsManifest: [
    { weights: model.weights.map(({ originalName, shape }) => ({ name: originalName, shape })) },
  ],
});

/** The network of a recipe, made small. */
function built(name: string, ...settings: string[]): LayersModel {
  const { architecture, model } = resolveRecipe(name, 1, settings);
  return buildModel(architecture, model as never, 1);
}

const bottleneck = () => built('bottleneck-32x2', 'filters=4', 'blocks=3', 'denseUnits=8', 'dropout=0.5');

const NETWORKS: Record<string, () => LayersModel> = {
  bottleneck,
  'basic blocks': () => built('basic-block-64x3', 'filters=4', 'denseUnits=8'),
  compact: () => built('fast', 'filters=4'),
  'pairs of convolutions': () => built('conv-pairs-16x4', 'filters=2', 'firstDenseUnits=8'),
  plain: () => built('speedrun', 'denseUnits=8'),
  'four branches': inception,
};

/** Layers that our recipes may come to use: padding, strides, a depthwise convolution, branches of channels. */
function inception(): LayersModel {
  const image = input({ shape: [28, 28, 1] });
  const apply = (
    layer: { apply(x: SymbolicTensor | SymbolicTensor[]): unknown },
    x: SymbolicTensor | SymbolicTensor[],
  ) => layer.apply(x) as SymbolicTensor;
  const padded = apply(
    layers.zeroPadding2d({
      padding: [
        [1, 2],
        [3, 0],
      ],
    }),
    image,
  );
  const stem = apply(
    layers.conv2d({ filters: 4, kernelSize: [5, 3], strides: [2, 3], activation: 'elu' }),
    padded,
  );
  const branches = [
    apply(layers.conv2d({ filters: 3, kernelSize: 1, useBias: false }), stem),
    apply(layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthMultiplier: 2 }), stem),
    apply(layers.separableConv2d({ filters: 5, kernelSize: 3, padding: 'same' }), stem),
    apply(
      layers.leakyReLU({ alpha: 0.01 }),
      apply(layers.averagePooling2d({ poolSize: 3, strides: 1, padding: 'same' }), stem),
    ),
  ];
  const joined = apply(layers.concatenate(), branches);
  const dilated = apply(layers.conv2d({ filters: 2, kernelSize: 3, dilationRate: 2 }), joined);
  const pooled = apply(layers.globalMaxPooling2d({}), dilated);
  return layersModel({ inputs: image, outputs: apply(layers.dense({ units: 10 }), pooled) });
}

for (const [name, build] of Object.entries(NETWORKS)) {
  test(`${name}: output shapes and parameters are what TensorFlow.js says, and no layer is lost on the way to the drawing`, () => {
    const model = build();
    const read = readLayers(asModelJson(model))!;
    for (const { name: own, shape, parameters } of read) {
      const layer = model.getLayer(own);
      assert.deepEqual(shape, (layer.outputShape as number[]).slice(1), `the shape after ${own}`);
      assert.equal(parameters, layer.countParams(), `the parameters of ${own}`);
    }
    assert.equal(read.length, model.layers.length);

    const ordered = branchByBranch(read);
    const wiring = (list: readonly Layer[]) =>
      list.map(({ name: own, inputs }) => `${own} <- ${inputs.map((place) => list[place]!.name)}`).sort();
    assert.deepEqual(wiring(ordered), wiring(read), 'another wiring');
    assert.ok(
      ordered.every(({ inputs }, place) => inputs.every((source) => source < place)),
      'before its input',
    );

    const total = (list: readonly Layer[]) => list.reduce((sum, { parameters }) => sum + parameters, 0);
    assert.equal(total(folded(ordered)), model.countParams(), 'parameters of the folded network');
    const counted = sections(ordered).map(({ layers: own, times }) => times * total(own));
    assert.equal(
      counted.reduce((sum, count) => sum + count, 0),
      model.countParams(),
      'parameters in sections',
    );
    assert.ok(
      drawNetwork(ordered, 'wide').content.markup.includes(
        `>${model.countParams().toLocaleString('en-US')}<`,
      ),
    );
    model.dispose();
  });
}

test('blocks that repeat themselves are one section, however the network goes on', () => {
  const model = bottleneck();
  const shown = sections(branchByBranch(readLayers(asModelJson(model))!));
  // conv, norm, conv, norm, conv, norm, add, ReLU
  assert.deepEqual(
    shown.map(({ layers: own, times }) => [own.length, times]),
    [
      [4, 1],
      [8, 3],
      [5, 1],
    ],
  );
  model.dispose();
});

test('what is no network of layers is none, and an unknown layer leaves the shapes after it unknown', () => {
  for (const model of [null, 3, {}, { modelTopology: { config: { layers: [] } } }])
    assert.equal(readLayers(model), null);
  const layer = (class_name: string, name: string, inbound: string[], config: object) => ({
    class_name,
    name,
    config: { name, ...config },
    inbound_nodes: inbound.length === 0 ? [] : [inbound.map((source) => [source, 0, 0, {}])],
  });
  const read = readLayers({
    modelTopology: {
      config: {
        layers: [
          layer('InputLayer', 'image', [], { batch_input_shape: [null, 28, 28, 1] }),
          layer('Attention', 'mystery', ['image'], {}),
          layer('Flatten', 'flat', ['mystery'], {}),
        ],
      },
    },
  })!;
  assert.deepEqual(
    read.map(({ shape }) => shape),
    [[28, 28, 1], null, null],
  );
  assert.match(drawNetwork(read, 'wide').content.markup, /shape not known/);
});
