import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import { TenfoldError } from '../../core/errors.js';
import { RUN_FILES } from '../../core/run.js';
import { exportGraph } from '../../export/export-graph.js';
import { temporaryFolder, writeModel } from './run-fixture.js';
import { chain, l, parseGraph, randomize } from './support.js';

const apply = (layer: tfl.layers.Layer, ...inputs: SymbolicTensor[]) =>
  layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as SymbolicTensor;

/** One of each thing that the descriptions below break: a nested model, a layer used twice, a ReLU, a convolution. */
function network(): LayersModel {
  const input = tfl.input({ shape: [6, 6, 2], name: 'picture' });
  const features = chain([6, 6, 2], l.conv2d({ filters: 2, kernelSize: 3, padding: 'same', name: 'edges' }));
  features.name = 'features';
  const relu = l.reLU({ name: 'bend' });
  const twice = apply(relu, apply(features, apply(relu, apply(features, input))));
  const pooled = apply(l.globalAveragePooling2d({ name: 'pooled' }), twice);
  const row = apply(l.dense({ units: 4, name: 'row' }), pooled);
  return randomize(
    tfl.model({
      inputs: input,
      outputs: apply(l.add({ name: 'sum' }), row, apply(l.dense({ units: 4, name: 'side' }), pooled)),
      name: 'net',
    }),
  );
}

async function written(context: TestContext): Promise<{ folder: string; model: string; out: string }> {
  const folder = temporaryFolder(context);
  const model = await writeModel(join(folder, 'model'), network());
  return { folder, model, out: join(folder, 'out', 'net.onnx') };
}

test('a nested model with shared layers goes from its file into one .onnx file', async (context) => {
  const { model, out } = await written(context);
  const { nodes, bytes, inputs, parity } = await exportGraph(model, out);
  const file = readFileSync(out);
  assert.equal(file.length, bytes);
  assert.equal(parseGraph(file).node.length, nodes);
  assert.deepEqual(inputs, [{ name: 'input', type: 'float32', shape: ['batch', 2, 6, 6], axes: [2, 0, 1] }]);
  assert.ok(parity.maxDiff < 1e-6, `${parity.maxDiff}`);
});

test('layers that TensorFlow.js cannot run within a model are compared all the same', async (context) => {
  const folder = temporaryFolder(context);
  const ends = [l.resizing({ height: 4, width: 9 }), l.centerCrop({ height: 9, width: 4 })];
  for (const end of ends) {
    const inner = chain([6, 6, 2], l.conv2d({ filters: 2, kernelSize: 3, padding: 'same' }), end);
    const file = await writeModel(join(folder, end.name), randomize(inner));
    const { parity } = await exportGraph(file, join(folder, `${end.name}.onnx`));
    assert.ok(parity.maxDiff < 1e-6, `${parity.maxDiff}`);
  }
});

test('how weights were drawn at first does not matter: they are given', async (context) => {
  const { model, out } = await written(context);
  const json = JSON.parse(readFileSync(model, 'utf8')) as { modelTopology: Entry };
  // TensorFlow.js would draw until a number is within two deviations, which none is.
  find(json.modelTopology, 'edges')!.config.kernel_initializer = {
    class_name: 'TruncatedNormal',
    config: { stddev: null, mean: 'none' },
  };
  writeFileSync(model, JSON.stringify(json));
  await exportGraph(model, out);
});

/** A change of a layer's entry in `model.json`, by the layer's name; `net` is the model itself. */
interface Damage {
  title: string;
  layer: string;
  change: (entry: Entry) => void;
  code: 'bad-input' | 'corrupt';
  message: RegExp;
}

interface Entry {
  class_name: string;
  config: Record<string, unknown> & { layers?: Entry[] };
  inbound_nodes: [layer: string, node: number, tensor: number, options: object][][];
}

