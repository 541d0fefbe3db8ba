import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Box, Plane } from '../../core/image.js';
import { VIEW_LENGTH, viewPiece } from '../../core/piece-view.js';

const CELLS = VIEW_LENGTH / 2;
/** Of one of the two channels. */
const channel = (view: Uint8Array, which: 0 | 1) => view.filter((_, at) => at % 2 === which);
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** A page of dots, and a piece cut out of it: every second row of a box, so that its box has ink of others. */
const pages = fc
  .record({
    width: fc.integer({ min: 30, max: 60 }),
    height: fc.integer({ min: 30, max: 60 }),
    side: fc.integer({ min: 6, max: 18 }),
    dots: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 60 }),
    at: fc.tuple(fc.nat(), fc.nat()),
  })
  .map(({ width, height, side, dots, at }) => {
    const marks: Plane<Float32Array> = { width, height, data: new Float32Array(width * height) };
    for (const [x, y] of dots) marks.data[(y % height) * width + (x % width)] = 1;
    const box: Box = {
      left: at[0] % (width - side),
      top: at[1] % (height - side),
      width: side,
      height: side,
    };
    const ink = { width: side, height: side, data: new Float32Array(side * side) };
    ink.data.forEach((_, index) => {
      const [x, y] = [index % side, Math.floor(index / side)];
      if (y % 2 === 0) ink.data[index] = marks.data[(box.top + y) * width + box.left + x]!;
    });
    return { marks, box, ink };
  });

test("a view's first channel is the piece's ink, its second one all other ink near it, each as much as there is", () => {
  fc.assert(
    fc.property(pages, ({ marks, box, ink }) => {
      const view = viewPiece(marks, { box, ink: () => ink });
      const side = 1.5 * box.width;
      const middle = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
      // What of a pixel lies within the view.
      const inside = (from: number, at: number) =>
        Math.max(0, Math.min(at + 0.5, from + side / 2) - Math.max(at - 0.5, from - side / 2));
      let near = 0;
      marks.data.forEach((value, index) => {
        const [x, y] = [(index % marks.width) + 0.5, Math.floor(index / marks.width) + 0.5];
        near += value * inside(middle.x, x) * inside(middle.y, y);
      });
      const cellArea = (side / 28) ** 2;
      const own = (sum(channel(view, 0)) / 255) * cellArea;
      const other = (sum(channel(view, 1)) / 255) * cellArea;
      // Each cell is rounded to 1/255.
      const within = (CELLS * cellArea) / 255;
      assert.ok(Math.abs(own - sum(ink.data)) <= within, `own ${own}, ${sum(ink.data)}`);
      assert.ok(Math.abs(own + other - near) <= 2 * within, `all ${own + other}, ${near}`);
    }),
  );
});

test('where on the page a piece lies makes no difference to its view', () => {
  fc.assert(
    fc.property(pages, fc.nat({ max: 9 }), fc.nat({ max: 9 }), ({ marks, box, ink }, right, down) => {
      const width = marks.width + right;
      const moved = {
        width,
        height: marks.height + down,
        data: new Float32Array(width * (marks.height + down)),
      };
      marks.data.forEach((value, index) => {
        const [x, y] = [index % marks.width, Math.floor(index / marks.width)];
        moved.data[(y + down) * width + x + right] = value;
      });
      const there = { ...box, left: box.left + right, top: box.top + down };
      assert.deepEqual(
        viewPiece(moved, { box: there, ink: () => ink }),
        viewPiece(marks, { box, ink: () => ink }),
      );
    }),
  );
});
