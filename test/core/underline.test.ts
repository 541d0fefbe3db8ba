import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { preprocess } from '../../core/preprocess.js';
import { segment } from '../../core/segment.js';
import { draw, inverted, type Shape, seven, stroke } from './pictures.js';

const page = { width: 300, height: 220 };
const together =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    Math.max(...shapes.map((shape) => shape(x, y)));
const line = (left: number, right: number, y: number, width: number, fall = 0): Shape =>
  stroke(
    [
      [left, y],
      [right, y + fall],
    ],
    width,
  );

/** Whether a picture is read, to the bit, as if only this were drawn. */
function isReadAs(shape: Shape, written: Shape): boolean {
  const [all, alone] = [draw({ ...page, shape }), draw({ ...page, shape: written })];
  const same = [(image: typeof all) => image, inverted].map((turned) => {
    const [read, expected] = [preprocess(turned(all)), preprocess(turned(alone))];
    assert.equal(read.status, 'ok');
    return Buffer.compare(Buffer.from(read.input.buffer), Buffer.from(expected.input.buffer)) === 0;
  });
  assert.equal(same[0], same[1], 'dark and light alike');
  return same[0]!;
}

const pen = seven(120, 40, 110, 10);

test('a line below a digit is no part of it: level or tilted, thin or of the same pen', () => {
  fc.assert(
    fc.property(
      fc.record({
        left: fc.integer({ min: 20, max: 90 }),
        right: fc.integer({ min: 210, max: 280 }),
        y: fc.integer({ min: 172, max: 195 }),
        width: fc.integer({ min: 1, max: 5 }),
        fall: fc.integer({ min: -8, max: 8 }),
      }),
      ({ left, right, y, width, fall }) => isReadAs(together(pen, line(left, right, y, width, fall)), pen),
    ),
    { numRuns: 10 },
  );
});

test('a line under a number is no line of writing', () => {
  const digits = [60, 120, 180].map((left) => seven(left, 60, 70, 7));
  const linesOf = (shape: Shape) => {
    const found = segment(draw({ ...page, shape }));
    assert.ok('lines' in found);
    return found.lines.map(({ end, pieces }) => ({ end, boxes: pieces.map(({ box }) => box) }));
  };
  const underlined = linesOf(together(...digits, line(20, 285, 160, 3, 3)));
  assert.deepEqual(underlined, linesOf(together(...digits)));
});

const kept: Record<string, readonly [line: Shape, others: Shape]> = {
  'a line with ink below it': [
    line(60, 250, 110, 3),
    together(seven(130, 20, 70, 8), seven(130, 130, 70, 8)),
  ],
  'a line above': [line(40, 260, 25, 3), seven(120, 50, 110, 10)],
  'a line no longer than the digit is wide by a fifth': [line(114, 193, 175, 3), pen],
  'a line at the side': [line(150, 290, 190, 3), seven(30, 40, 110, 10)],
  'a line that the digit touches': [line(60, 250, 152, 3), pen],
  'a line that bends': [
    stroke(
      [
        [40, 180],
        [150, 190],
        [260, 180],
      ],
      3,
    ),
    pen,
  ],
  'a steep line': [line(60, 240, 165, 3, 30), pen],
  'a 1 lying down, with a dot above it': [line(60, 240, 150, 8), line(149, 151, 110, 12)],
  'the lower one of two bars': [line(60, 240, 150, 5), line(90, 210, 110, 5)],
};

for (const [what, [mark, others]] of Object.entries(kept)) {
  test(`${what} is not left out`, () => {
    assert.equal(isReadAs(together(mark, others), others), false);
  });
}

test('a 1 lying down is read, be it alone', () => {
  const lying = line(60, 240, 110, 6);
  assert.equal(isReadAs(lying, lying), true);
});

test('the foot of a 2 that broke off is not left out', () => {
  const head = stroke(
    [
      [112, 65],
      [135, 40],
      [168, 48],
      [170, 75],
      [120, 142],
    ],
    6,
  );
  for (const right of [180, 184]) {
    assert.equal(isReadAs(together(head, line(112, right, 152, 6)), head), false);
  }
});
