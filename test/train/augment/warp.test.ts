import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { inverseOf, type Placement } from '../../../train/augment/affine.js';
import { createBothWays } from '../../../train/augment/both-ways.js';
import { gaussianBand } from '../../../train/augment/elastic.js';
import { resizeBand } from '../../../train/augment/resize.js';
import { createWarp } from '../../../train/augment/warp.js';
import { picture } from './pictures.js';
import { assertSampled, NOISE, PICTURE, SCIPY, TORCH } from './references.fixtures.js';

const UNMOVED: Placement = {
  isFlipped: false,
  zoom: 1,
  shearDegrees: 0,
  rotateDegrees: 0,
  shift: { down: 0, right: 0 },
};

const warp = createWarp();
const placed = (image: Float32Array, placement: Partial<Placement>): Float32Array => {
  const result = image.slice();
  warp(result, inverseOf({ ...UNMOVED, ...placement }), null);
  return result;
};
const smoothed = (image: Float32Array, sigma: number): Float32Array => {
  const result = image.slice();
  createBothWays()(result, gaussianBand(sigma));
  return result;
};

const PLACEMENTS: { [Name in keyof typeof TORCH.gridSample]: Partial<Placement> } = {
  rotated: { rotateDegrees: 20 },
  zoomed: { zoom: 1.2 },
  shrunk: { zoom: 0.7 },
  sheared: { shearDegrees: 15 },
  flipped: { isFlipped: true },
  moved: { shift: { down: 3, right: -2 } },
  all: { isFlipped: true, zoom: 0.9, shearDegrees: -10, rotateDegrees: 35, shift: { down: -1, right: 2 } },
};

for (const [name, placement] of Object.entries(PLACEMENTS)) {
  test(`${name}: the pixels of PyTorch's grid_sample`, () => {
    assertSampled(placed(PICTURE, placement), TORCH.gridSample[name as keyof typeof PLACEMENTS]);
  });
}

for (const [side, expected] of Object.entries(TORCH.resized)) {
  test(`made ${side} pixels small and large again: the pixels of PyTorch's antialiased interpolate`, () => {
    const image = PICTURE.slice();
    createBothWays()(image, resizeBand(Number(side)));
    assertSampled(image, expected);
  });
}

for (const [sigma, expected] of Object.entries(SCIPY.gaussian)) {
  test(`a field smoothed with sigma ${sigma}: the numbers of scipy's gaussian_filter`, () => {
    assertSampled(smoothed(NOISE, Number(sigma)), expected);
  });
}

test("displaced by smoothed fields: the pixels of scipy's map_coordinates", () => {
  const transposed = NOISE.map(
    (_, pixel) => NOISE[(pixel % INPUT_SIDE) * INPUT_SIDE + Math.floor(pixel / INPUT_SIDE)]!,
  );
  const scaled = (field: Float32Array) => smoothed(field, 4).map((value) => 34 * value);
  const image = PICTURE.slice();
  warp(image, inverseOf(UNMOVED), { right: scaled(NOISE), down: scaled(transposed) });
  assertSampled(image, SCIPY.displaced);
});

test('what moves nothing gives the same bits', () => {
  fc.assert(
    fc.property(picture, (image) => {
      assert.deepEqual(placed(image, {}), image);
      const resized = image.slice();
      createBothWays()(resized, resizeBand(INPUT_SIDE));
      assert.deepEqual(resized, image);
    }),
    { numRuns: 20 },
  );
});

test('a quarter turn moves whole pixels, four of them none; a mirror image mirrored is the image', () => {
  fc.assert(
    fc.property(picture, (image) => {
      const turned = placed(image, { rotateDegrees: 90 });
      for (let row = 0; row < INPUT_SIDE; row++) {
        for (let column = 0; column < INPUT_SIDE; column++) {
          // Counter-clockwise: the right side comes to the top.
          const expected = image[column * INPUT_SIDE + INPUT_SIDE - 1 - row]!;
          const got = turned[row * INPUT_SIDE + column]!;
          assert.ok(Math.abs(got - expected) < 1e-6, `row ${row}, column ${column}: ${got}, not ${expected}`);
        }
      }
      assert.deepEqual(placed(placed(image, { isFlipped: true }), { isFlipped: true }), image);
    }),
    { numRuns: 20 },
  );
});

test('values stay between those of the picture and background, however it is moved', () => {
  const amount = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
  const placement = fc.record({
    isFlipped: fc.boolean(),
    zoom: fc.double({ min: 0.5, max: 1.5, noNaN: true }),
    shearDegrees: amount(45),
    rotateDegrees: amount(180),
    shift: fc.record({ down: fc.integer({ min: -8, max: 8 }), right: fc.integer({ min: -8, max: 8 }) }),
  });
  const displacement = fc.array(amount(40), { minLength: INPUT_LENGTH, maxLength: INPUT_LENGTH });
  const side = fc.integer({ min: 4, max: INPUT_SIDE });
  fc.assert(
    fc.property(picture, placement, displacement, side, (before, where, right, size) => {
      const image = before.slice();
      createBothWays()(image, resizeBand(size));
      const fields = { right: Float32Array.from(right), down: Float32Array.from(right).reverse() };
      warp(image, inverseOf(where), fields);
      const [lowest, highest] = [Math.min(...image), Math.max(...image)];
      assert.ok(lowest >= 0 && highest <= Math.max(...before), `${lowest} to ${highest}`);
    }),
    { numRuns: 50 },
  );
});
