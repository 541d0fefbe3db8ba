import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Box, CLASS_COUNT, INPUT_LENGTH } from '../../core/image.js';
import type { Runner } from '../../core/predict.js';
import { classifyNumbers, type NumberPrediction, numberText } from '../../core/predict-numbers.js';
import { segment } from '../../core/segment.js';
import { draw, inverted, type Shape, seven, stroke } from './pictures.js';
import { acceptedFrom, calibration, widthReader } from './width-reader.js';

const read = async (picture: Parameters<typeof classifyNumbers>[0][number]): Promise<NumberPrediction> =>
  (await classifyNumbers([picture], widthReader().runner, calibration))[0]!;
const boxes = ({ lines }: NumberPrediction): Box[][] =>
  lines.map(({ digits }) => digits.map(({ box }) => box));

/** An upright stroke, `height` high. */
const one = (left: number, top: number, height: number, width: number): Shape =>
  stroke(
    [
      [left, top],
      [left, top + height],
    ],
    width,
  );
const together =
  (shapes: readonly Shape[]): Shape =>
  (x, y) =>
    Math.max(0, ...shapes.map((shape) => shape(x, y)));

interface Digit {
  kind: 'one' | 'seven';
  gap: number;
  drop: number;
}
const digits = fc.array(
  fc.record({
    kind: fc.constantFrom('one' as const, 'seven' as const),
    // At a fifth of their height two of 4,000 lines are read wrong by shapes alone, at a quarter none.
    gap: fc.integer({ min: 10, max: 40 }),
    drop: fc.integer({ min: 0, max: 8 }),
  }),
  { minLength: 1, maxLength: 7 },
);

/** Draws a line of digits 40 pixels high, and says what it says. */
function drawn(line: readonly Digit[], left: number, top: number) {
  const shapes: Shape[] = [];
  const starts: number[] = [];
  let x = left;
  for (const { kind, gap, drop } of line) {
    starts.push(x);
    shapes.push(kind === 'one' ? one(x, top + drop, 40, 5) : seven(x, top + drop, 40, 5));
    x += gap + (kind === 'one' ? 6 : 30);
  }
  return {
    shape: together(shapes),
    starts,
    text: line.map(({ kind }) => (kind === 'one' ? '1' : '7')).join(''),
  };
}

test('any line of digits that stand apart is read digit by digit, left to right, each in its own box', async () => {
  await fc.assert(
    fc.asyncProperty(digits, async (line) => {
      const { shape, starts, text } = drawn(line, 20, 20);
      const answer = await read(draw({ width: 500, height: 90, shape }));
      assert.equal(numberText(answer), text);
      boxes(answer)[0]!.forEach(({ left, top, height }, index) => {
        const { drop } = line[index]!;
        assert.ok(Math.abs(left - (starts[index]! - 3)) <= 1, `digit ${index} begins at ${left}`);
        assert.ok(
          Math.abs(top - (20 + drop - 3)) <= 1 && Math.abs(height - 46) <= 2,
          `${top}, ${height} high`,
        );
      });
    }),
    { numRuns: 25 },
  );
});

test('where on the page the line stands makes no difference, nor which of ink and paper is dark', async () => {
  const line: Digit[] = [
    { kind: 'seven', gap: 12, drop: 0 },
    { kind: 'one', gap: 9, drop: 4 },
    { kind: 'seven', gap: 10, drop: 2 },
  ];
  const at = (left: number, top: number) =>
    draw({ width: 300, height: 200, shape: drawn(line, left, top).shape });
  const reference = await read(at(20, 20));
  const place = fc.tuple(fc.integer({ min: 0, max: 120 }), fc.integer({ min: 0, max: 100 }));
  await fc.assert(
    fc.asyncProperty(place, fc.boolean(), async ([right, down], light) => {
      const picture = at(20 + right, 20 + down);
      const answer = await read(light ? inverted(picture) : picture);
      const moved = boxes(reference).map((of) =>
        of.map((box) => ({ ...box, left: box.left + right, top: box.top + down })),
      );
      assert.deepEqual(boxes(answer), moved);
      assert.equal(numberText(answer), '717');
    }),
    { numRuns: 25 },
  );
});

