import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { TenfoldError } from '../../core/errors.js';
import { decodeModel, encodeModel, type WeightSpec } from '../../core/model-json.js';

function smallModel(): layers.LayersModel {
  return layers.sequential({
    layers: [
      layers.layers.conv2d({ inputShape: [6, 6, 1], filters: 3, kernelSize: 3, activation: 'relu' }),
      layers.layers.batchNormalization(),
      layers.layers.flatten(),
      layers.layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
}

async function artifactsOf(model: layers.LayersModel): Promise<tf.io.ModelArtifacts> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  return saved!;
}

async function encodeSmall(): Promise<{ model: layers.LayersModel; modelJson: string; weights: Uint8Array }> {
  const model = smallModel();
  const { modelTopology, weightSpecs, weightData } = await artifactsOf(model);
  return {
    model,
    ...encodeModel(
      { modelTopology: modelTopology!, weightSpecs: weightSpecs!, weightData: weightData! },
      'weights.bin',
    ),
  };
}

/** The same model with its one weight file cut into shards of at most `size` bytes. */
function shard(
  modelJson: string,
  weights: Uint8Array,
  size: number,
): { modelJson: string; files: Map<string, Uint8Array> } {
  const parts = Array.from({ length: Math.ceil(weights.length / size) }, (_, index) =>
    weights.slice(index * size, (index + 1) * size),
  );
  const files = new Map(
    parts.map((part, index) => [`group1-shard${index + 1}of${parts.length}.bin`, part] as const),
  );
  const model = JSON.parse(modelJson);
  model.weightsManifest[0].paths = [...files.keys()];
  return { modelJson: JSON.stringify(model), files };
}

function corrupted(change: (model: ModelJson) => void, modelJson: string): string {
  const model = JSON.parse(modelJson) as ModelJson;
  change(model);
  return JSON.stringify(model);
}

interface ModelJson {
  format: string;
  weightsManifest: { paths: string[]; weights: { dtype: string; shape: unknown; quantization?: object }[] }[];
}

const withMessage = (code: string, pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof TenfoldError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, pattern);
  return true;
};

test('TensorFlow.js loads what encodeModel writes and computes the same values', async () => {
  const { model, modelJson, weights } = await encodeSmall();
  const decoded = decodeModel(modelJson, () => weights);
  const loaded = await layers.loadLayersModel(tf.io.fromMemory(decoded));
  const input = tf.randomUniform([2, 6, 6, 1], 0, 1, 'float32', 1);
  const expected = (model.predict(input) as tf.Tensor).dataSync();
  assert.deepEqual((loaded.predict(input) as tf.Tensor).dataSync(), expected);
});

test('writing and reading again changes nothing, whatever the shards', async () => {
  const { modelJson, weights } = await encodeSmall();
  const whole = decodeModel(modelJson, () => weights);
  assert.deepEqual(encodeModel(whole, 'weights.bin'), { modelJson, weights });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: weights.length }), (size) => {
      const sharded = shard(modelJson, weights, size);
      const decoded = decodeModel(sharded.modelJson, (path) => sharded.files.get(path)!);
      assert.deepEqual(decoded, whole);
    }),
    { numRuns: 20 },
  );
});

test('several weight groups are joined in their order', async () => {
  const { modelJson, weights } = await encodeSmall();
  const first = 3 * 3 * 1 * 3 * 4;
  const split = corrupted((model) => {
    const group = model.weightsManifest[0]!;
    model.weightsManifest = [
      { paths: ['a.bin'], weights: group.weights.slice(0, 1) },
      { paths: ['b.bin'], weights: group.weights.slice(1) },
    ];
  }, modelJson);
  const files = new Map([
    ['a.bin', weights.slice(0, first)],
    ['b.bin', weights.slice(first)],
  ]);
  const decoded = decodeModel(split, (path) => files.get(path)!);
  assert.deepEqual(new Uint8Array(decoded.weightData), weights);
});

