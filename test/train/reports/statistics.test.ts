import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deviation, mean, type Point, runningMean, thinned } from '../../../train/reports/statistics.js';
import { linearTicks, logarithmicTicks } from '../../../train/reports/ticks.js';

test('mean and deviation are those of NumPy (ddof=1), without what was not measured', () => {
  // numpy.mean and numpy.std(ddof=1) of [0.9948, 0.9935, 0.9944, 0.9951, 0.9946].
  const accuracies = [0.9948, 0.9935, 0.9944, 0.9951, 0.9946];
  assert.ok(Math.abs(mean(accuracies)! - 0.99448) < 1e-12);
  assert.ok(Math.abs(deviation(accuracies)! - 0.0006058052492344202) < 1e-12);
  assert.equal(mean([undefined, 2, null, 4]), 3);
  assert.equal(mean([]), undefined);
  assert.equal(deviation([1]), undefined, 'one run has no deviation');
});

test('a running mean is the plain mean over its window, and a gap stays out of it', () => {
  assert.deepEqual(runningMean([1, 2, 3, 4, 5], 3), [1, 2, 3, 4, 4.5]);
  assert.deepEqual(runningMean([1, Number.NaN, 3], 3), [1, 2, 3]);
});

const lines = fc
  .array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 3000 })
  // 0 and -0 are one height: which of them is kept does not matter.
  .map((values) => values.map((value, index): Point => [index + 1, value + 0]));

test('thinning keeps both ends, the lowest and the highest point, their order, and no more than four a column', () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 300 }), (points, buckets) => {
      const kept = thinned(points, buckets);
      assert.ok(kept.length <= Math.max(4 * buckets, 4), `${kept.length} of ${points.length}`);
      assert.deepEqual(kept.at(0), points.at(0));
      assert.deepEqual(kept.at(-1), points.at(-1));
      assert.ok(
        kept.every(([x], index) => index === 0 || x > kept[index - 1]![0]),
        'x rises',
      );
      const heights = (of: readonly Point[]) => of.map(([, y]) => y);
      assert.equal(Math.min(...heights(kept)), Math.min(...heights(points)));
      assert.equal(Math.max(...heights(kept)), Math.max(...heights(points)));
      assert.ok(
        kept.every((point) => points.includes(point)),
        'a point that was not there',
      );
    }),
  );
});

test('ticks lie within an axis that holds every value, at equal distances', () => {
  const value = fc.double({ min: -1e4, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      fc.pre(high - low > 1e-6);
      const { range, values } = linearTicks([low, high]);
      const slack = 1e-6 * (high - low);
      assert.ok(
        range[0] <= low + slack && range[1] >= high - slack,
        `${range} does not hold ${low}, ${high}`,
      );
      assert.ok(values.length >= 2 && values.length <= 9, `${values}`);
      assert.ok(values.every((tick) => tick >= range[0] - slack && tick <= range[1] + slack));
    }),
  );
  assert.deepEqual(linearTicks([0.88, 0.991]).values, [0.88, 0.9, 0.92, 0.94, 0.96, 0.98, 1]);
  assert.deepEqual(logarithmicTicks([0.03, 2]).values, [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]);
  assert.deepEqual(logarithmicTicks([0.0002, 5]).values, [0.001, 0.01, 0.1, 1]);
});
