import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { onCpuBackend } from '../../export/cpu-backend.js';
import { parsePredictions } from '../../export/source.js';
import {
  compareTopOne,
  isSameAccuracy,
  isTie,
  maxAbsDifference,
  PARITY_TOLERANCE,
  requireAgreement,
  requireParity,
  score,
} from '../../export/verify.js';

/** A row whose two likeliest digits are 3 and 5, 3 ahead by `margin`. */
const close = (margin: number) =>
  Float32Array.from({ length: 10 }, (_, digit) => (digit === 3 ? 0.4 + margin : digit === 5 ? 0.4 : 0.02));

test('a tie between two digits counts as a difference but is no failure', () => {
  const comparison = compareTopOne({ probabilities: close(PARITY_TOLERANCE) }, [5]);
  assert.equal(comparison.agreement, 0);
  assert.equal(comparison.disagreements.length, 1);
  assert.ok(isTie(comparison.disagreements[0]!));
  requireAgreement(comparison);
});

test('a digit that differs by more than rounding fails, with the image and the margin', () => {
  const comparison = compareTopOne({ probabilities: close(0.01) }, [5]);
  assert.throws(
    () => requireAgreement(comparison),
    /Expected 5, as the run recorded it, for the digit of test image 0, got 3 with 0\.0100 more probability/,
  );
});

test('agreement is the share of equal digits', () => {
  const probabilities = new Float32Array([...close(0.1), ...close(0.1), ...close(0.1), ...close(0.1)]);
  assert.equal(compareTopOne({ probabilities }, [3, 3, 5, 3]).agreement, 0.75);
});

test('parity fails above the tolerance and on values that are not numbers', () => {
  requireParity(PARITY_TOLERANCE, 256);
  assert.throws(
    () => requireParity(2 * PARITY_TOLERANCE, 256),
    /Expected at most 0\.00001 .* on 256 test images, got 0\.00002/,
  );
  const broken = maxAbsDifference(Float32Array.of(0, Number.NaN, 0), Float32Array.of(0, 0, 0));
  assert.throws(() => requireParity(broken, 256), /got NaN/);
});

test('the loss is the cross-entropy, also where exponentials would overflow', () => {
  const logits = new Float32Array(20);
  assert.ok(Math.abs(score({ logits }, [4, 7]).loss - Math.log(10)) < 1e-12);
  logits.fill(1000, 4, 5);
  const { accuracy, loss } = score({ logits }, [4, 0]);
  assert.equal(accuracy, 1);
  assert.ok(Math.abs(loss - Math.log(10) / 2) < 1e-12);
});

test('an accuracy may be off by the ties and by nothing else', () => {
  assert.ok(isSameAccuracy(0.9861, 0.9861, 1));
  assert.ok(!isSameAccuracy(0.9861, 0.9862, 1));
  assert.ok(isSameAccuracy(0.9861, 0.9862, 0.9999));
});

test('recorded predictions are read as they were written', () => {
  const digit = fc.integer({ min: 0, max: 9 });
  const row = fc.tuple(digit, digit, fc.float({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 50 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, end) => {
        const text = ['Label,Prediction,Confidence', ...rows.map((cells) => cells.join(','))].join(end) + end;
        const { labels, digits } = parsePredictions(text);
        assert.deepEqual(
          [...labels],
          rows.map(([label]) => label),
        );
        assert.deepEqual(
          [...digits],
          rows.map(([, prediction]) => prediction),
        );
      },
    ),
  );
});

test('predictions of another layout are refused with the line', () => {
  assert.throws(
    () => parsePredictions(''),
    /Expected Label,Prediction,Confidence for line 1 of predictions\.csv, got ""/,
  );
  assert.throws(
    () => parsePredictions('Label,Prediction,Confidence\n1,1,0.9\n1,12,0.9\n'),
    /line 3 of predictions\.csv, got "1,12,0\.9"/,
  );
});

test('work on the cpu backend gives the backend before it back, also when it fails', async () => {
  await onCpuBackend(() => assert.equal(tf.getBackend(), 'cpu'));
  tf.registerBackend('other', tf.findBackendFactory('cpu')!);
  await tf.setBackend('other');
  await assert.rejects(
    onCpuBackend(() => Promise.reject(new Error('work'))),
    /work/,
  );
  assert.equal(tf.getBackend(), 'other');
});
