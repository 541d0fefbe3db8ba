import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { InferenceSession } from 'onnxruntime-node';
import * as web from 'onnxruntime-web/wasm';
import { TenfoldError } from '../../../core/errors.js';
import { convert } from '../../../export/convert.js';
import { halfGraph } from '../../../export/precision/half-graph.js';
import { observe } from '../../../export/precision/observe.js';
import { roundableValues } from '../../../export/precision/plan.js';
import { LARGEST_WEIGHT, quantizeGraph } from '../../../export/precision/quantize.js';
import { type Range, rangeBy } from '../../../export/precision/ranges.js';
import { runClassifier, withSession } from '../../../export/session.js';
import { maxAbsDifference } from '../../../export/verify.js';
import { type Model, readModel, writeModel } from '../../../onnx/model.js';
import { float32 } from '../../../onnx/tensor.js';
import { basicBlockNet, bottleneckNet, branchesNet, plainNet } from '../networks.js';
import { noise, temporaryFolder } from '../run-fixture.js';
import { chain, l, operatorsOf, randomize } from '../support.js';

const { images } = noise(48);

/** What our recipes are made of: shortcuts, strides, pools, batch norm that stays, dense layers, an activation that is no ReLU. */
const NETWORKS: Record<string, () => LayersModel> = {
  plain: plainNet,
  'basic blocks': () => basicBlockNet(8, 'relu'),
  'basic blocks with tanh': () => basicBlockNet(8, 'tanh'),
  bottlenecks: () => bottleneckNet(8, 2),
  branches: branchesNet,
};

const logitsOf = async (graph: Uint8Array): Promise<Float32Array> =>
  withSession(graph, async (session) => (await runClassifier(session, images)).logits);

async function rangesOf(model: Model): Promise<ReadonlyMap<string, Range>> {
  const distributions = await observe(model, roundableValues(model), images);
  return new Map(Array.from(distributions, ([value, seen]) => [value, rangeBy('min-max', seen)]));
}

/** The largest difference between logits, of the span that they have. */
const error = (given: Float32Array, expected: Float32Array): number =>
  maxAbsDifference(given, expected) / (Math.max(...expected) - Math.min(...expected));

const count = (operators: readonly string[], operator: string): number =>
  operators.filter((other) => other === operator).length;

for (const [name, network] of Object.entries(NETWORKS)) {
  describe(name, () => {
    let fp32: Uint8Array;
    let model: Model;
    let expected: Float32Array;
    before(async () => {
      await tf.setBackend('cpu');
      fp32 = convert(randomize(network())).bytes;
      model = readModel(fp32, name);
      expected = await logitsOf(fp32);
    });

    test('fp16 computes in half precision between float32 edges', async () => {
      const half = writeModel(halfGraph(model));
      const { nodes, constants, inputs, outputs } = readModel(half, name);
      assert.deepEqual(
        [...inputs, ...outputs].map(({ type }) => type),
        ['float32', 'float32', 'float32'],
      );
      assert.ok([...constants.values()].every(({ type }) => type !== 'float32'));
      assert.deepEqual(nodes.at(-1)!.inputs, ['logits']);
      assert.ok(error(await logitsOf(half), expected) < 4e-3);
    });

    test('ONNX Runtime fuses all of int8 that has weights into integer kernels', async (context) => {
      const int8 = writeModel(quantizeGraph(model, { ranges: await rangesOf(model), floatNodes: new Set() }));
      const file = join(temporaryFolder(context), 'optimised.onnx');
      const options = {
        executionProviders: ['cpu'],
        optimizedModelFilePath: file,
        logSeverityLevel: 3,
      } as const;
      await (await InferenceSession.create(int8, options)).release();
      const [before, after] = [operatorsOf(fp32), operatorsOf(readFileSync(file))];
      assert.equal(count(after, 'QLinearConv'), count(before, 'Conv'));
      assert.equal(count(after, 'QGemm'), count(before, 'Gemm'));
      assert.equal(count(after, 'QLinearMatMul'), count(before, 'MatMul'));
      assert.equal(count(after, 'QLinearAdd'), count(before, 'Add'));
      for (const operator of ['Conv', 'FusedConv', 'Gemm', 'FusedGemm', 'MatMul', 'FusedMatMul', 'Add']) {
        assert.equal(count(after, operator), 0, operator);
      }
      assert.ok(error(await logitsOf(int8), expected) < 0.05);
    });

    test('int8 gives the same in the browser’s ONNX Runtime', async () => {
      const int8 = writeModel(quantizeGraph(model, { ranges: await rangesOf(model), floatNodes: new Set() }));
      web.env.wasm.numThreads = 1;
      const session = await web.InferenceSession.create(int8, { executionProviders: ['wasm'] });
      const input = new web.Tensor('float32', images, [48, 1, 28, 28]);
      const { logits } = await session.run({ input });
      await session.release();
      assert.ok(error(logits!.data as Float32Array, await logitsOf(int8)) < 0.01);
    });

    test('weights of int8 have seven bits by channel, and stand for the nearest', async () => {
      const quantized = quantizeGraph(model, { ranges: await rangesOf(model), floatNodes: new Set() });
      const { name: layer, inputs } = model.nodes.find(({ operator }) => operator === 'Conv')!;
      const { data: weights, shape } = model.constants.get(inputs[1]!)!;
      const rounded = Array.from(quantized.constants.get(`${layer}/kernel/quantized`)!.data, Number);
      const scales = quantized.constants.get(`${layer}/kernel/scale`)!.data;
      const size = weights.length / shape[0]!;
      weights.forEach((weight, index) => {
        const scale = Number(scales[Math.floor(index / size)]);
        assert.ok(Math.abs(rounded[index]!) <= LARGEST_WEIGHT);
        assert.ok(Math.abs(rounded[index]! * scale - Number(weight)) <= scale * 0.5001);
      });
      for (let channel = 0; channel < shape[0]!; channel++) {
        const own = rounded.slice(channel * size, (channel + 1) * size).map(Math.abs);
        assert.equal(Math.max(...own), LARGEST_WEIGHT);
      }
    });

    test('a layer that is named stays in float', async () => {
      const layer = model.nodes.find(({ operator }) => operator === 'Conv')!;
      const floatNodes = new Set([layer.name]);
      const { nodes, constants } = quantizeGraph(model, { ranges: await rangesOf(model), floatNodes });
      const kept = nodes.find((node) => node.name === layer.name)!;
      assert.equal(constants.get(kept.inputs[1]!)!.type, 'float32');
      assert.ok(error(await logitsOf(writeModel({ ...model, nodes, constants })), expected) < 0.05);
    });
  });
}

