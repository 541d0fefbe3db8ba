import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { randomStream } from '../../train/random.js';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);

test('the streams of a seed never change: a recorded run must stay repeatable', () => {
  const stream = randomStream(1, 'shuffle', 3);
  assert.deepEqual(
    draw(4, () => stream.integer(2 ** 32)),
    RECORDED,
  );
});

/** From this implementation when it was first written. */
const RECORDED = [2070416594, 1631299482, 1598649941, 2469051958];

test('equal arguments give equal streams, different ones independent streams', () => {
  fc.assert(
    fc.property(fc.integer(), fc.string(), fc.nat(), (seed, key, epoch) => {
      const numbers = (stream: ReturnType<typeof randomStream>) => draw(8, stream.next);
      const one = numbers(randomStream(seed, key, epoch));
      assert.deepEqual(numbers(randomStream(seed, key, epoch)), one);
      for (const other of [
        randomStream(seed + 1, key, epoch),
        randomStream(seed, `${key}x`, epoch),
        randomStream(seed, key, epoch + 1),
        randomStream(seed, key, String(epoch)),
        randomStream(seed, key),
      ]) {
        assert.notDeepEqual(numbers(other), one);
      }
    }),
  );
});

test('next is uniform in [0, 1): mean, variance and twenty bins', () => {
  const { next } = randomStream(5, 'uniform');
  const values = draw(200_000, next);
  assert.ok(values.every((value) => value >= 0 && value < 1));
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  // Four standard errors: sqrt(1/12 / n) = 0.00065.
  assert.ok(Math.abs(mean - 0.5) < 0.0026, `mean ${mean}`);
  const bins = new Array<number>(20).fill(0);
  for (const value of values) bins[Math.floor(value * 20)]!++;
  assert.ok(chiSquare(bins) < 43.8, `chi-square ${chiSquare(bins)}, 19 degrees of freedom, p < 0.001`);
});

test('integer is unbiased for a bound that does not divide 2^32, and stays below it', () => {
  const stream = randomStream(6, 'integer');
  const counts = new Array<number>(10).fill(0);
  for (let draws = 0; draws < 100_000; draws++) counts[stream.integer(10)]!++;
  assert.ok(chiSquare(counts) < 27.9, `chi-square ${chiSquare(counts)}, 9 degrees of freedom, p < 0.001`);
  // With a plain modulo, the lower half of this bound would come up twice as often as the upper.
  const bound = 3 * 2 ** 30;
  const low = draw(20_000, () => stream.integer(bound)).filter((value) => value < 2 ** 30).length;
  assert.ok(Math.abs(low / 20_000 - 1 / 3) < 0.014, `share ${low / 20_000}`);
  for (const wrong of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
    assert.throws(
      () => stream.integer(wrong),
      new RangeError(`bound must be an integer from 1 to 2^32, got: ${wrong}`),
    );
  }
});

test('normal has mean 0, variance 1, no skew and the tails of a normal', () => {
  const { normal } = randomStream(7, 'normal');
  const values = draw(100_000, normal);
  const moment = (power: number) =>
    values.reduce((total, value) => total + value ** power, 0) / values.length;
  assert.ok(Math.abs(moment(1)) < 0.013, `mean ${moment(1)}`);
  assert.ok(Math.abs(moment(2) - 1) < 0.018, `variance ${moment(2)}`);
  assert.ok(Math.abs(moment(3)) < 0.05, `skew ${moment(3)}`);
  const beyondTwo = values.filter((value) => Math.abs(value) > 2).length / values.length;
  assert.ok(Math.abs(beyondTwo - 0.0455) < 0.003, `share beyond 2 ${beyondTwo}`);
});

test('shuffle permutes in place, every order equally often', () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.integer()), (seed, values) => {
      const shuffled = [...values];
      assert.equal(randomStream(seed).shuffle(shuffled), shuffled);
      assert.deepEqual(shuffled.toSorted(), values.toSorted());
    }),
  );
  const stream = randomStream(8, 'shuffle');
  const orders = new Map<string, number>();
  for (let round = 0; round < 24_000; round++) {
    const order = stream.shuffle(Uint32Array.of(0, 1, 2, 3)).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 24);
  assert.ok(chiSquare([...orders.values()]) < 49.8, '23 degrees of freedom, p < 0.001');
});

/** Against equal counts in all bins. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((total, count) => total + count, 0) / counts.length;
  return counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
}
