import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { askedDigits, type Round, summary } from '../../../web/page/game.js';

test('each digit is asked once, whatever the draws', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.array(random, { minLength: 10, maxLength: 10 }), (draws) => {
      let next = 0;
      const asked = askedDigits(() => draws[next++]!);
      assert.deepEqual(
        asked.toSorted((a, b) => a - b),
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      );
    }),
  );
});

test('every digit is as likely first as any other', () => {
  const counts = new Array<number>(10).fill(0);
  // A fixed generator (Lehmer's), so that the test never fails by chance.
  let state = 1;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
  for (let game = 0; game < 10_000; game++) counts[askedDigits(random)[0]!]!++;
  for (const count of counts) assert.ok(Math.abs(count - 1000) < 150, `${counts}`);
});

test('the summary counts what was read, and the time', () => {
  const round = (asked: number, read: number | null): Round => ({
    asked,
    read,
    milliseconds: 1500,
    input: null,
  });
  assert.equal(summary([round(1, 1), round(2, 2)]), 'All 2 read, in 3.0 seconds, 1.5 a digit.');
  assert.equal(
    summary([round(1, 7), round(0, null), round(2, 2)]),
    '1 of 3 read, in 4.5 seconds, 1.5 a digit.',
  );
});
