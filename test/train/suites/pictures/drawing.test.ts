import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { components } from '../../../../core/components.js';
import { loadMnistSplit } from '../../../../train/dataset/mnist.js';
import { contour, type Digit, digitAt } from '../../../../train/suites/pictures/contour.js';
import { depths, type Mask, thinned } from '../../../../train/suites/pictures/mask.js';
import { drawLines } from '../../../../train/suites/pictures/pen.js';
import { type Point, skeleton } from '../../../../train/suites/pictures/skeleton.js';
import { DIGIT, MASK, placeOf, SIDE, SKELETON, SPLINE } from './references.fixtures.js';

function unpacked(text: string): Mask {
  const bytes = inflateSync(Buffer.from(text, 'base64'));
  const data = Uint8Array.from(
    { length: SIDE * SIDE },
    (_, bit) => (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1,
  );
  return { side: SIDE, data };
}

const pointsOf = ({ side, data }: Mask): Point[] =>
  [...data.keys()]
    .filter((pixel) => data[pixel] === 1)
    .map((pixel) => [pixel % side, Math.floor(pixel / side)]);

const distance = (points: readonly Point[], [x, y]: Point): number =>
  Math.min(...points.map(([column, row]) => Math.hypot(column - x, row - y)));

describe('drawing digits anew', () => {
  let digit: Digit;
  before(async () => {
    digit = digitAt(await loadMnistSplit('test'), DIGIT);
  });

  it("the outline is where scipy's cubic spline is above 0.45", () => {
    // A steepness of 0.6 at this scale: the share of ink is 0.5 and what the spline is above 0.45.
    const scale = 0.6;
    for (const [n, expected] of SPLINE.entries()) {
      const covered = contour(digit, { width: 1, height: 1 }, () => placeOf(n), scale).data[0]!;
      const ink = Math.min(1, Math.max(0, 0.5 + expected - 0.45));
      assert.ok(Math.abs(covered - ink) < 2e-5, `place ${n}: ${covered}, not ${ink}`);
    }
  });

  it("lines are thinned to where scikit-image's are, up to their ends", () => {
    const [ours, theirs] = [thinned(unpacked(MASK)), unpacked(SKELETON)];
    const [mine, known] = [pointsOf(ours), pointsOf(theirs)];
    assert.ok(
      mine.every((point) => distance(known, point) < 1.5),
      'a line where there is none',
    );
    const missing = known.filter((point) => distance(mine, point) >= 1.5).length;
    assert.ok(missing < 0.05 * known.length, `${missing} of ${known.length} pixels are missing`);
    const parts = components({ width: SIDE, height: SIDE, data: Float32Array.from(ours.data) });
    assert.equal(parts.length, 1, 'the line broke');
  });

  it('depths are distances to the nearest pixel outside, within 8%', () => {
    const mask = unpacked(MASK);
    const deep = depths(mask);
    const outside = pointsOf({ side: SIDE, data: mask.data.map((value) => 1 - value) });
    for (const [column, row] of pointsOf(mask)) {
      const exact = distance(outside, [column, row]);
      const found = deep[row * SIDE + column]!;
      assert.ok(Math.abs(found / exact - 1) < 0.08, `(${column}, ${row}): ${found}, not ${exact}`);
    }
  });

  it('a pen leaves a line of its width with round ends', () => {
    const lines: Point[][] = [
      [
        [30, 40.3],
        [70, 40.3],
        [70, 41.3],
      ],
    ];
    const size = { width: 120, height: 90 };
    const area = (edges: 'anti-aliased' | 'aliased') =>
      drawLines(lines, size, 12, edges).data.reduce((sum, covered) => sum + covered, 0);
    const exact = 12 * 40 + 36 * Math.PI + 12;
    for (const edges of ['anti-aliased', 'aliased'] as const) {
      assert.ok(Math.abs(area(edges) / exact - 1) < 0.02, `${edges}: ${area(edges)}, not ${exact}`);
    }
    assert.ok(drawLines(lines, size, 12, 'aliased').data.every((covered) => covered === 0 || covered === 1));
  });

  it('the middle lines stay within the ink, and an 8 has two loops', () => {
    const lines = skeleton(digit);
    const points = lines.flat();
    for (const point of points) {
      const covered = contour(digit, { width: 1, height: 1 }, () => point, 0.6).data[0]!;
      assert.ok(covered > 0.45, `(${point}) is not in the ink`);
    }
    // On a sphere, paper in three parts: within each loop, and around.
    const drawn = drawLines(
      lines.map((line) => line.map(([x, y]): Point => [6 * x + 3, 6 * y + 3])),
      { width: 168, height: 168 },
      3,
    );
    // Paper that touches by a corner counts as joined; lines of three pixels leave no such gap.
    const paper = components({ ...drawn, data: drawn.data.map((covered) => Number(covered < 0.5)) });
    assert.equal(paper.filter(({ pixels }) => pixels.length > 20).length, 3);
  });
});
