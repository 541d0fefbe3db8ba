import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Plane } from '../../core/image.js';
import { chooseSeams, findSeams } from '../../core/seams.js';

const planes = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 4 }), { minLength: width * height, maxLength: width * height })
      .map((values): Plane<Float32Array> => ({ width, height, data: Float32Array.from(values) })),
  );

/** Every way from top to bottom through `column` of the middle row, one column aside a row at most: the least ink. */
function leastInk({ width, height, data }: Plane<Float32Array>, column: number): number {
  const middle = Math.floor(height / 2);
  const from = (x: number, y: number): number => {
    if (x < 0 || x >= width || (y === middle && x !== column)) return Number.POSITIVE_INFINITY;
    const here = data[y * width + x]!;
    if (y === height - 1) return here;
    return here + Math.min(from(x - 1, y + 1), from(x, y + 1), from(x + 1, y + 1));
  };
  return Math.min(...Array.from({ length: width }, (_, x) => from(x, 0)));
}

test('a seam crosses the least ink of all ways through its column, moves by one column a row, and says what it crosses', () => {
  fc.assert(
    fc.property(planes, (plane) => {
      findSeams(plane).forEach(({ columns, ink }, column) => {
        assert.equal(columns[Math.floor(plane.height / 2)], column);
        const crossed = columns.reduce((sum, x, y) => sum + plane.data[y * plane.width + x]!, 0);
        assert.equal(ink, crossed);
        for (let y = 1; y < plane.height; y++) assert.ok(Math.abs(columns[y]! - columns[y - 1]!) <= 1);
        // Ink comes in whole pixels here, and all steps aside together cost less than one.
        assert.equal(ink, leastInk(plane, column));
      });
    }),
    { numRuns: 300 },
  );
});

test('seams never cross one another', () => {
  fc.assert(
    fc.property(planes, (plane) => {
      const seams = findSeams(plane);
      for (let column = 1; column < seams.length; column++) {
        seams[column]!.columns.forEach((x, y) => {
          assert.ok(x >= seams[column - 1]!.columns[y]!, `row ${y} of seams ${column - 1} and ${column}`);
        });
      }
    }),
  );
});

test('two discs that touch are cut where they touch, and the cheapest cut is kept', () => {
  const [width, height] = [41, 21];
  const data = new Float32Array(width * height);
  for (let index = 0; index < data.length; index++) {
    const [x, y] = [index % width, Math.floor(index / width)];
    const near = Math.min(Math.hypot(x - 10, y - 10), Math.hypot(x - 30, y - 10));
    if (near <= 10) data[index] = 1;
  }
  const seams = findSeams({ width, height, data });
  const chosen = chooseSeams(seams, 4);
  const middles = chosen.map((seam) => seams.indexOf(seam));
  const cheapest = chosen.reduce((best, seam) => (seam.ink < best.ink ? seam : best));
  assert.equal(cheapest.ink, 1);
  assert.ok(Math.abs(seams.indexOf(cheapest) - 20) <= 1, `cuts in columns ${middles}`);
  middles.forEach((column, index) => {
    assert.ok(index === 0 || column - middles[index - 1]! >= 4, `cuts in columns ${middles}`);
  });
});
