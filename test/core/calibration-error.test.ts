import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { calibrationError } from '../../core/calibration-error.js';

// By the code of Guo and others (github.com/gpleiss/temperature_scaling, _ECELoss with 15 bins) in torch 1.13.0, float64.
const CONFIDENCES = [
  0.6896, 0.7075, 0.5649, 0.6422, 0.331, 0.843, 0.368, 0.8107, 0.8205, 0.5851, 0.325, 0.7447, 0.3961, 0.7376,
  0.2555, 0.8043, 0.6377, 0.6008, 0.4577, 0.6814, 0.3744, 0.8511, 0.7344, 0.647, 0.7299, 0.4572, 0.6566,
  0.4375, 0.6042, 0.2349, 0.165, 0.2773, 0.5943, 0.4386, 0.5081, 0.4394, 0.9508, 0.4909, 0.119, 0.2436,
  0.7738, 0.8489, 0.7287, 0.9921, 0.2443, 0.709, 0.3173, 0.2421, 0.495, 0.5485, 0.8028, 0.8169, 0.2169,
  0.5048, 0.7672, 0.3536, 0.7051, 0.8924, 0.2201, 0.9888,
];
const LABELS = [
  0, 1, 3, 3, 5, 5, 7, 8, 8, 0, 1, 2, 3, 4, 4, 5, 6, 8, 8, 0, 1, 1, 2, 4, 5, 6, 6, 7, 8, 0, 0, 2, 3, 3, 4, 5,
  7, 8, 9, 0, 1, 1, 2, 3, 5, 5, 7, 8, 9, 9, 0, 1, 3, 3, 5, 5, 7, 7, 9, 9,
];
const EXPECTED = 0.19632;

test('it is what the published code gives', () => {
  const predictions = LABELS.map((_, image) => image % 10);
  const error = calibrationError(LABELS, predictions, CONFIDENCES);
  assert.ok(Math.abs(error - EXPECTED) < 1e-12, `${error}, expected ${EXPECTED}`);
});

test('certain and right is 0, certain and wrong is 1, nothing measured is 0', () => {
  assert.equal(calibrationError([1, 2], [1, 2], [1, 1]), 0);
  assert.equal(calibrationError([1, 2], [2, 1], [1, 1]), 1);
  assert.equal(calibrationError([], [], []), 0);
});

test('images of one bin are judged together: half right at a confidence of 0.5 is no error', () => {
  assert.equal(calibrationError([1, 1], [1, 2], [0.5, 0.5]), 0);
  // In bins of their own each is half wrong.
  assert.ok(Math.abs(calibrationError([1, 1], [1, 2], [0.5, 0.6]) - 0.55) < 1e-12);
});

const images = fc.array(
  fc.record({
    label: fc.nat(9),
    prediction: fc.nat(9),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { minLength: 1 },
);

test('it is from 0 to 1, at least the distance of the means, and of the order it knows nothing', () => {
  fc.assert(
    fc.property(images, (all) => {
      const errorOf = (some: typeof all) =>
        calibrationError(
          some.map(({ label }) => label),
          some.map(({ prediction }) => prediction),
          some.map(({ confidence }) => confidence),
        );
      const error = errorOf(all);
      assert.ok(error >= 0 && error <= 1, `${error}`);
      const confidence = all.reduce((sum, one) => sum + one.confidence, 0) / all.length;
      const right = all.filter(({ label, prediction }) => label === prediction).length / all.length;
      assert.ok(error >= Math.abs(confidence - right) - 1e-12);
      assert.ok(Math.abs(errorOf(all.toReversed()) - error) < 1e-12);
    }),
  );
});

test('bad calls name what came', () => {
  assert.throws(
    () => calibrationError([1, 2], [1], [0.5, 0.5]),
    new RangeError('predictions and confidences must number 2, got: 1, 2'),
  );
});
