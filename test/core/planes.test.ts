import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { components } from '../../core/components.js';
import type { Plane } from '../../core/image.js';
import { luma } from '../../core/luma.js';
import { closed, dilated } from '../../core/sliding.js';
import { grey } from './pictures.js';

const plane = (most: number): fc.Arbitrary<Plane<Float32Array>> =>
  fc
    .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
    .chain(([width, height]) =>
      fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: width * height, maxLength: width * height })
        .map((values) => ({ width, height, data: Float32Array.from(values) })),
    );

/** The extreme over each window, looked at pixel by pixel. */
function slowly({ width, height, data }: Plane<Float32Array>, radius: number, extreme: typeof Math.max) {
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const window: number[] = [];
      for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++) {
        for (let u = Math.max(0, x - radius); u <= Math.min(width - 1, x + radius); u++) {
          window.push(data[v * width + u]!);
        }
      }
      result[y * width + x] = extreme(...window);
    }
  }
  return { width, height, data: result };
}

const values = ({ data }: Plane<Float32Array>): number[] => Array.from(data, Number);

test('dilation and closing are what looking at every window gives', () => {
  fc.assert(
    fc.property(plane(24), fc.integer({ min: 1, max: 9 }), (image, radius) => {
      const widened = slowly(image, radius, Math.max);
      assert.deepEqual(values(dilated(image, radius)), values(widened));
      assert.deepEqual(values(closed(image, radius)), values(slowly(widened, radius, Math.min)));
    }),
    { numRuns: 150 },
  );
});

test('components share out all ink, each within its box', () => {
  fc.assert(
    fc.property(plane(16), ({ width, height, data }) => {
      const sparse = data.map((value) => (value > 6 ? value : 0));
      const found = components({ width, height, data: sparse });
      const pixels = found.flatMap((component) => [...component.pixels]).sort((a, b) => a - b);
      const inked = [...sparse.keys()].filter((index) => sparse[index]! > 0);
      assert.deepEqual(pixels, inked);
      for (const { box, pixels: own, mass } of found) {
        const columns = [...own].map((index) => index % width);
        assert.equal(box.left, Math.min(...columns));
        assert.equal(box.left + box.width - 1, Math.max(...columns));
        assert.equal(
          mass,
          own.reduce((sum, index) => sum + sparse[index]!, 0),
        );
      }
    }),
  );
});

test('pixels that touch at a corner are one component, a gap makes two', () => {
  const count = (rows: string[]) => {
    const data = Float32Array.from(rows.join(''), (mark) => (mark === '#' ? 1 : 0));
    return components({ width: rows[0]!.length, height: rows.length, data }).length;
  };
  assert.equal(count(['#..', '.#.', '..#']), 1);
  assert.equal(count(['#.#', '#.#', '###']), 1);
  assert.equal(count(['#.#', '#.#', '#.#']), 2);
});

test('luma keeps grey exact, weighs colours, and lets the page through', () => {
  const levels = Uint8Array.from({ length: 256 }, (_, level) => level);
  assert.deepEqual(luma(grey(levels, 16, 16), 255).data, levels);
  const pixel = (...data: number[]) =>
    luma({ width: 1, height: 1, data: Uint8Array.from(data) }, 255).data[0];
  assert.deepEqual([pixel(255, 0, 0, 255), pixel(0, 255, 0, 255), pixel(0, 0, 255, 255)], [76, 150, 29]);
  assert.equal(pixel(0, 0, 0, 0), 255);
  assert.equal(pixel(0, 0, 0, 51), 204);
});

test('a picture beyond the working size is averaged in whole blocks', () => {
  const checks = Uint8Array.from({ length: 1024 * 2 }, (_, index) => (index % 2 === 0 ? 0 : 200));
  const { width, height, reduction, data } = luma(grey(checks, 1024, 2), 255);
  assert.deepEqual([width, height, reduction], [512, 1, 2]);
  assert.ok(data.every((level) => level === 100));
});
