import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CLASS_COUNT, INPUT_LENGTH } from '../../core/image.js';
import type { Manifest } from '../../core/manifest.js';
import { classify, interpret, type Runner, scaledSoftmax } from '../../core/predict.js';
import { REJECTION_SCORES } from '../../core/rejection.js';
import { draw, seven } from './pictures.js';

const calibration: Manifest['calibration'] = {
  temperature: 1,
  rejection: { score: 'confidence', threshold: 0 },
  fit: null,
};
const refusingBelow = (threshold: number): typeof calibration => ({
  ...calibration,
  rejection: { score: 'confidence', threshold },
});
const certainOf = (digit: number) =>
  Array.from({ length: CLASS_COUNT }, (_, index) => (index === digit ? 9 : 0));

/** Answers 7 to every input that has ink, and counts what it was asked. */
function sevenReader() {
  const batches: number[] = [];
  const runner: Runner = {
    async run(input, batch) {
      batches.push(batch);
      for (let row = 0; row < batch; row++) {
        const image = input.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
        assert.ok(image.some((value) => value > 0));
      }
      const logits = Float32Array.from(new Array(batch).fill(certainOf(7)).flat());
      return { logits, probabilities: logits };
    },
  };
  return { batches, runner };
}

test('pictures with ink are one batch; blank ones keep their places without one', async () => {
  const { batches, runner } = sevenReader();
  const digit = draw({ width: 60, height: 60, shape: seven(20, 10, 40, 4) });
  const blank = draw({ width: 60, height: 60, shape: () => 0 });
  const answers = await classify([blank, digit, blank, digit], runner, calibration);
  assert.deepEqual(
    answers.map(({ digit }) => digit),
    [null, 7, null, 7],
  );
  assert.deepEqual(
    answers.map(({ reason }) => reason),
    ['blank', null, 'blank', null],
  );
  assert.deepEqual(batches, [2]);
  await classify([blank], runner, calibration);
  assert.deepEqual(batches, [2]);
});

test('a temperature changes the confidence, never the digit', () => {
  const logits = certainOf(4);
  const plain = interpret(logits, calibration);
  const cool = interpret(logits, { ...calibration, temperature: 3 });
  assert.equal(plain.digit, 4);
  assert.equal(cool.digit, 4);
  assert.ok(cool.confidence < plain.confidence);
  assert.ok(Math.abs(plain.confidence - Math.exp(9) / (Math.exp(9) + 9)) < 1e-12);
});

test('confidence at the threshold is accepted, below it is not', () => {
  const { confidence } = interpret(certainOf(2), calibration);
  const at = interpret(certainOf(2), refusingBelow(confidence));
  const below = interpret(certainOf(2), refusingBelow(confidence + 1e-9));
  assert.deepEqual([at.accepted, at.reason], [true, null]);
  assert.deepEqual([below.accepted, below.reason], [false, 'low-confidence']);
});

test('a picture is refused by the confidence that it is answered with, at any temperature', () => {
  const logit = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(logit, { minLength: CLASS_COUNT, maxLength: CLASS_COUNT }),
      fc.double({ min: 0.05, max: 20, noNaN: true }),
      (logits, temperature) => {
        const { confidence } = interpret(logits, { ...calibration, temperature });
        const judged = REJECTION_SCORES.confidence.of(logits, temperature);
        assert.ok(Math.abs(judged - confidence) < 1e-11, `${judged} for ${confidence}`);
      },
    ),
  );
});

test('by the highest logit or the energy a picture is refused as unlike digits, whatever its confidence', () => {
  const logits = [-2, -3, -30, -30, -30, -30, -30, -30, -30, -30];
  const energy = Math.log(Math.exp(-2) + Math.exp(-3));
  for (const [score, value] of [
    ['max-logit', -2],
    ['energy', energy],
  ] as const) {
    const at = (threshold: number) =>
      interpret(logits, { temperature: 0.1, rejection: { score, threshold } });
    assert.deepEqual([at(value - 1e-9).accepted, at(value - 1e-9).reason], [true, null]);
    const { accepted, reason, confidence, digit } = at(value + 1e-9);
    assert.deepEqual([accepted, reason, digit], [false, 'unlike-digits', 0]);
    assert.ok(confidence > 0.9999);
  }
});

test('logits that are no numbers are not accepted', () => {
  const { accepted } = interpret(new Array(10).fill(Number.NaN), refusingBelow(0));
  assert.equal(accepted, false);
});

test('logits too large for exp still give probabilities', () => {
  const probabilities = scaledSoftmax([1000, 999, ...new Array(8).fill(-1000)], 1);
  assert.ok(Math.abs(probabilities.reduce((sum, value) => sum + value, 0) - 1) < 1e-12);
  assert.ok(Math.abs(probabilities[0]! - Math.E / (Math.E + 1)) < 1e-12);
});
