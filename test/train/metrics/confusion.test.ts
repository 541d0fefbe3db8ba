import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accuracy, classMetrics, confusionMatrix, totalImages } from '../../../train/metrics/confusion.js';

const pairs = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 300 });

test('rows are labels and columns are predictions', () => {
  const matrix = confusionMatrix([3, 3, 3, 8], [3, 5, 5, 8]);
  assert.equal(matrix[3]![3], 1);
  assert.equal(matrix[3]![5], 2);
  assert.equal(matrix[8]![8], 1);
  assert.equal(totalImages(matrix), 4);
  assert.equal(accuracy(matrix), 0.5);
});

test('precision, recall and F1 of one digit, by hand', () => {
  // Digit 1: three occur, two of them found; four times predicted.
  const metrics = classMetrics(confusionMatrix([1, 1, 1, 2, 2], [1, 1, 2, 1, 1]));
  assert.deepEqual(metrics[1], { digit: 1, precision: 0.5, recall: 2 / 3, f1: 4 / 7, support: 3 });
});

test('a digit that is absent has zeros, not NaN', () => {
  assert.deepEqual(classMetrics(confusionMatrix([0], [0]))[9], {
    digit: 9,
    precision: 0,
    recall: 0,
    f1: 0,
    support: 0,
  });
});

test('supports add up, the weighted recall is the accuracy, and shares stay within 0 and 1', () => {
  fc.assert(
    fc.property(pairs, (both) => {
      const matrix = confusionMatrix(
        both.map(([label]) => label),
        both.map(([, prediction]) => prediction),
      );
      const metrics = classMetrics(matrix);
      const support = metrics.reduce((total, row) => total + row.support, 0);
      const recalled = metrics.reduce((total, row) => total + row.recall * row.support, 0);
      assert.equal(support, both.length);
      assert.ok(Math.abs(recalled / support - accuracy(matrix)) < 1e-12);
      assert.ok(
        metrics.every(({ precision, recall, f1 }) => [precision, recall, f1].every((v) => v >= 0 && v <= 1)),
      );
    }),
  );
});

test('bad calls name what came', () => {
  assert.throws(() => confusionMatrix([1, 2], [1]), new RangeError('predictions must number 2, got: 1'));
  assert.throws(
    () => confusionMatrix([1], [10]),
    new RangeError('labels and predictions must be 0 to 9, got: 1, 10'),
  );
  assert.throws(
    () => confusionMatrix([-1], [1]),
    new RangeError('labels and predictions must be 0 to 9, got: -1, 1'),
  );
});
