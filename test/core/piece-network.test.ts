import assert from 'node:assert/strict';
import { test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { MEASURE_COUNT } from '../../core/piece-measures.js';
import {
  digitScores,
  HIDDEN_COUNT,
  hiddenOf,
  NETWORK_SHAPE,
  type NetworkPart,
  type PieceNetwork,
} from '../../core/piece-network.js';
import { PIECE_WEIGHTS } from '../../core/piece-weights.js';
import { packScorer, unpackScorer } from '../../core/stored-scorer.js';
import { VIEW_NETWORK_SHAPE, type ViewNetwork, type ViewNetworkPart } from '../../core/view-network.js';
import { randomStream } from '../../train/random.js';

const PARTS = Object.keys(NETWORK_SHAPE) as NetworkPart[];
const VIEW_PARTS = Object.keys(VIEW_NETWORK_SHAPE) as ViewNetworkPart[];

/** A network of these parts, of random values. */
function randomParts<Part extends string>(
  shape: Readonly<Record<Part, number>>,
  seed: number,
  spread: number,
): Record<Part, Float32Array> {
  const random = randomStream(seed, 'network of a test');
  const values = (part: Part) => Float32Array.from({ length: shape[part] }, () => spread * random.normal());
  return Object.fromEntries((Object.keys(shape) as Part[]).map((part) => [part, values(part)])) as Record<
    Part,
    Float32Array
  >;
}
const networkOf = (seed: number, spread: number): PieceNetwork => randomParts(NETWORK_SHAPE, seed, spread);
const viewOf = (seed: number, spread: number): ViewNetwork => randomParts(VIEW_NETWORK_SHAPE, seed, spread);
const bundle = { name: 'a test', modelSha256: '0'.repeat(64) };
const scale = {
  mean: Array.from({ length: MEASURE_COUNT }, (_, at) => at / 8),
  deviation: Array.from({ length: MEASURE_COUNT }, (_, at) => 1 + at),
};

test("the scores are those of TensorFlow.js's own operations", async () => {
  await tf.setBackend('cpu');
  const network = networkOf(1, 0.1);
  const random = randomStream(2, 'pieces of a test');
  for (let piece = 0; piece < 5; piece++) {
    const measures = Float32Array.from({ length: MEASURE_COUNT }, () => random.normal());
    const byModel = Float32Array.from({ length: 10 }, () => -5 * random.next());
    const byView = Float32Array.from({ length: 11 }, () => -5 * random.next());
    const measured = { measures, byModel, byView };
    const got = digitScores(network, hiddenOf(network, measured), measured);
    const expected = tf.tidy(() => {
      const input = tf.reshape(tf.tensor1d(measures), [1, -1]);
      const first = tf.tensor2d(network.first, [MEASURE_COUNT, HIDDEN_COUNT]);
      const hidden = tf.relu(tf.add(tf.matMul(input, first), tf.tensor1d(network.firstBias)));
      const second = tf.add(
        tf.matMul(hidden, tf.tensor2d(network.second, [HIDDEN_COUNT, 10])),
        tf.tensor1d(network.secondBias),
      );
      const direct = tf.sum(tf.mul(tf.tensor1d(measures), tf.tensor1d(network.direct)));
      const evidence = tf.add(
        tf.mul(tf.tensor1d(byModel), network.evidence[0]!),
        tf.mul(tf.tensor1d(byView.slice(0, 10)), network.evidence[1]!),
      );
      return tf.add(tf.add(second, direct), evidence).dataSync();
    });
    got.forEach((score, digit) => {
      assert.ok(Math.abs(score - expected[digit]!) < 1e-4, `digit ${digit}: ${score}, ${expected[digit]}`);
    });
  }
});

test('a stored scorer comes back with every value to a 4,000th of the largest of its part', () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 1e-3, max: 50, noNaN: true }), (seed, spread) => {
      const [network, view] = [networkOf(seed, spread), viewOf(seed, spread)];
      const stored = JSON.parse(JSON.stringify(packScorer({ view, network, ...scale }, bundle)));
      const back = unpackScorer(stored);
      assert.deepEqual({ mean: back.mean, deviation: back.deviation }, scale);
      const compare = (part: string, given: Float32Array, got: Float32Array) => {
        const largest = given.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        given.forEach((value, at) => {
          assert.ok(Math.abs(got[at]! - value) <= largest / 4000, `${part} ${at}`);
        });
      };
      for (const part of PARTS) compare(part, network[part], back.network[part]);
      for (const part of VIEW_PARTS) compare(part, view[part], back.view[part]);
    }),
    { numRuns: 10 },
  );
});

test('what is stored anew of what came back is the same text', () => {
  const stored = packScorer({ view: viewOf(3, 1), network: networkOf(3, 1), ...scale }, bundle);
  assert.deepEqual(packScorer(unpackScorer(stored), bundle), stored);
});

test('a scorer of another shape is refused, and the one that is shipped is of this one', () => {
  const stored = packScorer({ view: viewOf(4, 1), network: networkOf(4, 1), ...scale }, bundle);
  const short = { ...stored.network, second: { ...stored.network.second, values: ['AAAA'] } };
  assert.throws(() => unpackScorer({ ...stored, network: short }), /2 values in second, expected 320/);
  assert.throws(() => unpackScorer({ ...stored, mean: [1] }), /1 measures, expected \d+/);
  assert.match(PIECE_WEIGHTS.bundle.modelSha256, /^[0-9a-f]{64}$/);
  const { network, view } = unpackScorer(PIECE_WEIGHTS);
  for (const part of PARTS) assert.ok(network[part].every(Number.isFinite), part);
  for (const part of VIEW_PARTS) assert.ok(view[part].every(Number.isFinite), part);
});
