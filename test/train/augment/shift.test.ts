import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INPUT_SIDE } from '../../../core/image.js';
import { inverseOf } from '../../../train/augment/affine.js';
import { drawShift, shiftImage } from '../../../train/augment/shift.js';
import { createWarp } from '../../../train/augment/warp.js';
import { randomStream } from '../../../train/random.js';
import { picture } from './pictures.js';

const pixels = fc.integer({ min: -8, max: 8 });

test('every pixel comes from where the shift says, or is background', () => {
  fc.assert(
    fc.property(pixels, pixels, picture, (down, right, before) => {
      const image = before.slice();
      shiftImage(image, { down, right });
      for (let row = 0; row < INPUT_SIDE; row++) {
        for (let column = 0; column < INPUT_SIDE; column++) {
          const [fromRow, fromColumn] = [row - down, column - right];
          const isInside = Math.min(fromRow, fromColumn) >= 0 && Math.max(fromRow, fromColumn) < INPUT_SIDE;
          const expected = isInside ? before[fromRow * INPUT_SIDE + fromColumn] : 0;
          assert.equal(image[row * INPUT_SIDE + column], expected, `row ${row}, column ${column}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('resampling by whole pixels gives the bits that moving them gives', () => {
  const warp = createWarp();
  fc.assert(
    fc.property(pixels, pixels, picture, (down, right, before) => {
      const [moved, resampled] = [before.slice(), before.slice()];
      const shift = { down, right };
      shiftImage(moved, shift);
      warp(
        resampled,
        inverseOf({ isFlipped: false, zoom: 1, shearDegrees: 0, rotateDegrees: 0, shift }),
        null,
      );
      assert.deepEqual(resampled, moved);
    }),
    { numRuns: 30 },
  );
});

for (const pixels of [1, 2, 3]) {
  test(`all shifts by up to ${pixels} come up, each about as often`, () => {
    const random = randomStream(4, 'shift', pixels);
    const ways = Array.from({ length: 2 * pixels + 1 }, (_, way) => way - pixels);
    const counts = new Map(ways.flatMap((down) => ways.map((right) => [`${down} ${right}`, 0])));
    for (let draw = 0; draw < 1000 * ways.length ** 2; draw++) {
      const { down, right } = drawShift(random, pixels);
      counts.set(`${down} ${right}`, 1 + (counts.get(`${down} ${right}`) ?? 0));
    }
    assert.equal(counts.size, ways.length ** 2);
    // Each is within five standard deviations of 1000.
    for (const [shift, count] of counts) assert.ok(Math.abs(count - 1000) < 160, `${shift}: ${count}`);
  });
}