test('a padding before a max-pool keeps its zeros in half precision, also once ONNX Runtime has fused what it can', async () => {
  await tf.setBackend('cpu');
  const network = chain(
    [28, 28, 1],
    // Negative throughout: where the pool padded by itself its edges would have lost their zeros.
    l.rescaling({ scale: -1, offset: -2 }),
    l.zeroPadding2d({ padding: 1 }),
    l.maxPooling2d({ poolSize: 2 }),
    l.flatten(),
    l.dense({ units: 10, activation: 'softmax' }),
  );
  const fp32 = convert(randomize(network)).bytes;
  const half = writeModel(halfGraph(readModel(fp32, 'padded')));
  assert.ok(error(await logitsOf(half), await logitsOf(fp32)) < 4e-3);
});

test('a weight that half precision cannot hold is refused, and it says which', async () => {
  await tf.setBackend('cpu');
  const model = readModel(convert(randomize(plainNet())).bytes, 'plain');
  const [name, { shape, data }] = [...model.constants].find(([, { type }]) => type === 'float32')!;
  const values = Float32Array.from(data as Float32Array);
  values[0] = 70_000;
  const constants = new Map([...model.constants, [name, float32(values, shape)]]);
  assert.throws(
    () => halfGraph({ ...model, constants }),
    (error: unknown) =>
      error instanceof TenfoldError && error.message.includes(`at most 65504 for every weight of ${name}`),
  );
});

test('a bias far beyond its weights gets steps that hold it', async () => {
  await tf.setBackend('cpu');
  const model = readModel(convert(randomize(plainNet())).bytes, 'plain');
  const { inputs } = model.nodes.find(({ operator }) => operator === 'Conv')!;
  const [kernel, bias] = [model.constants.get(inputs[1]!)!, model.constants.get(inputs[2]!)!];
  const constants = new Map([
    ...model.constants,
    [
      inputs[1]!,
      float32(
        (kernel.data as Float32Array).map((weight) => weight * 1e-9),
        kernel.shape,
      ),
    ],
    [
      inputs[2]!,
      float32(
        (bias.data as Float32Array).map((value) => value + 3),
        bias.shape,
      ),
    ],
  ] as const);
  const changed = { ...model, constants };
  const expected = await logitsOf(writeModel(changed));
  const ranges = await rangesOf(changed);
  const given = await logitsOf(writeModel(quantizeGraph(changed, { ranges, floatNodes: new Set() })));
  assert.ok(maxAbsDifference(given, expected) < 0.05 * Math.max(...expected.map(Math.abs)));
});
