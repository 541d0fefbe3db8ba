import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DecodeGate } from '../../../serve/pictures/decode-gate.js';

const { signal: WAITED_FOR } = new AbortController();

test('four are decoded at once, the others in their order, whether those before them succeed or not', async () => {
  const gate = new DecodeGate(10_000);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const all = await Promise.allSettled(
    Array.from({ length: 12 }, (_, place) =>
      gate.open(WAITED_FOR)(0, async () => {
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
  assert.equal(await gate.open(WAITED_FOR)(0, async () => 'free again'), 'free again');
});

test('whose turn comes too late is refused undecoded, and holds up nobody', async () => {
  // Whoever need not wait is never late, on a machine that is busy too.
  const gate = new DecodeGate(300);
  let decoded = 0;
  const slow = Array.from({ length: 4 }, () => gate.open(WAITED_FOR)(0, () => delay(600)));
  const late = Array.from({ length: 3 }, () => gate.open(WAITED_FOR)(0, async () => decoded++));
  for (const refused of late) {
    await assert.rejects(refused, {
      code: 'unavailable',
      message: /^Expected a turn within 300 ms for decoding/,
    });
  }
  await Promise.all(slow);
  assert.equal(decoded, 0);
  await gate.open(WAITED_FOR)(0, async () => decoded++);
  assert.equal(decoded, 1);
});

test('all that is of one request waits together for no longer than it may', async () => {
  const gate = new DecodeGate(100);
  const turn = gate.open(WAITED_FOR);
  let decoded = 0;
  const read = async () => {
    for (let picture = 0; picture < 10; picture++) {
      const before = Array.from({ length: 4 }, () => gate.open(WAITED_FOR)(0, () => delay(60)));
      await Promise.all([...before, turn(0, async () => decoded++)]);
    }
  };
  await assert.rejects(read, { code: 'unavailable' });
  assert.ok(decoded <= 1, `${decoded} that waited for 60 ms each`);
});

test('what nobody waits for any more is left out when its turn comes, and holds up nobody', async () => {
  const gate = new DecodeGate(10_000);
  const leaving = new AbortController();
  const turn = gate.open(leaving.signal);
  let decoded = 0;
  const decode = async () => decoded++;
  const slow = Array.from({ length: 4 }, () => gate.open(WAITED_FOR)(0, () => delay(20)));
  const left = assert.rejects(turn(0, decode), { message: 'left' });
  const stays = gate.open(WAITED_FOR)(0, async () => 'decoded');
  leaving.abort(new Error('left'));
  await Promise.all([...slow, left]);
  assert.equal(await stays, 'decoded');
  await assert.rejects(turn(0, decode), { message: 'left' }, 'also where it need not wait');
  assert.equal(decoded, 0);
});

test('so many pixels are decoded at once, one picture alone may have more, and light ones go past', async () => {
  const gate = new DecodeGate(10_000, 5_000_000);
  const running: number[] = [];
  let most = 0;
  const ended: string[] = [];
  const decode = (name: string, size: number) =>
    gate.open(WAITED_FOR)(size, async () => {
      running.push(size);
      if (running.length > 1)
        most = Math.max(
          most,
          running.reduce((sum, each) => sum + each),
        );
      await delay(10);
      running.splice(running.indexOf(size), 1);
      ended.push(name);
    });
  await Promise.all([
    decode('first', 3_000_000),
    decode('second', 2_000_000),
    decode('third', 3_000_000),
    decode('fourth', 2_000_000),
    decode('huge', 9_000_000),
  ]);
  assert.equal(most, 5_000_000);
  assert.deepEqual(ended, ['first', 'second', 'third', 'fourth', 'huge']);
  ended.length = 0;
  await Promise.all([
    decode('huge', 9_000_000),
    decode('large', 2_000_000),
    gate.open(WAITED_FOR)(28 * 28, async () => ended.push('light')),
  ]);
  assert.deepEqual(ended, ['light', 'huge', 'large']);
});
