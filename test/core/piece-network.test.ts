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
import { VIEW_LENGTH } from '../../core/piece-view.js';
import { PIECE_WEIGHTS } from '../../core/piece-weights.js';
import { packScorer, unpackScorer } from '../../core/stored-scorer.js';
import { randomStream } from '../../train/random.js';

const PARTS = Object.keys(NETWORK_SHAPE) as NetworkPart[];
const networkOf = (seed: number, spread: number): PieceNetwork => {
  const random = randomStream(seed, 'network of a test');
  const part = (name: NetworkPart) =>
    Float32Array.from({ length: NETWORK_SHAPE[name] }, () => spread * random.normal());
  return Object.fromEntries(PARTS.map((name) => [name, part(name)])) as PieceNetwork;
};
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
    const view = Uint8Array.from({ length: VIEW_LENGTH }, () =>
      random.next() < 0.6 ? 0 : random.integer(256),
    );
    const measures = Float32Array.from({ length: MEASURE_COUNT }, () => random.normal());
    const logProbabilities = Float32Array.from({ length: 10 }, () => -5 * random.next());
    const inputs = { view, measures, logProbabilities };
    const got = digitScores(network, hiddenOf(network, inputs), inputs);
    const expected = tf.tidy(() => {
      const joined = tf.concat([tf.div(tf.tensor1d(view, 'float32'), 255), tf.tensor1d(measures)]);
      const input = tf.reshape(joined, [1, -1]);
      const first = tf.tensor2d(network.first, [VIEW_LENGTH + MEASURE_COUNT, HIDDEN_COUNT]);
      const hidden = tf.relu(tf.add(tf.matMul(input, first), tf.tensor1d(network.firstBias)));
      const second = tf.add(
        tf.matMul(hidden, tf.tensor2d(network.second, [HIDDEN_COUNT, 10])),
        tf.tensor1d(network.secondBias),
      );
      const direct = tf.sum(tf.mul(tf.tensor1d(measures), tf.tensor1d(network.direct)));
      const evidence = tf.mul(tf.tensor1d(logProbabilities), network.evidence[0]!);
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
      const network = networkOf(seed, spread);
      const stored = JSON.parse(JSON.stringify(packScorer({ network, ...scale }, bundle)));
      const back = unpackScorer(stored);
      assert.deepEqual({ mean: back.mean, deviation: back.deviation }, scale);
      for (const part of PARTS) {
        const largest = Math.max(...network[part].map(Math.abs));
        network[part].forEach((value, at) => {
          assert.ok(Math.abs(back.network[part][at]! - value) <= largest / 4000, `${part} ${at}`);
        });
      }
    }),
    { numRuns: 10 },
  );
});

test('what is stored anew of what came back is the same text', () => {
  const stored = packScorer({ network: networkOf(3, 1), ...scale }, bundle);
  assert.deepEqual(packScorer(unpackScorer(stored), bundle), stored);
});

test('a scorer of another shape is refused, and the one that is shipped is of this one', () => {
  const stored = packScorer({ network: networkOf(4, 1), ...scale }, bundle);
  const short = { ...stored.parts, second: { ...stored.parts.second, values: ['AAAA'] } };
  assert.throws(() => unpackScorer({ ...stored, parts: short }), /2 values in second, expected 320/);
  assert.throws(() => unpackScorer({ ...stored, mean: [1] }), /1 measures, expected \d+/);
  assert.match(PIECE_WEIGHTS.bundle.modelSha256, /^[0-9a-f]{64}$/);
  for (const part of PARTS) assert.ok(unpackScorer(PIECE_WEIGHTS).network[part].every(Number.isFinite), part);
});
