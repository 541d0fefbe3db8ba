import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { type OnnxRuntimeBackend, replay } from '../../../train/ort-backend/index.js';
import type { Program } from '../../../train/ort-backend/program.js';
import { registerBackends, TEST_DEVICE, useOurs } from './compare.js';

beforeEach(registerBackends);

/** Notes every program that the backend runs from now on. */
function recordPrograms({ sessions }: OnnxRuntimeBackend): Program[] {
  const programs: Program[] = [];
  const run = sessions.run.bind(sessions);
  sessions.run = (program, data) => {
    programs.push(program);
    return run(program, data);
  };
  return programs;
}

const operatorsOf = (program: Program | undefined) => program?.nodes.map(({ operator }) => operator);

const x = () => tf.tensor1d([0, 1, 4]);

test('one read computes all that is alive, once', async () => {
  const programs = recordPrograms(await useOurs());
  const [root, square] = [tf.sqrt(x()), tf.square(x())];
  assert.deepEqual([...(await root.data())], [0, 1, 2]);
  assert.deepEqual([...(await square.data())], [0, 1, 16]);
  assert.deepEqual([...(await tf.add(root, square).data())], [0, 2, 18]);
  assert.deepEqual(programs.map(operatorsOf), [['Sqrt', 'Mul'], ['Add']]);
});

test('what was disposed of is not computed, or only on the way to something else', async () => {
  const programs = recordPrograms(await useOurs());
  const unused = tf.exp(x());
  const sum = tf.tidy(() =>
    tf.add(
      tf.sqrt(x()),
      tf.tidy(() => tf.square(x())),
    ),
  );
  unused.dispose();
  assert.deepEqual([...(await sum.data())], [0, 2, 18]);
  assert.equal(programs.length, 1);
  assert.deepEqual(operatorsOf(programs[0]), ['Sqrt', 'Mul', 'Add']);
  assert.equal(programs[0]!.outputs.length, 1, 'the terms are no outputs');
});

test('tensors read at the same time, and tensors made meanwhile, come out right', async () => {
  const programs = recordPrograms(await useOurs());
  const tensors = Array.from({ length: 20 }, (_, number) => tf.mul(x(), number));
  const reads = tensors.map((tensor) => tensor.data());
  const later = tf.neg(tensors[3]!);
  const values = await Promise.all([...reads, later.data()]);
  values.slice(0, 20).forEach((data, number) => {
    assert.deepEqual([...data], [0, number, 4 * number]);
  });
  assert.deepEqual([...values[20]!], [-0, -3, -12]);
  const products = programs.flatMap(({ nodes }) => nodes).filter(({ operator }) => operator === 'Mul');
  assert.equal(products.length, 20, 'each is computed once');
});

test('an array may be changed once a tensor was made of it', async () => {
  await useOurs();
  const numbers = Float32Array.of(0, 1, 4);
  const root = tf.sqrt(tf.tensor1d(numbers));
  numbers.fill(100);
  assert.deepEqual([...(await root.data())], [0, 1, 2]);
});

test('an array that was read may be changed, which changes no tensor, variable or constant', async () => {
  await useOurs();
  const ones = () => tf.sum(tf.ones([64, 64]));
  (await ones().data()).fill(7);
  assert.equal((await ones().data())[0], 4096);
  (await tf.zerosLike(tf.scalar(3)).data()).fill(7);
  assert.deepEqual([...(await tf.zerosLike(x()).data())], [0, 0, 0]);
  const written = x();
  const same = tf.add(written, tf.zerosLike(written));
  (await same.data()).fill(7);
  same.dataSync().fill(7);
  assert.deepEqual([...(await written.data())], [0, 1, 4]);
  const root = tf.sqrt(written);
  const variable = tf.variable(root);
  (await root.data()).fill(7);
  assert.deepEqual([...(await variable.data())], [0, 1, 2]);
});

test('0 and -0 are two constants', async () => {
  await useOurs();
  const bound = tf.clipByValue(x(), -0, 0);
  assert.deepEqual([...(await tf.div(1, tf.zerosLike(x())).data())], [Infinity, Infinity, Infinity]);
  assert.deepEqual([...(await tf.div(1, tf.fill([2], -0)).data())], [-Infinity, -Infinity]);
  bound.dispose();
});

