import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { sha256, sha256Portable } from '../../web/sha256.js';

const reference = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('the portable sum is SHA-256 for any bytes, at every length around a block', async () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.equal(Buffer.from(sha256Portable(bytes)).toString('hex'), reference(bytes));
    }),
  );
  for (let length = 0; length <= 130; length++) {
    const bytes = new Uint8Array(length).fill(length);
    assert.equal(Buffer.from(sha256Portable(bytes)).toString('hex'), reference(bytes), `length ${length}`);
  }
});

test('where crypto.subtle exists its sum has the same form', async () => {
  const bytes = new TextEncoder().encode('tenfold');
  assert.equal(await sha256(bytes), reference(bytes));
});