test('lines are read one after another, topmost first, a climbing one too', async () => {
  const climbing = Array.from({ length: 6 }, (_, index) => seven(20 + index * 45, 60 - index * 8, 40, 5));
  const below = Array.from({ length: 4 }, (_, index) => one(60 + index * 30, 130, 40, 5));
  const answer = await read(draw({ width: 320, height: 200, shape: together([...climbing, ...below]) }));
  assert.equal(numberText(answer), '777777\n1111');
});

test('a line of much smaller digits is a line of its own, above larger ones or below; a broken digit, a dot and a comma beside it are not', async () => {
  const large = (top: number) => [20, 120, 270, 370, 470].map((left) => seven(left, top, 100, 8));
  const halves = (top: number) => [one(230, top, 46, 8), one(230, top + 57, 40, 8)];
  const small = (top: number) => [60, 100].map((left) => seven(left, top, 40, 5));
  const [dot, comma] = [one(100, 134, 1, 9), one(212, 135, 15, 5)];
  const below = together([...large(30), ...halves(30), dot, comma, ...small(155)]);
  const { lines } = await read(draw({ width: 560, height: 230, shape: below }));
  assert.deepEqual([lines.length, lines[1]?.text], [2, '77']);
  const above = together([...small(20), ...large(90), ...halves(90)]);
  assert.equal(numberText(await read(draw({ width: 560, height: 230, shape: above }))), '77\n771777');
});

test('a digit that broke into parts is one; a dot and a speck are none', async () => {
  const halves = together([one(30, 20, 20, 5), one(30, 46, 16, 5)]);
  const sevens = [100, 150, 200].map((left) => seven(left, 20, 40, 5));
  const dot = one(70, 60, 1, 5);
  const answer = await read(draw({ width: 260, height: 90, shape: together([halves, dot, ...sevens]) }));
  assert.equal(numberText(answer), '1777');
});

test('a number with a point, a comma or a minus sign is not accepted: it is another one than its digits say', async () => {
  const sevens = [60, 110, 170, 220].map((left) => seven(left, 20, 40, 5));
  const level = (left: number, top: number, width: number) =>
    stroke(
      [
        [left, top],
        [left + width, top],
      ],
      5,
    );
  const verdict = async (...marks: Shape[]) => {
    const shape = together([...sevens, ...marks]);
    const answer = await read(draw({ width: 300, height: 100, shape }));
    assert.equal(numberText(answer), '7777');
    return answer.reason;
  };
  const point = (left: number, top: number) => one(left, top, 1, 6);
  const comma = stroke(
    [
      [156, 60],
      [151, 70],
    ],
    5,
  );
  for (const sign of [
    point(153, 60),
    point(50, 60),
    point(134, 58),
    comma,
    level(146, 40, 15),
    level(32, 42, 18),
  ])
    assert.equal(await verdict(sign), 'unlike-digits');
  // Dirt lies elsewhere, is smaller than a point, stands behind the number or far from it; parts of a broken digit lie near to the rest.
  const speck = one(153, 60, 1, 3);
  const others = [
    point(153, 30),
    point(153, 85),
    point(5, 60),
    speck,
    point(265, 60),
    one(124, 20, 1, 5),
    level(75, 68, 16),
  ];
  for (const other of others) assert.equal(await verdict(other), null);
});

