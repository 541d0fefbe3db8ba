import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meanAndDeviation } from '../../../train/metrics/spread.js';

test("mean and deviation are those of Python's statistics.mean and statistics.stdev", () => {
  const { mean, deviation } = meanAndDeviation([0.9948, 0.9935, 0.9944, 0.9951, 0.9946]);
  assert.ok(Math.abs(mean - 0.99448) < 1e-15);
  assert.ok(Math.abs(deviation! - 0.0006058052492344203) < 1e-16, `${deviation}`);
});

test('a single value has no deviation, none has no mean', () => {
  assert.deepEqual(meanAndDeviation([0.5]), { mean: 0.5, deviation: null });
  assert.throws(() => meanAndDeviation([]), RangeError);
});