const DAMAGES: readonly Damage[] = [
  {
    title: 'a Lambda',
    layer: 'bend',
    change: (entry) => {
      entry.class_name = 'Lambda';
    },
    code: 'bad-input',
    message:
      /for the class of the layer "bend", layer 3 of 7 of the model "net", got Lambda\. A Lambda keeps its function outside the file/,
  },
  {
    title: 'an unknown class in a nested model',
    layer: 'edges',
    change: (entry) => {
      entry.class_name = 'Capsule';
    },
    code: 'bad-input',
    message: /for the class of the layer "edges", layer 2 of 2 of the model "features" in "net", got Capsule/,
  },
  {
    title: 'a slope that TensorFlow.js passes over',
    layer: 'bend',
    change: ({ config }) => {
      config.negative_slope = 0.1;
    },
    code: 'bad-input',
    message:
      /Expected 0, since TensorFlow\.js computes without the option, for negative_slope of the layer "bend" \(ReLU\), layer 3 of 7 of the model "net", got 0\.1/,
  },
  {
    title: 'groups that TensorFlow.js passes over',
    layer: 'edges',
    change: ({ config }) => {
      config.groups = 2;
    },
    code: 'bad-input',
    message: /for groups of the layer "edges" \(Conv2D\).* got 2/,
  },
  {
    title: 'a cycle',
    layer: 'pooled',
    change: ({ inbound_nodes }) => {
      inbound_nodes[0]![0] = ['side', 0, 0, {}];
    },
    code: 'bad-input',
    message:
      /Expected inputs that come from the inputs of the model for the layers .*"pooled".* of the model "net", got a cycle/,
  },
  {
    title: 'a layer that is not there',
    layer: 'row',
    change: ({ inbound_nodes }) => {
      inbound_nodes[0]![0]![0] = 'gone';
    },
    code: 'bad-input',
    message:
      /for the layers "row", "sum" of the model "net", got the output of "gone", which the model does not have/,
  },
  {
    title: 'a layer without inputs that another reads',
    layer: 'side',
    change: (entry) => {
      entry.inbound_nodes = [];
    },
    code: 'bad-input',
    message: /for the layers "sum" of the model "net", got a cycle, or a layer without inputs/,
  },
  {
    title: 'a layer whose one use reads nothing',
    layer: 'side',
    change: (entry) => {
      entry.inbound_nodes = [[]];
    },
    code: 'bad-input',
    message: /for the layers "sum" of the model "net", got a cycle, or a layer without inputs/,
  },
  {
    title: 'a use before the first of a layer that is not there',
    layer: 'row',
    change: ({ inbound_nodes }) => {
      inbound_nodes[0]![0] = ['gone', -1, 0, {}];
    },
    code: 'bad-input',
    message:
      /for the layers "row", "sum" of the model "net", got the output of "gone", which the model does not have/,
  },
  {
    title: 'a use that is not made',
    layer: 'pooled',
    change: ({ inbound_nodes }) => {
      inbound_nodes[0]![0]![1] = 5;
    },
    code: 'bad-input',
    message: /for the layers .*"pooled".* of the model "net", got a cycle, or a layer without inputs/,
  },
  {
    title: 'shapes that do not fit',
    layer: 'row',
    change: ({ config }) => {
      config.units = 5;
    },
    code: 'corrupt',
    message:
      /Expected a Layers model whose weights fit its layers for .*model\.json, got ".*broadcast.*\[4\]/,
  },
  {
    title: 'an activation of another program',
    layer: 'row',
    change: ({ config }) => {
      config.activation = 'snake';
    },
    code: 'bad-input',
    message:
      /Expected one of elu, .*hard_sigmoid.* for activation of the layer "row" \(Dense\), layer 5 of 7 of the model "net", got snake/,
  },
  {
    title: 'an exponential linear unit of another height',
    layer: 'bend',
    change: (entry) => {
      entry.class_name = 'ELU';
      entry.config = { name: 'bend', alpha: 0.5 };
    },
    code: 'bad-input',
    message: /Expected 1, .* for alpha of the layer "bend" \(ELU\).* got 0\.5/,
  },
  {
    title: 'a normalisation by the root mean square',
    layer: 'row',
    change: (entry) => {
      entry.class_name = 'LayerNormalization';
      entry.config.rms_scaling = true;
    },
    code: 'bad-input',
    message: /Expected false, .* for rms_scaling of the layer "row" \(LayerNormalization\).* got true/,
  },
  {
    title: 'an output that no layer gives',
    layer: 'net',
    change: ({ config }) => {
      config.output_layers = [['nowhere', 0, 0]];
    },
    code: 'bad-input',
    message: /Expected some of its layers, .*sum for the output_layers of the model "net", got "nowhere"/,
  },
];