test('a digit far smaller than the others is read or refuses the number; a dot as high, which the model refuses, and a broken digit do not', async () => {
  const { runner } = widthReader(3);
  // As a model does that has a threshold: a dot is fuller of ink than any digit.
  const model: Runner = {
    async run(input, batch) {
      const { logits } = await runner.run(input, batch);
      for (let row = 0; row < batch; row++) {
        const image = input.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
        const isDot = image.filter((value) => value > 0.5).length > 200;
        if (isDot) logits.fill(0, row * CLASS_COUNT, (row + 1) * CLASS_COUNT);
      }
      return { logits, probabilities: logits };
    },
  };
  const sevens = [20, 70, 170, 220].map((left) => seven(left, 20, 40, 5));
  const answerTo = async (...marks: Shape[]) => {
    const shape = together([...sevens, ...marks]);
    const [answer] = await classifyNumbers(
      [draw({ width: 340, height: 100, shape })],
      model,
      acceptedFrom(0.5),
    );
    return [numberText(answer!), answer!.reason];
  };
  assert.deepEqual(await answerTo(seven(265, 43, 17, 4)), ['77777', null]);
  for (const top of [20, 30, 50])
    assert.deepEqual(await answerTo(seven(265, top, 10, 4)), ['7777', 'unlike-digits']);
  assert.deepEqual(await answerTo(seven(132, 30, 10, 4)), ['7777', 'unlike-digits']);
  const [dot, dots] = [one(270, 35, 1, 12), [one(270, 25, 1, 8), one(270, 45, 1, 8)]];
  const broken = [one(270, 20, 24, 5), one(270, 54, 6, 5)];
  assert.deepEqual(await answerTo(dot), ['7777', null]);
  assert.deepEqual(await answerTo(...dots), ['7777', null]);
  assert.deepEqual(await answerTo(...broken), ['77771', null]);
});

test('two strokes that touch are two digits where one digit is never so wide', async () => {
  const shape = together([seven(20, 20, 40, 5), seven(47, 20, 40, 5), one(100, 20, 40, 5)]);
  const answer = await read(draw({ width: 160, height: 90, shape }));
  assert.equal(numberText(answer), '771');
});

test('boxes are in pixels of the picture, however large it is', async () => {
  const answer = await read(
    draw({ width: 2000, height: 800, shape: together([seven(200, 200, 400, 40), one(900, 200, 400, 40)]) }),
  );
  assert.equal(numberText(answer), '71');
  const [first, second] = boxes(answer)[0]!;
  for (const [got, expected] of [
    [first!.left, 180],
    [first!.top, 180],
    [first!.height, 440],
    [second!.left, 880],
    [second!.width, 40],
  ] as const) {
    assert.ok(Math.abs(got - expected) <= 8, `${got}, expected ${expected}`);
  }
});

test('a small number in a large picture is read from nearer, in boxes of the picture', async () => {
  const line: Digit[] = [
    { kind: 'seven', gap: 12, drop: 0 },
    { kind: 'one', gap: 14, drop: 4 },
    { kind: 'seven', gap: 16, drop: 2 },
    { kind: 'seven', gap: 10, drop: 0 },
  ];
  for (const [width, height] of [
    [4000, 90],
    [2400, 1100],
  ] as const) {
    const [left, top] = [width / 2 - 70, height / 2 - 21];
    const { shape, starts, text } = drawn(line, left, top);
    const near = (x: number, y: number) =>
      x > left - 9 && x < left + 200 && y > top - 9 && y < top + 60 ? shape(x, y) : 0;
    const answer = await read(draw({ width, height, shape: near }));
    assert.equal(numberText(answer), text);
    boxes(answer)[0]!.forEach((box, index) => {
      assert.ok(Math.abs(box.left - (starts[index]! - 3)) <= 2, `digit ${index} begins at ${box.left}`);
      assert.ok(Math.abs(box.top - (top + line[index]!.drop - 3)) <= 2 && Math.abs(box.height - 46) <= 3);
    });
  }
});

test('a blank page has no lines and a reason', async () => {
  const answer = await read(draw({ width: 200, height: 90, shape: () => 0 }));
  assert.deepEqual(answer, { lines: [], accepted: false, reason: 'blank' });
});

test('one digit that is refused refuses the picture', async () => {
  const { shape } = drawn([{ kind: 'seven', gap: 10, drop: 0 }], 20, 20);
  const picture = draw({ width: 100, height: 90, shape });
  const [answer] = await classifyNumbers([picture], widthReader().runner, acceptedFrom(1));
  assert.deepEqual([answer!.accepted, answer!.reason, numberText(answer!)], [false, 'low-confidence', '7']);
});

