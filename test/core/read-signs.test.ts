import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyNumbers, numberText } from '../../core/predict-numbers.js';
import { draw, type Shape, seven, stroke } from './pictures.js';
import { calibration, widthReader } from './width-reader.js';

const sevens = [40, 90, 140].map((left) => seven(left, 80, 40, 5));
const ring =
  (left: number, top: number, size: number): Shape =>
  (x, y) =>
    Number(Math.abs(Math.hypot(x - left - size / 2, y - top - size / 2) - size / 2 + 2) < 2);
const line = (fromX: number, fromY: number, toX: number, toY: number): Shape =>
  stroke(
    [
      [fromX, fromY],
      [toX, toY],
    ],
    5,
  );

/** What a picture of these says, and why it is not accepted. */
async function answerTo(...shapes: readonly Shape[]): Promise<[text: string, reason: string | null]> {
  const shape: Shape = (x, y) => Math.max(...shapes.map((one) => one(x, y)));
  const picture = draw({ width: 260, height: 160, shape });
  const [answer] = await classifyNumbers([picture], widthReader().runner, calibration);
  return [numberText(answer!), answer!.reason];
}

test('a degree sign or an exponent makes another number of what stands before it; a small digit at the foot or halfway is a digit', async () => {
  for (const top of [71, 75]) {
    assert.deepEqual(await answerTo(...sevens, ring(175, top, 24)), ['7777', 'unlike-digits']);
    assert.deepEqual(await answerTo(...sevens, seven(175, top, 22, 4)), ['7777', 'unlike-digits']);
  }
  const two = [seven(172, 74, 22, 4), seven(194, 74, 22, 4)];
  assert.deepEqual(await answerTo(...sevens, ...two), ['77777', 'unlike-digits']);
  for (const top of [88, 92, 97])
    assert.deepEqual(await answerTo(...sevens, ring(175, top, 24)), ['7777', null]);
});

test('an exponent that stands higher than its number is no line of writing, under a line or over one either; smaller writing above is', async () => {
  const exponent = seven(176, 50, 20, 4);
  const [above, under] = [line(172, 44, 196, 44), line(172, 74, 196, 74)];
  for (const shapes of [[exponent], [exponent, above], [exponent, under]])
    assert.equal((await answerTo(...sevens, ...shapes))[1], 'unlike-digits');
  for (const left of [30, 60, 110])
    assert.deepEqual(await answerTo(...sevens, seven(left, 40, 20, 4)), ['7\n777', null]);
  assert.deepEqual(await answerTo(...sevens, seven(176, 20, 20, 4)), ['7\n777', null]);
});

test('a slash or a bar between digits is no 1: it is higher than both of them at its head and at its foot', async () => {
  const [before, after] = [seven(40, 80, 40, 5), seven(130, 80, 40, 5)];
  for (const bar of [line(105, 71, 95, 129), line(100, 71, 100, 129)])
    assert.deepEqual(await answerTo(before, bar, after), ['717', 'unlike-digits']);
  for (const one of [line(105, 80, 95, 120), line(104, 70, 96, 120), line(104, 80, 96, 130)])
    assert.deepEqual(await answerTo(before, one, after), ['717', null]);
  assert.deepEqual(await answerTo(before, line(104, 70, 96, 130)), ['71', null]);
});

test('digits that a line runs through or under, and touches, are not accepted; those that touch one another are', async () => {
  const level = (y: number, fall: number) => line(30, y, 175, y + fall);
  for (const [y, fall] of [
    [120, 0],
    [122, -6],
    [100, 4],
  ] as const)
    assert.equal((await answerTo(...sevens, level(y, fall)))[1], 'unlike-digits');
  const touching = [seven(40, 80, 40, 5), seven(67, 84, 40, 5), seven(94, 79, 40, 5)];
  assert.deepEqual(await answerTo(...touching), ['777', null]);
});

test('the foot of a flat 2 is no line under it', async () => {
  const corners: [x: number, y: number][] = [
    [190, 98],
    [226, 98],
    [190, 120],
    [230, 120],
  ];
  assert.equal((await answerTo(...sevens, stroke(corners, 5)))[1], null);
});
