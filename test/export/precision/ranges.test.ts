import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HISTOGRAM_BINS, type RangeMethod, rangeBy } from '../../../export/precision/ranges.js';
import { seeded } from '../support.js';

function distributionOf(numbers: readonly number[]) {
  const range = { low: Math.min(0, ...numbers), high: Math.max(0, ...numbers) };
  const largest = Math.max(-range.low, range.high);
  const histogram = new Float64Array(HISTOGRAM_BINS);
  for (const number of numbers) {
    if (number === 0) continue;
    const bin = Math.floor((Math.abs(number) / largest) * HISTOGRAM_BINS);
    histogram[Math.min(bin, HISTOGRAM_BINS - 1)]!++;
  }
  return { range, histogram };
}

/** Either nothing at all or of a size that float32 tells apart from its neighbours. */
const number = fc
  .double({ min: -100, max: 100, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-6 ? 0 : value));
const numbers = fc.array(number, { minLength: 1, maxLength: 300 });

test('a percentile cuts off no more than it says, and not a bin more than it must', () => {
  const shares: [RangeMethod, number][] = [
    ['percentile-99.9', 0.999],
    ['percentile-99.99', 0.9999],
    ['min-max', 1],
  ];
  fc.assert(
    fc.property(numbers, fc.constantFrom(...shares), (values, [method, share]) => {
      const { low, high } = rangeBy(method, distributionOf(values));
      const sizes = values.map(Math.abs).filter((size) => size > 0);
      const largest = Math.max(0, ...sizes);
      if (largest === 0) return;
      const bin = largest / HISTOGRAM_BINS;
      const reach = Math.max(-low, high);
      const within = (limit: number) => sizes.filter((size) => size <= limit + 1e-9 * largest).length;
      assert.ok(within(reach) >= share * sizes.length, `${reach} holds too few`);
      if (method !== 'min-max')
        assert.ok(within(reach - 2 * bin) < share * sizes.length, `${reach} is too far`);
    }),
  );
});

test('every range has 0 in it and lies within what was seen', () => {
  for (const method of ['min-max', 'percentile-99.9', 'entropy'] as const) {
    fc.assert(
      fc.property(numbers, (values) => {
        const distribution = distributionOf(values);
        const { low, high } = rangeBy(method, distribution);
        assert.ok(low <= 0 && high >= 0 && high > low, `${low} to ${high}`);
        if (values.some((value) => value !== 0)) {
          assert.ok(low >= distribution.range.low && high <= distribution.range.high);
        }
      }),
    );
  }
});

test('entropy leaves a lone outlier out, and keeps what is spread evenly', () => {
  const random = seeded(3);
  const even = Array.from({ length: 20_000 }, () => random());
  assert.ok(rangeBy('entropy', distributionOf(even)).high > 0.9);
  const { high } = rangeBy('entropy', distributionOf([...even, 10]));
  assert.ok(high > 0.9 && high < 2, `${high}`);
});

test('what is next to nothing gets steps all the same', () => {
  for (const values of [[0], [1e-40, -1e-45]]) {
    assert.deepEqual(rangeBy('min-max', distributionOf(values)), { low: 0, high: 1 });
  }
});
