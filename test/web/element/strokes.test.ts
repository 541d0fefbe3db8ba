import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  extend,
  readStrokes,
  type Stroke,
  smooth,
  weightOf,
  writeStrokes,
} from '../../../web/element/strokes.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const point = fc.record({ x: unit, y: unit, weight: fc.double({ min: 0.6, max: 1.4, noNaN: true }) });
const stroke = fc.array(point, { minLength: 1, maxLength: 40 });

test('a smoothed stroke begins and ends where the pen did, without a gap, and stays within its points', () => {
  fc.assert(
    fc.property(stroke, (points) => {
      const segments = smooth(points);
      assert.deepEqual([segments[0]!.from.x, segments[0]!.from.y], [points[0]!.x, points[0]!.y]);
      assert.deepEqual([segments.at(-1)!.to.x, segments.at(-1)!.to.y], [points.at(-1)!.x, points.at(-1)!.y]);
      for (let index = 1; index < segments.length; index++) {
        assert.deepEqual(segments[index]!.from, segments[index - 1]!.to);
      }
      const xs = points.map(({ x }) => x);
      for (const { from, control, to } of segments) {
        for (const { x } of [from, control, to]) {
          assert.ok(x >= Math.min(...xs) && x <= Math.max(...xs), `${x} lies outside the stroke`);
        }
      }
    }),
  );
});

test('a tap is one segment, which paints a dot', () => {
  assert.equal(smooth([{ x: 0.5, y: 0.5, weight: 1 }]).length, 1);
});

test('a point that hardly moves is left out, and the stroke stays the same object', () => {
  const start: Stroke = [{ x: 0.5, y: 0.5, weight: 1 }];
  assert.equal(extend(start, { x: 0.5005, y: 0.5, weight: 1 }), start);
  assert.equal(extend(start, { x: 0.6, y: 0.5, weight: 1 }).length, 2);
});

test('only a pen writes by its pressure', () => {
  assert.equal(weightOf('touch', 0.1), 1);
  assert.equal(weightOf('mouse', 0.5), 1);
  assert.equal(weightOf('pen', 0.5), 1);
  assert.ok(weightOf('pen', 1) > weightOf('pen', 0.2));
});

test('strokes come back from text to a thousandth, and anything else is no stroke', () => {
  fc.assert(
    fc.property(fc.array(stroke, { maxLength: 6 }), (strokes) => {
      const back = readStrokes(writeStrokes(strokes));
      assert.equal(back.length, strokes.length);
      for (const [index, points] of back.entries()) {
        assert.equal(points.length, strokes[index]!.length);
        for (const [place, { x, y, weight }] of points.entries()) {
          const drawn = strokes[index]![place]!;
          const error = Math.max(
            Math.abs(x - drawn.x),
            Math.abs(y - drawn.y),
            Math.abs(weight - drawn.weight),
          );
          assert.ok(error <= 0.000501, `${error}`);
        }
      }
    }),
  );
  for (const text of [
    '',
    '7',
    'null',
    '[7]',
    '[[]]',
    '[[1,2]]',
    '[["a","b","c"]]',
    '{"a":1}',
    '[[1,2,null]]',
  ]) {
    assert.deepEqual(readStrokes(text), [], text);
  }
});
