import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { auroc } from '../../../train/metrics/auroc.js';

// By scikit-learn 1.9.1: roc_auc_score of ones for the first and zeros for the second.
const DIGITS = [
  0.4, -0.9, 0.9, 1, 0.2, 0.5, 1.5, 2.4, 2.5, 1, 1.9, 0.3, 1.4, 0, 1.7, -0.2, 0, 1, 1.6, -0.4, 0.5, 1.1, 1.2,
  0.2, 1.1, 0.7, 2.4, 1.6, -0.3, -1.2, 1.1, 2.2, 1.2, 1.9, 0.5, -0.4, 1.7,
];
const OUTLIERS = [
  0.1, 0.7, -1.4, 0.2, -0.6, 0.8, -0.6, -0.6, -0.6, 1.3, 0, -0.8, -1, -1, 1.5, -1.8, -0.9, 0.6, 1.2, -0.1,
  0.8, 0.8, 1,
];
const EXPECTED = 0.7461809635722679;

test("it is scikit-learn's, equal scores included", () => {
  assert.ok(Math.abs(auroc(DIGITS, OUTLIERS) - EXPECTED) < 1e-12);
});

test('all above is 1, all below 0, all equal a half; what was not read is below everything', () => {
  assert.equal(auroc([3, 4], [1, 2]), 1);
  assert.equal(auroc([1], [2, 3]), 0);
  assert.equal(auroc([1, 1], [1]), 0.5);
  assert.equal(auroc([-5], [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]), 1);
});

const scores = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 30 });

test('it is the share of pairs that are in order, and changes places with its sets', () => {
  fc.assert(
    fc.property(scores, scores, (positives, negatives) => {
      const wins = positives.flatMap((positive) =>
        negatives.map((negative): number => (positive > negative ? 1 : positive === negative ? 0.5 : 0)),
      );
      const share = wins.reduce((sum, win) => sum + win, 0) / wins.length;
      assert.ok(Math.abs(auroc(positives, negatives) - share) < 1e-12);
      assert.ok(Math.abs(auroc(negatives, positives) - (1 - share)) < 1e-12);
    }),
  );
});

test('bad calls name what came', () => {
  assert.throws(() => auroc([], [1]), new RangeError('both must hold scores, got: 0, 1'));
  assert.throws(() => auroc([1], [Number.NaN]), new RangeError('a score is NaN'));
});