test('a quantised weight is as long as its stored type, and TensorFlow.js restores it', async () => {
  const weightSpecs: WeightSpec[] = [
    {
      name: 'dense/kernel',
      shape: [2, 2],
      dtype: 'float32',
      quantization: { dtype: 'uint8', scale: 0.5, min: -1 },
    },
  ];
  const model = layers.sequential({
    layers: [layers.layers.dense({ name: 'dense', units: 2, inputShape: [2], useBias: false })],
  });
  const { modelTopology } = await artifactsOf(model);
  const { modelJson, weights } = encodeModel(
    { modelTopology: modelTopology!, weightSpecs, weightData: Uint8Array.of(0, 2, 4, 6) },
    'q.bin',
  );
  const loaded = await layers.loadLayersModel(tf.io.fromMemory(decodeModel(modelJson, () => weights)));
  assert.deepEqual([...loaded.getWeights()[0]!.dataSync()], [-1, 0, 1, 2]);
});

test('a truncated or overlong weight file is refused with both sizes', async () => {
  const { modelJson, weights } = await encodeSmall();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: weights.length * 2 }), (length) => {
      if (length === weights.length) return;
      const wrong = new Uint8Array(length);
      const expected = new RegExp(
        `Expected ${weights.length} bytes for the 8 weights in weights\\.bin, got ${length} bytes\\. The file ${
          length < weights.length ? 'was cut off' : 'is of another model'
        }`,
      );
      assert.throws(() => decodeModel(modelJson, () => wrong), withMessage('corrupt', expected));
    }),
    { numRuns: 20 },
  );
});

test('weights that do not fit their specifications are not written', () => {
  const artifacts = {
    modelTopology: {},
    weightSpecs: [{ name: 'kernel', shape: [2, 2], dtype: 'float32' as const }],
    weightData: new ArrayBuffer(12),
  };
  assert.throws(
    () => encodeModel(artifacts, 'weights.bin'),
    withMessage('bad-input', /Expected 16 bytes for the 1 weights in weights\.bin, got 12 bytes/),
  );
});

test('what is not a Layers model is refused by name', async () => {
  const { modelJson, weights } = await encodeSmall();
  const read = () => weights;
  const cases: [text: string, code: string, message: RegExp][] = [
    [modelJson.slice(0, 40), 'corrupt', /Expected JSON for model\.json/],
    ['[]', 'bad-input', /Expected "layers-model" with a modelTopology for format in model\.json/],
    [
      corrupted((model) => {
        model.format = 'graph-model';
      }, modelJson),
      'bad-input',
      /got "graph-model" \(string\)\. Save the model with LayersModel\.save/,
    ],
    [
      corrupted((model) => {
        model.weightsManifest = [{ paths: [], weights: [{ dtype: 'complex64', shape: [1] }] }];
      }, modelJson),
      'bad-input',
      /Expected float32 or int32 or bool for the type of the weight .*, got "complex64"/,
    ],
    [
      corrupted((model) => {
        model.weightsManifest[0]!.weights[0]!.quantization = { dtype: 'uint4' };
      }, modelJson),
      'bad-input',
      /Expected uint8 or uint16 or float16 for the quantised type .*, got "uint4"/,
    ],
    [
      corrupted((model) => {
        model.weightsManifest[0]!.weights[0]!.shape = [3, -1];
      }, modelJson),
      'corrupt',
      /Expected a list of whole numbers for the shape of the weight .*, got \[3,-1\]/,
    ],
    ['{"modelTopology": {}}', 'corrupt', /Expected a list of \{paths, weights\}/],
  ];
  for (const [text, code, message] of cases) {
    assert.throws(() => decodeModel(text, read), withMessage(code, message));
  }
});

test('a shard outside the folder of model.json is never read', async () => {
  const { modelJson } = await encodeSmall();
  for (const path of ['../weights.bin', '/etc/hosts', 'a/../../b', '..\\b', 'C:\\b', '']) {
    const text = corrupted((model) => {
      model.weightsManifest[0]!.paths = [path];
    }, modelJson);
    const read = () => assert.fail(`read ${path}`) as unknown as Uint8Array;
    assert.throws(() => decodeModel(text, read), withMessage('bad-input', /a path below its own folder/));
  }
});
