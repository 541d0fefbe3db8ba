import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { LazyGraph } from '../../../train/ort-backend/lazy-graph.js';
import { planProgram } from '../../../train/ort-backend/program.js';
import type { Fixed } from '../../../train/ort-backend/value.js';
import { registerBackends, useOurs } from './compare.js';

beforeEach(registerBackends);

const vector = (size: number, from: number) =>
  tf.tensor1d(Float32Array.from({ length: size }, (_, index) => from + index));

/** A small computation in which data comes in as tensors, as numbers of the program text, and as a constant. */
const compute = (x: tf.Tensor, factor: number) =>
  tf.tidy(() => tf.sum(tf.relu(tf.add(tf.mul(x, factor), tf.onesLike(x)))));

test('equal structures with other data compile nothing anew', async () => {
  const ours = await useOurs();
  const results: number[] = [];
  for (const [from, factor] of [
    [1, 1],
    [2, 1],
    [-3, 0],
    [0, 0.5],
    [7, -1],
  ] as const) {
    results.push((await compute(vector(4, from), factor).data())[0]!);
  }
  assert.deepEqual(results, [14, 18, 4, 7, 0]);
  assert.equal(ours.sessions.size, 1);
});

test('another shape, operator, attribute or wiring is another structure', async () => {
  const ours = await useOurs();
  const keyOf = (make: () => tf.Tensor) => planProgram([ours.valueFor(make())]).key;
  const x = vector(4, 1);
  const y = vector(4, 2);
  const image = tf.reshape(x, [1, 2, 2, 1]) as tf.Tensor4D;
  const keys = [
    () => tf.exp(x),
    () => tf.exp(vector(5, 1)),
    () => tf.sqrt(x),
    () => tf.sub(x, y),
    () => tf.sub(x, x),
    () => tf.leakyRelu(x, 0.1),
    () => tf.leakyRelu(x, 0.2),
    () => tf.cast(x, 'int32'),
    () => tf.slice(x, [1], [2]),
    () => tf.slice(x, [2], [2]),
    () => tf.maxPool(image, 2, 1, 'valid'),
    () => tf.maxPool(image, 2, 1, 'same'),
    () => tf.exp(tf.cast(tf.tensor1d([1, 2, 3, 4], 'int32'), 'float32')),
  ].map(keyOf);
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(
    keyOf(() => tf.exp(vector(4, 9))),
    keys[0],
  );
});

test('a key tells inputs that are shared from inputs that are equal', async () => {
  const ours = await useOurs();
  const [x, same] = [vector(4, 1), vector(4, 1)];
  const { inputs: one } = planProgram([ours.valueFor(tf.mul(x, x))]);
  const { inputs: two } = planProgram([ours.valueFor(tf.mul(x, same))]);
  assert.equal(one.length, 1);
  assert.equal(two.length, 2);
});

test('the values of a training never enter the key: no structure after the first step is new', async () => {
  const ours = await useOurs();
  const weights = tf.variable(tf.zeros([4096]), true);
  const sizes: number[] = [];
  for (let step = 1; step <= 4; step++) {
    const loss = tf.tidy(() => {
      const target = vector(4096, step);
      const { value, grads } = tf.variableGrads(
        () => tf.mean(tf.squaredDifference(weights, target)),
        [weights],
      );
      weights.assign(tf.sub(weights, tf.mul(grads[weights.name]!, step / 10)));
      return value;
    });
    await loss.data();
    sizes.push(ours.sessions.size);
    loss.dispose();
  }
  weights.dispose();
  // The first step may have a structure of its own: the variable began as a constant.
  assert.deepEqual(sizes.slice(1), sizes.slice(1).fill(sizes[1]!));
});

test('equal nodes are made once, until they have run', async () => {
  const ours = await useOurs();
  const x = vector(4, 1);
  const nodes = () =>
    planProgram([ours.valueFor(tf.add(tf.exp(x), tf.exp(x)))]).nodes.map(({ operator }) => operator);
  assert.deepEqual(nodes(), ['Exp', 'Add']);
  const first = tf.exp(x);
  await first.data();
  assert.deepEqual(planProgram([ours.valueFor(first)]).nodes, []);
});

test('constants that are in use stay one and the same; those long unused are let go, and none is taken for another', () => {
  const graph = new LazyGraph();
  const constant = (number: number) => graph.uniform(number, 'float32', []).source;
  const vector = () => graph.filled(1, [64]).source;
  const [unused, used, usedVector] = [constant(-1), constant(-2), vector()];
  const identities = new Set<number>();
  for (let number = 0; number < 150_000; number++) {
    identities.add((constant(number) as Fixed).identity);
    assert.equal(constant(-2), used);
    assert.equal(vector(), usedVector);
  }
  assert.notEqual(constant(-1), unused, 'it is kept for good');
  for (const known of [unused, used, usedVector, constant(-1)]) identities.add((known as Fixed).identity);
  assert.equal(identities.size, 150_004);
});

test('vectors of one number are let go by their size', () => {
  const graph = new LazyGraph();
  const first = graph.filled(0, [4096]).source;
  for (let number = 1; number < 10_000; number++) graph.filled(number, [4096]);
  assert.notEqual(graph.filled(0, [4096]).source, first);
});
