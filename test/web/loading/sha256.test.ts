import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { sha256 } from '../../../web/loading/sha256.js';

test('with crypto.subtle and without it the sum is SHA-256, in lower-case hexadecimal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      const reference = createHash('sha256').update(bytes).digest('hex');
      assert.equal(await sha256(bytes), reference);
      assert.equal(await sha256(bytes, null), reference);
    }),
  );
});