test('a tensor disposed of while it is computed does no harm', async () => {
  await useOurs();
  const [kept, dropped] = [tf.exp(x()), tf.sqrt(x())];
  const reading = kept.data();
  dropped.dispose();
  assert.equal((await reading)[0], 1);
  assert.throws(() => dropped.dataSync(), /disposed/);
});

test('fifty steps in tidy leave nothing behind', async () => {
  const ours = await useOurs();
  const weights = tf.variable(x());
  const counts = new Set<string>();
  for (let step = 0; step < 50; step++) {
    const loss = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => tf.mean(tf.square(tf.sub(weights, step))), [weights]);
      weights.assign(tf.sub(weights, tf.mul(grads[weights.name]!, 0.1)));
      return value;
    });
    await loss.data();
    loss.dispose();
    counts.add(`${ours.numDataIds()} data, ${tf.memory().numTensors} tensors`);
  }
  weights.dispose();
  assert.equal(counts.size, 1, [...counts].join('; '));
});

test('a tensor that several share is kept until the last lets go', async () => {
  const ours = await useOurs();
  const before = ours.numDataIds();
  const first = tf.exp(x());
  const second = tf.reshape(first, [3, 1]);
  first.dispose();
  assert.deepEqual([...(await second.data())].map(Math.round), [1, 3, 55]);
  second.dispose();
  assert.equal(ours.numDataIds() - before, 1, 'x alone is left');
});

test('dataSync gives what is known and says what to do where nothing is', async () => {
  await useOurs();
  assert.deepEqual([...x().dataSync()], [0, 1, 4]);
  const root = tf.sqrt(x());
  assert.throws(() => root.dataSync(), {
    name: 'TenfoldError',
    code: 'bad-usage',
    message:
      'Expected one that is already computed for a tensor read by dataSync() on the onnxruntime backend, got one that is still to be computed. Use `await tensor.data()`: ONNX Runtime computes asynchronously.',
  });
  await root.data();
  assert.deepEqual([...root.dataSync()], [0, 1, 2]);
});

test('strings and complex numbers are computed with too', async () => {
  await useOurs();
  const words = tf.tensor1d(['two', 'words'], 'string');
  assert.deepEqual(await words.data(), ['two', 'words']);
  assert.deepEqual(await tf.concat([words, tf.slice(words, 1)]).data(), ['two', 'words', 'words']);
  const product = tf.mul(tf.complex([1, 2], [3, 4]), tf.complex([0, 1], [1, 0]));
  assert.deepEqual([...(await product.data())], [-3, 1, 2, 4]);
});

test('a kernel that has no ONNX form takes what is computed, and says what to do where it is not', async () => {
  await useOurs();
  const boxes = tf.mul(
    tf.tensor2d([
      [0, 0, 1, 1],
      [0, 0, 1, 0.9],
      [2, 2, 3, 3],
    ]),
    2,
  ) as tf.Tensor2D;
  const select = () => tf.image.nonMaxSuppression(boxes, [0.5, 0.9, 0.7], 3);
  assert.throws(select, {
    name: 'TenfoldError',
    code: 'bad-usage',
    message:
      'Expected a computed tensor for an input of NonMaxSuppressionV3, which has no ONNX form, on the onnxruntime backend, got one that is still to be computed. `await x.data()` first: TensorFlow.js computes this kernel itself, at once.',
  });
  await boxes.data();
  assert.deepEqual([...(await select().data())], [1, 2]);
});

