import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { classifyNumbers, numberText } from '../../../core/predict-numbers.js';
import { UNCALIBRATED } from '../../../export/calibrate.js';
import { compose } from '../../../train/composed/compose.js';
import { render } from '../../../train/composed/render.js';
import { loadMnistSplit, selectImages } from '../../../train/dataset/mnist.js';
import { NUMBER_SUITES } from '../../../train/suites/numbers.js';
import { nearestNeighbour } from '../nearest-neighbour.js';

const digits = selectImages(
  await loadMnistSplit('test'),
  Uint32Array.from({ length: 200 }, (_, row) => row),
);

/** The columns of an image that have ink, from the first to the last. */
function inkColumns(row: number): { first: number; last: number } {
  const image = digits.images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
  const columns = Array.from({ length: INPUT_SIDE }, (_, x) => x).filter((x) =>
    image.some((value, index) => value > 0 && index % INPUT_SIDE === x),
  );
  return { first: columns[0]!, last: columns.at(-1)! };
}

test('between two digits there are as many white columns as the gap says, and every pixel is one of theirs', () => {
  const row = fc.integer({ min: 0, max: digits.count - 1 });
  const layout = fc.tuple(row, row, fc.integer({ min: -3, max: 20 }), fc.integer({ min: 0, max: 4 }));
  fc.assert(
    fc.property(layout, ([left, right, gap, drop]) => {
      const line = [
        { row: left, gap: 0, drop: 0 },
        { row: right, gap, drop },
      ];
      const { plane, stamps } = compose(digits, [line], { margin: 8, leading: 0 });
      const [first, second] = stamps;
      const end = first!.left + inkColumns(left).last + 1;
      assert.equal(second!.left + inkColumns(right).first - end, gap);
      const valueAt = (stamp: typeof first, x: number, y: number) => {
        const [column, line] = [x - stamp!.left, y - stamp!.top];
        const inside = column >= 0 && line >= 0 && column < INPUT_SIDE && line < INPUT_SIDE;
        return inside ? digits.images[stamp!.row * INPUT_LENGTH + line * INPUT_SIDE + column]! : 0;
      };
      plane.data.forEach((value, index) => {
        const [x, y] = [index % plane.width, Math.floor(index / plane.width)];
        assert.equal(value, Math.max(valueAt(first, x, y), valueAt(second, x, y)));
      });
    }),
    { numRuns: 60 },
  );
});

test('a plane is enlarged about its own pixels, in the brightness asked for', () => {
  const plane = { width: 2, height: 1, data: Uint8Array.of(0, 255) };
  const { width, height, data } = render(plane, { scale: 4, paper: 200, ink: 0 });
  assert.deepEqual([width, height], [8, 4]);
  const greys = Array.from({ length: width }, (_, x) => data[x * 4]!);
  // Sample points of the enlarged pixels lie an eighth, three eighths ... of a pixel from the left edge.
  assert.deepEqual(greys, [200, 200, 175, 125, 75, 25, 0, 0]);
});

test('a sample is a function of the digits and its number', async () => {
  for (const [name, suite] of Object.entries(NUMBER_SUITES)) {
    const [once, again, other] = await Promise.all([3, 3, 4].map((index) => suite.make(digits, index)));
    assert.deepEqual(once, again, name);
    assert.notDeepEqual(once, other, name);
    assert.match(once!.expected!, /^\d+(\n\d+)*$/);
  }
});

/** How many of the suite's first `images` pictures come out as they were composed. */
async function exact(name: string, images: number): Promise<number> {
  const runner = nearestNeighbour(digits);
  let right = 0;
  for (let index = 0; index < images; index++) {
    const { picture, expected } = await NUMBER_SUITES[name]!.make(digits, index);
    const answers = await classifyNumbers([picture], runner, UNCALIBRATED);
    if (numberText(answers[0]!) === expected) right++;
  }
  return right;
}

test('whoever knows the digits by heart reads numbers of them: apart, of any length, in lines, and most that touch', async () => {
  for (const [name, least] of [
    ['gap2', 6],
    ['lengths', 6],
    ['two-lines', 5],
    ['gap0', 5],
  ] as const) {
    const right = await exact(name, 6);
    assert.ok(right >= least, `${name}: ${right} of 6`);
  }
});
