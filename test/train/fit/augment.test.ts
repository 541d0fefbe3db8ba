import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { shiftBatch } from '../../../train/augment/shift.js';
import { type RandomStream, randomStream } from '../../../train/random.js';

/** A stream that draws these shifts: down, right, down, right ... */
function drawing(shifts: readonly number[], pixels: number): RandomStream {
  const left = [...shifts];
  return {
    ...randomStream(0),
    integer: (bound) => {
      assert.equal(bound, 2 * pixels + 1);
      return left.shift()! + pixels;
    },
  };
}

const picture = fc
  .array(fc.nat(255), { minLength: INPUT_LENGTH, maxLength: INPUT_LENGTH })
  .map((bytes) => bytes.map((byte) => byte / 255));
const shift = (pixels: number) => fc.integer({ min: -pixels, max: pixels });

test('every pixel comes from where the shift says, or is background', () => {
  const shifted = fc
    .integer({ min: 1, max: 8 })
    .chain((pixels) => fc.tuple(fc.constant(pixels), shift(pixels), shift(pixels), picture));
  fc.assert(
    fc.property(shifted, ([pixels, down, right, before]) => {
      const image = Float32Array.from(before);
      shiftBatch(image, pixels, drawing([down, right], pixels));
      for (let row = 0; row < INPUT_SIDE; row++) {
        for (let column = 0; column < INPUT_SIDE; column++) {
          const [fromRow, fromColumn] = [row - down, column - right];
          const isInside = Math.min(fromRow, fromColumn) >= 0 && Math.max(fromRow, fromColumn) < INPUT_SIDE;
          const expected = isInside ? Math.fround(before[fromRow * INPUT_SIDE + fromColumn]!) : 0;
          assert.equal(image[row * INPUT_SIDE + column], expected, `row ${row}, column ${column}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('each picture of a batch moves by its own shift, and by no other', () => {
  const image = Float32Array.from({ length: INPUT_LENGTH }, (_, index) => index + 1);
  const batch = Float32Array.from([...image, ...image, ...image]);
  shiftBatch(batch, 2, drawing([0, 0, 2, 0, 0, -1], 2));
  assert.deepEqual(batch.slice(0, INPUT_LENGTH), image);
  assert.equal(batch[INPUT_LENGTH + 2 * INPUT_SIDE], 1, 'down by 2');
  assert.equal(batch[2 * INPUT_LENGTH], 2, 'left by 1');
});

test('equal streams give equal pictures, and all shifts come up', () => {
  const centre = 14 * INPUT_SIDE + 14;
  const batch = () => {
    const images = new Float32Array(500 * INPUT_LENGTH);
    for (let start = 0; start < images.length; start += INPUT_LENGTH) images[start + centre] = 1;
    shiftBatch(images, 1, randomStream(4, 'shift', 1));
    return images;
  };
  const images = batch();
  assert.deepEqual(batch(), images);
  const places = new Set<number>();
  for (let start = 0; start < images.length; start += INPUT_LENGTH) {
    places.add(images.subarray(start, start + INPUT_LENGTH).indexOf(1) - centre);
  }
  const expected = [-1, 0, 1].flatMap((down) => [-1, 0, 1].map((right) => down * INPUT_SIDE + right));
  assert.deepEqual(
    [...places].sort((a, b) => a - b),
    expected,
  );
});