test('a computation that fails tells its own readers and no others, also before it is disposed of', async (context) => {
  if (TEST_DEVICE === 'webgpu') return context.skip('WebGPU clamps indices that are out of bounds');
  const programs = recordPrograms(await useOurs());
  // Computed, so that nobody sees before it runs that there is no such place.
  const outside = tf.gather(x(), tf.square(tf.tensor1d([7], 'int32')));
  const inside = tf.sqrt(x());
  await assert.rejects(outside.data(), /indices element out of data bounds|out of data bounds/);
  assert.deepEqual([...(await inside.data())], [0, 1, 2]);
  assert.equal(programs.length, 3, 'first together, then each alone');
  assert.deepEqual([...(await inside.data())], [0, 1, 2]);
  assert.deepEqual([...(await tf.square(inside).data())], [0, 1, 4]);
  assert.equal(programs.length, 4, 'what was computed alone is kept, what failed is not tried again');
  await assert.rejects(outside.data(), /out of data bounds/);
  outside.dispose();
  assert.deepEqual([...(await tf.neg(inside).data())], [-0, -1, -2]);
});

/** What takes an index of shape `[1, 1]`. */
const INDEXED: Record<string, (index: tf.Tensor) => tf.Tensor> = {
  gather: (index) => tf.gather(x(), tf.reshape(index, [1]) as tf.Tensor1D),
  'gather with batch': (index) => tf.gather(tf.reshape(x(), [1, 3]), index as tf.Tensor1D, 1, 1),
  gatherND: (index) => tf.gatherND(x(), index),
  scatterND: (index) => tf.scatterND(index, tf.tensor1d([5]), [4]),
  sparseToDense: (index) => tf.sparseToDense(index, tf.tensor1d([5]), [4], 0),
  tensorScatterUpdate: (index) => tf.tensorScatterUpdate(x(), index, tf.tensor1d([5])),
};

for (const [name, use] of Object.entries(INDEXED)) {
  test(`${name} refuses an index below 0: at once where it is known, else at the read`, async (context) => {
    await useOurs();
    const index = (number: number) => tf.tensor2d([number], [1, 1], 'int32');
    assert.throws(() => use(index(-1)), /the index value -1 is not in \[0, [23]\]/);
    if (TEST_DEVICE === 'webgpu') return context.skip('WebGPU clamps indices that are out of bounds');
    const refusal = /out of data bounds|invalid ind/;
    await assert.rejects(use(tf.neg(index(1))).data(), refusal);
    const step = replay((given) => [use(given!)]);
    const run = (number: number) => step([{ data: Int32Array.of(number), shape: [1, 1], dtype: 'int32' }]);
    await run(2);
    await assert.rejects(run(-1), refusal);
    await step.dispose();
  });
}

test('what needs no computing is read at once', async () => {
  const programs = recordPrograms(await useOurs());
  assert.deepEqual([...tf.zeros([2, 2]).dataSync()], [0, 0, 0, 0]);
  assert.deepEqual([...tf.fill([3], 2, 'int32').dataSync()], [2, 2, 2]);
  assert.deepEqual([...tf.reshape(x(), [3, 1]).dataSync()], [0, 1, 4]);
  assert.deepEqual([...tf.broadcastTo(x(), [2, 3]).dataSync()], [0, 1, 4, 0, 1, 4]);
  assert.deepEqual([...(await tf.ones([2]).data())], [1, 1]);
  assert.equal(programs.length, 0);
  const image = tf.conv2d(
    tf.tensor4d([...Array(12).keys()], [1, 2, 2, 3]),
    tf.reshape(tf.eye(3), [1, 1, 3, 3]) as tf.Tensor4D,
    1,
    'same',
  );
  await image.data();
  assert.deepEqual([...image.dataSync()], [...Array(12).keys()], 'which lies channels-first in memory');
});

test('a structure that cannot be compiled is reported to its reader alone, now and when it is let go', async () => {
  await useOurs();
  const matrix = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const broken = tf.engine().runKernel('Transpose', { x: matrix }, { perm: [0, 0] }) as tf.Tensor;
  await assert.rejects(broken.data(), /Transpose/);
  assert.equal((await tf.exp(tf.tensor1d([0])).data())[0], 1, 'while it is alive');
  broken.dispose();
  // More structures than the cache keeps; an unhandled rejection would end the process.
  for (let size = 1; size <= 70; size++) await tf.exp(tf.tensor1d(new Float32Array(size))).data();
  registerBackends();
  await new Promise(setImmediate);
});
