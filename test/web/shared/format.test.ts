import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from '../../../web/page/server-answer.js';
import { accuracy, bytes, count, milliseconds, percent } from '../../../web/shared/format.js';

test('a probability is rounded down, so that only certainty reads 100%', () => {
  assert.equal(percent(0.99999), '99.9%');
  assert.equal(percent(1), '100%');
  assert.equal(percent(0), '0.0%');
});

test('sizes, times and counts carry their units', () => {
  assert.equal(bytes(14_239_897), '14.2 MB');
  assert.equal(bytes(31_800), '32 kB');
  assert.equal(milliseconds(0.84), '0.8 ms');
  assert.equal(milliseconds(140.4), '140 ms');
  assert.equal(count(7850), '7,850');
  assert.equal(accuracy(0.9912), '99.12%');
});

test('two answers are told apart: equal, nearly equal, and different digits', () => {
  const ours = { text: '0', probabilities: [[0.75, 0.25]] };
  assert.equal(compare(ours, ours), 'The same answer, to the last bit.');
  assert.equal(
    compare(ours, { text: '0', probabilities: [[0.75 - 2 ** -20, 0.25 + 2 ** -20]] }),
    'The same answer; no probability differs by more than 9.5e-7.',
  );
  assert.match(compare(ours, { text: '1', probabilities: [[0.25, 0.75]] }), /^They disagree/);
});