function find(entry: Entry, name: string): Entry | undefined {
  if (entry.config.name === name) return entry;
  return entry.config.layers?.map((inner) => find(inner, name)).find((found) => found);
}

async function assertRefused(
  { model, out, folder }: { model: string; out: string; folder: string },
  code: string,
  message: RegExp,
): Promise<void> {
  await assert.rejects(exportGraph(model, out), (error) => {
    assert.ok(error instanceof TenfoldError, String(error));
    assert.match(error.message, message);
    assert.equal(error.code, code);
    return true;
  });
  assert.equal(existsSync(join(folder, 'out')), false);
}

for (const { title, layer, change, code, message } of DAMAGES) {
  test(`nothing is written for ${title}`, async (context) => {
    const files = await written(context);
    const json = JSON.parse(readFileSync(files.model, 'utf8')) as { modelTopology: Entry };
    change(find(json.modelTopology, layer)!);
    writeFileSync(files.model, JSON.stringify(json));
    await assertRefused(files, code, message);
  });
}

interface Manifest {
  weightsManifest: { paths: string[]; weights: { name: string; dtype: string; quantization?: object }[] }[];
}

/** Rewrites the list of weights, and gives the file of their bytes. */
function editManifest(
  model: string,
  change: (group: Manifest['weightsManifest'][0], weights: string) => void,
): void {
  const json = JSON.parse(readFileSync(model, 'utf8')) as Manifest;
  change(json.weightsManifest[0]!, join(model, '..', RUN_FILES.weights));
  writeFileSync(model, JSON.stringify(json));
}

test('weights in several shards are put together; a shard too few, cut off, or gone is named', async (context) => {
  const files = await written(context);
  editManifest(files.model, (group, weights) => {
    const bytes = readFileSync(weights);
    group.paths = ['group1-shard1of2.bin', 'group1-shard2of2.bin'];
    writeFileSync(join(weights, '..', group.paths[0]!), bytes.subarray(0, 50));
    writeFileSync(join(weights, '..', group.paths[1]!), bytes.subarray(50));
    rmSync(weights);
  });
  await exportGraph(files.model, files.out);
  rmSync(join(files.folder, 'out'), { recursive: true });
  const second = join(files.model, '..', 'group1-shard2of2.bin');
  writeFileSync(second, readFileSync(second).subarray(0, 20));
  await assertRefused(
    files,
    'corrupt',
    /Expected \d+ bytes for the 6 weights in group1-shard1of2\.bin \+ group1-shard2of2\.bin, got 70 bytes\. The file was cut off/,
  );
  rmSync(second);
  await assertRefused(files, 'not-found', /group1-shard2of2\.bin/);
});

test('a type of weights that TensorFlow.js does not know is named, quantised ones too', async (context) => {
  const files = await written(context);
  editManifest(files.model, ({ weights }) => {
    weights[0]!.dtype = 'bfloat16';
  });
  await assertRefused(
    files,
    'bad-input',
    /for the type of the weight "edges\/kernel" .* in model\.json, got "bfloat16"/,
  );
  editManifest(files.model, ({ weights }) => {
    weights[0]!.dtype = 'float32';
    weights[0]!.quantization = { dtype: 'int4' };
  });
  await assertRefused(files, 'bad-input', /for the quantised type of the weight .* got "int4"/);
});

test('weights that were made bytes are exported as TensorFlow.js restores them', async (context) => {
  const folder = temporaryFolder(context);
  const model = await writeModel(folder, chain([2], l.dense({ units: 2, name: 'row' })));
  editManifest(model, ({ weights }, file) => {
    for (const weight of weights) weight.quantization = { dtype: 'uint8', scale: 0.5, min: -1 };
    writeFileSync(file, Uint8Array.of(0, 1, 2, 3, 4, 6));
  });
  await exportGraph(model, join(folder, 'row.onnx'));
  const { initializer } = parseGraph(new Uint8Array(readFileSync(join(folder, 'row.onnx'))));
  const values = initializer.map(({ name, rawData }) => [
    name,
    [...new Float32Array(rawData.slice().buffer)],
  ]);
  assert.deepEqual(Object.fromEntries(values), { 'row/kernel': [-1, -0.5, 0, 0.5], 'row/bias': [1, 2] });
});
