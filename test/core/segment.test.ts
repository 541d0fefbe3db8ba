import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segment } from '../../core/segment.js';
import { draw, type Shape } from './pictures.js';

test('pieces keep no ink of their own: those of circles within circles are hundreds, each nearly as large as the page', () => {
  const circles: Shape = (x, y) => (Math.hypot(x - 250, y - 250) % 7 < 2 ? 1 : 0);
  const segmented = segment(draw({ width: 500, height: 500, shape: circles }));
  assert.ok('lines' in segmented);
  const pieces = segmented.lines.flatMap((line) => line.pieces);
  assert.ok(pieces.length > 500, `${pieces.length} pieces`);
  const held = pieces.flatMap((piece) => Object.values(piece)).filter((value) => typeof value === 'object');
  assert.deepEqual([...new Set(held.flatMap(Object.keys))], ['left', 'top', 'width', 'height']);
  for (const { box, ink } of pieces.slice(0, 20)) {
    const { width, height, data } = ink();
    assert.deepEqual([width, height], [box.width, box.height]);
    assert.ok(data.some((value) => value > 0));
  }
});

/** Lines of eight rings that touch, each by itself of few enough pieces. */
const ringsInLines =
  (lines: number): Shape =>
  (x, y) => {
    const [row, column] = [Math.round((y - 40) / 60), Math.round((x - 40) / 30)];
    if (row < 0 || row >= lines) return 0;
    const columns = [column - 1, column, column + 1].filter((one) => one >= 0 && one < 8);
    const away = columns.map((one) => Math.abs(Math.hypot(x - 40 - 30 * one, y - 40 - 60 * row) - 17));
    return Math.min(...away) < 3 ? 1 : 0;
  };

/** How many pieces each line has, and how many parts that are never divided. */
function countsOf(shape: Shape) {
  const segmented = segment(draw({ width: 500, height: 500, shape }));
  assert.ok('lines' in segmented);
  return segmented.lines.map(({ pieces, end }) => ({ pieces: pieces.length, parts: end }));
}
const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

test('all lines of a page together make at most 2,000 pieces: where they would make more, all are cut more coarsely', () => {
  const few = countsOf(ringsInLines(4)).map(({ pieces }) => pieces);
  const many = countsOf(ringsInLines(6)).map(({ pieces }) => pieces);
  assert.deepEqual([few.length, many.length], [4, 6]);
  // Six lines cut as finely as the four would be too many.
  assert.ok(total(few) <= 2000 && (6 / 4) * total(few) > 2000, `${few}`);
  assert.ok(total(many) <= 2000, `${many}`);
  assert.ok(Math.min(...many) > 8, `a line is still cut: ${many}`);
});

test('of more than 400 marks the 400 heaviest are read', () => {
  const dots =
    (rows: number): Shape =>
    (x, y) => {
      const [column, row] = [Math.floor(x / 15), Math.floor(y / 15)];
      // Full rows of dots would pass for ruled lines.
      const isDot = column > 0 && row > 0 && column <= 30 && row <= rows && (column + row * 7) % 5 > 0;
      return isDot && x % 15 < 8 && y % 15 < 8 ? 1 : 0;
    };
  const marksOf = (rows: number) => total(countsOf(dots(rows)).map(({ parts }) => parts));
  assert.deepEqual([marksOf(16), marksOf(17), marksOf(30)], [384, 400, 400]);
});

test('a long line, of a thousand parts, is divided as fast as others are', () => {
  const bar: Shape = (x, y) => Number(y >= 400 && y < 412 && x >= 20 && x < 1480);
  const [long, usual] = [bar, ringsInLines(6)].map((shape) => {
    const image = draw({ width: 1500, height: 800, shape });
    const segmented = segment(image);
    assert.ok('lines' in segmented);
    // Of the processor's own time, which nothing lengthens that runs beside it.
    const start = process.cpuUsage();
    for (let time = 0; time < 3; time++) segment(image);
    const { user, system } = process.cpuUsage(start);
    return { parts: segmented.lines.map(({ end }) => end), took: user + system };
  });
  assert.deepEqual(long!.parts, [1]);
  // Some four times as long; where each two of the parts are looked at, hundreds of times.
  assert.ok(long!.took < 30 * usual!.took, `${long!.took} microseconds, others ${usual!.took}`);
});