/** A ring among 395 dots, none of which is near it. */
const speckledRing: Shape = (x, y) => {
  const away = (left: number, top: number) => Math.abs(Math.hypot(left - 250, top - 250) - 134);
  const [column, row] = [Math.floor(x / 17), Math.floor(y / 17)];
  // Full rows of dots would pass for ruled lines.
  const isDot = column % 2 === 1 || row % 2 === 1;
  const isOnPage = Math.min(column, row) > 0 && column < 28 && row < 24;
  const isFree = away(column * 17 + 4, row * 17 + 4) > 20;
  return away(x, y) < 6 || (isDot && isOnPage && isFree && x % 17 < 9 && y % 17 < 9) ? 1 : 0;
};

test('pages of dots and of scribble stay within bounds', async () => {
  const dots: Shape = (x, y) => (x % 6 < 3 && y % 6 < 3 ? 1 : 0);
  const grid: Shape = (x, y) => (x % 12 < 2 || y % 12 < 2 ? 1 : 0);
  const ones = together(Array.from({ length: 60 }, (_, index) => one(4 + 8 * index, 4, 40, 3)));
  const onesOverDots: Shape = (x, y) => {
    if (y < 50) return ones(x, y);
    return y > 55 && y < 92 && (x + 2 * Math.floor(y / 7)) % 7 < 4 && y % 7 < 4 ? 1 : 0;
  };
  for (const shape of [dots, grid, speckledRing, onesOverDots]) {
    const { inputs, runner } = widthReader();
    await classifyNumbers([draw({ width: 500, height: 500, shape })], runner, calibration);
    const total = inputs.reduce((sum, batch) => sum + batch, 0);
    assert.ok(total <= 2000, `${total} inputs`);
  }
});

test('a page of more marks than are read is not accepted: those that were left out may be digits', async () => {
  const ones = (across: number, down: number) =>
    draw({
      width: 520,
      height: 520,
      shape: (x, y) => (x < 20 * across && y < 20 * down && x % 20 > 16 && y % 20 > 4 ? 1 : 0),
    });
  const [most, more] = [await read(ones(25, 16)), await read(ones(25, 17))];
  assert.equal(most.lines.flatMap(({ digits }) => digits).length, 400);
  assert.deepEqual([most.accepted, most.reason], [true, null]);
  assert.deepEqual([more.accepted, more.reason], [false, 'unlike-digits']);
});

test('parts of a mark are read only where it is not surely one digit, and then not those that clearly are none', async () => {
  const ring =
    (middle: number): Shape =>
    (x, y) =>
      Math.abs(Math.hypot(x - middle, y - 45) - 20) < 3 ? 1 : 0;
  const picture = draw({ width: 200, height: 90, shape: together([40, 100, 160].map(ring)) });
  const segmented = segment(picture);
  assert.ok('lines' in segmented);
  const pieces = segmented.lines.reduce((sum, line) => sum + line.pieces.length, 0);
  const inputsOf = async (logit: number) => {
    const { inputs, runner } = widthReader(logit);
    const [answer] = await classifyNumbers([picture], runner, calibration);
    assert.equal(numberText(answer!), '777');
    return inputs;
  };
  assert.deepEqual(await inputsOf(9), [3]);
  const [marks, parts] = await inputsOf(1);
  assert.equal(marks, 3);
  assert.ok(parts! > 0 && marks + parts! <= pieces / 2, `${parts} parts of ${pieces} pieces`);
});

test('a digit with more dots in it than one may be made of is read, and so is what stands beside it', async () => {
  const ring: Shape = (x, y) => (Math.abs(Math.hypot(x - 80, y - 80) - 50) < 6 ? 1 : 0);
  for (const count of [6, 7, 12]) {
    const dots = Array.from({ length: count }, (_, dot) => {
      const turn = (2 * Math.PI * dot) / count;
      return one(80 + 28 * Math.cos(turn), 80 + 28 * Math.sin(turn), 1, 9);
    });
    const shape = together([ring, ...dots, one(180, 30, 100, 12)]);
    const answer = await read(draw({ width: 240, height: 160, shape }));
    assert.deepEqual([count, numberText(answer), answer.accepted], [count, '71', true]);
  }
});

test('a digit among more dots than a line of digits can have is read', async () => {
  const answer = await read(draw({ width: 500, height: 500, shape: speckledRing }));
  assert.deepEqual(boxes(answer), [[{ left: 111, top: 111, width: 279, height: 279 }]]);
});
