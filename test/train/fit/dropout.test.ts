import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { ones, type Tensor, tensor, zeros } from '@tensorflow/tfjs-core';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { selectBackend } from '../../../train/backend.js';
import { applyDropout, SeededDropout } from '../../../train/models/dropout.js';
import { randomStream } from '../../../train/random.js';

before(() => selectBackend('onnxruntime', 'cpu'));

const call = (layer: SeededDropout, x: number[], training: boolean) => {
  const result = layer.call(tensor([x]), { training });
  return (Array.isArray(result) ? result[0]! : result).data<'float32'>();
};

test('values whose noise is below the share become 0, the others grow so that the mean stays', async () => {
  const layer = new SeededDropout(0.2);
  layer.noise = tensor([[0, 0.1, 0.1999, 0.2, 0.5, 0.999]]);
  assert.deepEqual(await call(layer, [8, 8, 8, 8, -4, 0], true), Float32Array.of(0, 0, 0, 10, -5, 0));
});

test('over many values the kept share and the mean are right', async () => {
  const count = 20_000;
  const layer = new SeededDropout(0.3);
  layer.noise = tensor([Float32Array.from({ length: count }, randomStream(1, 'dropout').next)] as never, [
    1,
    count,
  ]);
  const values = await call(layer, new Array<number>(count).fill(1), true);
  const kept = values.filter((value) => value !== 0);
  // Four standard errors: sqrt(0.3 * 0.7 / 20000) = 0.0032.
  assert.ok(Math.abs(kept.length / count - 0.7) < 0.013, `kept ${kept.length / count}`);
  assert.ok(kept.every((value) => Math.abs(value - 1 / 0.7) < 1e-6));
});

test('without training, or without noise, it changes nothing', async () => {
  const layer = new SeededDropout(0.5);
  layer.noise = tensor([[0, 0, 0]]);
  assert.deepEqual(await call(layer, [1, 2, 3], false), Float32Array.of(1, 2, 3));
  layer.noise = null;
  assert.deepEqual(await call(layer, [1, 2, 3], true), Float32Array.of(1, 2, 3));
});

test("it is saved as TensorFlow.js's own Dropout, so that any TensorFlow.js program loads it", () => {
  const layer = new SeededDropout(0.25);
  assert.equal(layer.getClassName(), 'Dropout');
  assert.equal(layer.getConfig().rate, 0.25);
});

test('in a model it drops in training only; a share of 0 adds no layer', async () => {
  const image = input({ shape: [4] });
  assert.equal(applyDropout(image, 0), image);
  const dropped = applyDropout(image, 0.5);
  const network = model({
    inputs: image,
    outputs: layers.activation({ activation: 'linear' }).apply(dropped) as SymbolicTensor,
  });
  const layer = network.layers.find((one): one is SeededDropout => one instanceof SeededDropout)!;
  layer.noise = zeros([1, 4]);
  const run = async (training: boolean) => {
    const result = network.apply(ones([1, 4]), { training }) as Tensor;
    return [...(await result.data<'float32'>())];
  };
  assert.deepEqual(await run(false), [1, 1, 1, 1]);
  assert.deepEqual(await run(true), [0, 0, 0, 0]);
});
