import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { drawRectangle, erase } from '../../../train/augment/erase.js';
import { randomStream } from '../../../train/random.js';
import { filled } from './pictures.js';

test("rectangles lie inside, their areas and forms in the paper's ranges up to whole pixels", () => {
  // Of Zhong et al., Random erasing: s_l is 0.02 and r_1 is 0.3.
  const [smallest, flattest] = [0.02, 0.3];
  const share = fc.double({ min: smallest, max: 0.8, noNaN: true });
  fc.assert(
    fc.property(fc.nat(), share, (seed, largestShare) => {
      const box = drawRectangle(randomStream(seed, 'erase'), largestShare);
      if (!box) return;
      const { left, top, width, height } = box;
      assert.ok([left, top, width, height].every(Number.isInteger));
      assert.ok(left >= 0 && top >= 0 && left + width <= INPUT_SIDE && top + height <= INPUT_SIDE);
      // Either side is rounded, by half a pixel at most.
      assert.ok((width - 0.5) * (height - 0.5) <= largestShare * INPUT_LENGTH);
      assert.ok((width + 0.5) * (height + 0.5) >= smallest * INPUT_LENGTH);
      assert.ok((height + 0.5) / (width - 0.5) >= flattest && (width + 0.5) / (height - 0.5) >= flattest);
    }),
    { numRuns: 500 },
  );
});

test('the rectangle becomes background and nothing else changes', () => {
  const image = filled(() => 1);
  erase(image, { left: 3, top: 5, width: 4, height: 2 });
  const expected = filled((row, column) => (row >= 5 && row < 7 && column >= 3 && column < 7 ? 0 : 1));
  assert.deepEqual(image, expected);
});

test('every pixel is erased at some time', () => {
  const left = filled(() => 1);
  const random = randomStream(3, 'erase');
  for (let draw = 0; draw < 2000; draw++) {
    const box = drawRectangle(random, 0.4);
    if (box) erase(left, box);
  }
  assert.equal(
    left.reduce((sum, value) => sum + value),
    0,
  );
});
