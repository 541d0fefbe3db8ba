import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import { disposeVariables } from '@tensorflow/tfjs-core';
import { buildModel } from '../../../train/models/architectures.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';
import { graphNodes } from '../../../train/tensorboard/graph.js';

after(() => disposeVariables());

test('every network is a graph whose arrows lead from somewhere, and whose parameters are all of them', () => {
  for (const name of ['fast', 'speedrun', 'bottleneck-32x2', 'basic-block-64x3', 'conv-pairs-16x4']) {
    const { architecture, model: settings, seed } = resolveRecipe(name, 1, []);
    const model = buildModel(architecture, settings as never, seed);
    const nodes = graphNodes(model);
    const names = new Set(nodes.map((node) => node.name));
    assert.equal(names.size, nodes.length, `${name}: a name stands twice`);
    for (const node of nodes) {
      for (const input of node.inputs) assert.ok(names.has(input), `${name}: ${node.name} takes ${input}`);
    }
    const withInputs = nodes.filter(({ inputs }) => inputs.length > 0).length;
    const weights = nodes.filter(({ op }) => op === 'Variable');
    assert.equal(
      withInputs + weights.length + 1,
      nodes.length,
      `${name}: one input, all else takes something`,
    );
    const parameters = weights.reduce(
      (sum, { shape }) => sum + shape.reduce<number>((size, extent) => size * extent!, 1),
      0,
    );
    assert.equal(parameters, model.countParams(), name);
    model.dispose();
  }
});

test('a layer is shown with its weights, settings and the shape of its output', () => {
  const { architecture, model: settings, seed } = resolveRecipe('speedrun', 1, []);
  const model = buildModel(architecture, settings as never, seed);
  const [image, ...nodes] = graphNodes(model);
  assert.deepEqual(image, {
    name: 'image',
    op: 'InputLayer',
    inputs: [],
    shape: [null, 28, 28, 1],
    attributes: {},
  });
  const convolution = nodes.find(({ op }) => op === 'Conv2D')!;
  assert.equal(convolution.name, 'conv2d_1/Conv2D');
  assert.deepEqual(convolution.inputs.slice(1), ['conv2d_1/kernel', 'conv2d_1/bias']);
  const { filters, kernelSize, parameters } = convolution.attributes;
  assert.deepEqual(
    { filters, kernelSize, parameters },
    { filters: 24, kernelSize: [5, 5], parameters: 24 * 25 + 24 },
  );
  const kernel = nodes.find(({ name }) => name === 'conv2d_1/kernel');
  assert.deepEqual(kernel, {
    name: 'conv2d_1/kernel',
    op: 'Variable',
    inputs: [],
    shape: [5, 5, 1, 24],
    attributes: {},
  });
  assert.deepEqual(
    [nodes.at(-1)!.name, nodes.at(-1)!.inputs, nodes.at(-1)!.shape],
    ['probabilities', ['logits/Dense'], [null, 10]],
  );
  model.dispose();
});
