import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DecodeGate } from '../../../serve/pictures/decode-gate.js';

test('four are decoded at once, the others in their order, whether those before them succeed or not', async () => {
  const gate = new DecodeGate(10_000);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const all = await Promise.allSettled(
    Array.from({ length: 12 }, (_, place) =>
      gate.run(async () => {
        begun.push(place);
        most = Math.max(most, ++running);
        await delay(2);
        running--;
        if (place % 3 === 0) throw new Error('damaged');
        return place;
      }),
    ),
  );
  assert.equal(most, 4);
  assert.deepEqual(
    begun,
    [...begun].sort((a, b) => a - b),
  );
  assert.equal(all.filter(({ status }) => status === 'rejected').length, 4);
  assert.equal(await gate.run(async () => 'free again'), 'free again');
});

test('whose turn comes too late is refused undecoded, and holds up nobody', async () => {
  const gate = new DecodeGate(20);
  let decoded = 0;
  const slow = Array.from({ length: 4 }, () => gate.run(() => delay(80)));
  const late = Array.from({ length: 3 }, () => gate.run(async () => decoded++));
  for (const refused of late) {
    await assert.rejects(refused, {
      code: 'unavailable',
      message: /^Expected a turn within 20 ms for decoding/,
    });
  }
  await Promise.all(slow);
  assert.equal(decoded, 0);
  await gate.run(async () => decoded++);
  assert.equal(decoded, 1);
});
