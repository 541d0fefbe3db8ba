import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median } from '../../../train/metrics/median.js';

test('the median sorts by value, leaves its argument alone and averages an even middle', () => {
  const values = [10, 9, 100];
  assert.equal(median(values), 10);
  assert.deepEqual(values, [10, 9, 100]);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});
