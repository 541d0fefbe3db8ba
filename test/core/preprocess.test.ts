import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../core/image.js';
import { preprocess } from '../../core/preprocess.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import { cutOut, draw, grey, inverted, type Shape, seven, stroke } from './pictures.js';
import { drawnSeven, readsAsSeven } from './sevens.js';

const mnist = await loadMnistSplit('test');
const digit = (row: number) => mnist.images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
const shares = (bytes: Uint8Array) => Float32Array.from(bytes, (byte) => byte / 255);

test('every image of the MNIST test set passes through bit for bit', () => {
  for (let row = 0; row < mnist.count; row++) {
    const { status, input } = preprocess(grey(digit(row), INPUT_SIDE, INPUT_SIDE));
    assert.equal(status, 'ok');
    assert.deepEqual(input, shares(digit(row)), `image ${row}`);
  }
});

test('dark on white, pasted anywhere into a larger picture, MNIST images give the same input', () => {
  const side = INPUT_SIDE + 60;
  const images = 2000;
  let same = 0;
  for (let row = 0; row < images; row++) {
    const [left, top] = [(row * 7) % 60, (row * 11) % 60];
    const page = new Uint8Array(side * side);
    for (let y = 0; y < INPUT_SIDE; y++) {
      page.set(digit(row).subarray(y * INPUT_SIDE, (y + 1) * INPUT_SIDE), (top + y) * side + left);
    }
    const { input } = preprocess(inverted(grey(page, side, side)));
    if (isDeepStrictEqual(input, shares(digit(row)))) same++;
  }
  // The rest have specks, which are left out, and a few centres of mass half-way between two pixels.
  assert.ok(same >= 0.97 * images, `${same} of ${images}`);
});

test('what it gives is MNIST-style: given again as a picture, it comes back unchanged', () => {
  const shape = fc.record({
    side: fc.integer({ min: 60, max: 400 }),
    left: fc.double({ min: 0.1, max: 0.4, noNaN: true }),
    height: fc.double({ min: 0.3, max: 0.5, noNaN: true }),
    width: fc.double({ min: 0.01, max: 0.08, noNaN: true }),
  });
  fc.assert(
    fc.property(shape, ({ side, left, height, width }) => {
      const pen = seven(left * side, 0.2 * side, height * side, Math.max(1, width * side));
      const { input } = preprocess(draw({ width: side, height: side, shape: pen }));
      const bytes = Uint8Array.from(input, (value) => Math.round(value * 255));
      const again = preprocess(grey(bytes, INPUT_SIDE, INPUT_SIDE));
      assert.deepEqual(again.input, shares(bytes));
    }),
    { numRuns: 60 },
  );
});

test('where on the page the digit stands makes no difference', () => {
  fc.assert(
    fc.property(fc.integer({ min: 15, max: 160 }), fc.integer({ min: 15, max: 80 }), (left, top) => {
      const { input } = preprocess(draw({ width: 300, height: 300, shape: seven(left, top, 180, 18) }));
      assert.deepEqual(input, drawnSeven);
    }),
    { numRuns: 40 },
  );
});

test('light ink on dark gives the same input', () => {
  const image = draw({ width: 300, height: 300, shape: seven(100, 60, 180, 18) });
  const light = preprocess(inverted(image));
  assert.equal(light.polarity, 'light-ink');
  assert.equal(preprocess(image).polarity, 'dark-ink');
  assert.deepEqual(light.input, drawnSeven);
});

test('the centre of mass comes to pixel (14, 14), the longer side to 20 pixels', () => {
  let [mass, x, y] = [0, 0, 0];
  drawnSeven.forEach((value, index) => {
    mass += value;
    x += value * (index % INPUT_SIDE);
    y += value * Math.floor(index / INPUT_SIDE);
  });
  assert.ok(Math.abs(x / mass - 14) <= 0.5, `x ${x / mass}`);
  assert.ok(Math.abs(y / mass - 14) <= 0.5, `y ${y / mass}`);
  const rows = Array.from({ length: INPUT_SIDE }, (_, row) =>
    drawnSeven.subarray(row * INPUT_SIDE, (row + 1) * INPUT_SIDE).some((value) => value > 0),
  );
  assert.equal(rows.filter(Boolean).length, 20);
});

test('a hairline on a large canvas becomes a stroke', () => {
  readsAsSeven(draw({ width: 1000, height: 1000, shape: seven(300, 150, 650, 2) }), 0.5);
  const { input } = preprocess(draw({ width: 1000, height: 1000, shape: seven(300, 150, 650, 2) }));
  const inked = input.filter((value) => value > 0.5).length;
  assert.ok(inked > 30, `${inked} pixels of ink`);
});

test('photographs: uneven light, shadow, grain, faint pencil', () => {
  const photo = { width: 1000, height: 800, shape: seven(450, 200, 350, 35) };
  const ramp = (x: number, y: number) => 230 - 0.12 * x - 0.05 * y;
  readsAsSeven(draw({ ...photo, paper: ramp, ink: 0.25 }), 0.9);
  readsAsSeven(draw({ ...photo, paper: ramp, ink: 0.25, noise: 15 }), 0.8);
  readsAsSeven(draw({ ...photo, paper: (x, y) => (x + 0.3 * y > 550 ? 210 : 120), ink: 0.3, noise: 5 }), 0.8);
  readsAsSeven(draw({ ...photo, paper: ramp, ink: 0.7, noise: 4 }), 0.8);
  readsAsSeven(inverted(draw({ ...photo, paper: ramp, ink: 0.3, noise: 10 })), 0.8);
});

test('specks and what runs off the edge of a photograph are not part of the digit', () => {
  const pen = seven(450, 200, 350, 35);
  const speck = stroke(
    [
      [60, 700],
      [63, 700],
    ],
    4,
  );
  const table = stroke(
    [
      [0, 0],
      [0, 800],
    ],
    60,
  );
  const shape = (x: number, y: number) => Math.max(pen(x, y), speck(x, y), table(x, y));
  readsAsSeven(
    draw({ width: 1000, height: 800, shape, paper: (x) => 230 - 0.1 * x, ink: 0.2, noise: 4 }),
    0.8,
  );
});

test('a digit that runs off the edge of a photograph is read, the table at its other edge is not', () => {
  const pen = seven(450, -100, 900, 60);
  const table = (x: number) => Number(x < 50);
  const shape = (x: number, y: number) => Math.max(pen(x, y), table(x));
  const { status, box } = preprocess(
    draw({ width: 1000, height: 800, shape, paper: (x) => 230 - 0.1 * x, ink: 0.2, noise: 4 }),
  );
  assert.equal(status, 'ok');
  assert.ok(box!.left > 550, `the box begins at ${box!.left}`);
});

test('of several digits on a photograph the one over the edge is kept, the table, a shadow and a finger are not', () => {
  const paper = (x: number) => 230 - 0.1 * x;
  const digits = [seven(120, 200, 350, 35), seven(420, 200, 350, 35)];
  const boxOf = (...others: readonly Shape[]) => {
    const shape: Shape = (x, y) => Math.max(...[...digits, ...others].map((mark) => mark(x, y)));
    return preprocess(draw({ width: 1000, height: 800, shape, paper, ink: 0.2, noise: 4 })).box!;
  };
  const alone = boxOf();
  const withThird = boxOf(seven(700, -10, 350, 35));
  assert.ok(withThird.top === 0 && withThird.left + withThird.width > 880, JSON.stringify(withThird));
  const table = (x: number) => Number(x < 50);
  const shadow = (x: number, y: number) => Math.max(0, 0.7 - Math.hypot(x - 1000, y - 800) / 250);
  const finger = stroke(
    [
      [850, -60],
      [850, 180],
    ],
    140,
  );
  for (const other of [table, shadow, finger]) assert.deepEqual(boxOf(other), alone);
});

test('a digit that fills its picture is the ink, whichever of ink and paper is dark', () => {
  for (const width of [12, 18, 24]) {
    const pen = seven(width / 2, width / 2, 60 - width, width);
    const picture = { width: Math.round(36 + 0.4 * width), height: 60, shape: pen, ink: 0.1 };
    const image = draw({ ...picture, paper: (x) => 250 - 60 * (x / picture.width) });
    assert.equal(preprocess(image).polarity, 'dark-ink', `${width} pixels thick`);
    assert.equal(preprocess(inverted(image)).polarity, 'light-ink', `${width} pixels thick`);
  }
});

test('digits cut out along their ink are read, whichever of ink and paper is dark', () => {
  const images = 300;
  for (const enlarged of [1, 4]) {
    const cut = Array.from({ length: images }, (_, row) => cutOut(digit(row), enlarged));
    for (const [pictures, polarity] of [
      [cut, 'light-ink'],
      [cut.map(inverted), 'dark-ink'],
    ] as const) {
      const read = pictures.filter((picture) => preprocess(picture).polarity === polarity).length;
      // The rest are upright ones, of which a box has more than of paper.
      assert.ok(read >= 0.94 * images, `${read} of ${images}, ${polarity}, enlarged ${enlarged} times`);
    }
  }
});

test('a dark margin along two sides is no part of the digit', () => {
  const paper = (x: number, y: number) => (x < 36 || y < 40 ? 130 : 235);
  readsAsSeven(draw({ width: 300, height: 270, shape: seven(110, 70, 150, 15), paper, ink: 0.2 }), 0.9);
});

test('lines printed as faintly as the grain of their paper are left out as grain is, and cost no ink', () => {
  const pen = seven(100, 60, 180, 18);
  for (const spacing of [30, 50]) {
    const shape = (x: number, y: number) => Math.max(pen(x, y), y % spacing < 2 ? 0.125 : 0);
    readsAsSeven(draw({ width: 300, height: 300, shape, paper: () => 215, ink: 0.2, noise: 20 }), 0.9);
  }
});

test('a pale line with one dark blot is full ink all along', () => {
  const pen = seven(100, 60, 180, 18);
  const blot = (x: number, y: number) => (Math.hypot(x - 150, y - 60) < 7 ? 1 : 0.6);
  readsAsSeven(draw({ width: 300, height: 300, shape: (x, y) => pen(x, y) * blot(x, y), ink: 0.1 }), 0.95);
});

test('transparent pages: dark ink and light ink alike', () => {
  const ink = draw({ width: 300, height: 300, shape: seven(100, 60, 180, 18) });
  for (const level of [0, 255]) {
    const data = new Uint8Array(ink.data.length);
    for (let at = 0; at < data.length; at += 4) {
      data.fill(level, at, at + 3);
      data[at + 3] = 255 - ink.data[at]!;
    }
    readsAsSeven({ ...ink, data }, 0.99);
  }
});

test('a digit hardly smaller than those of MNIST is enlarged to their size', () => {
  for (const height of [13, 14, 15, 16]) {
    const { input } = preprocess(draw({ width: 60, height: 60, shape: seven(20, 15, height, 2) }));
    const inked = Array.from({ length: INPUT_SIDE }, (_, row) =>
      input.subarray(row * INPUT_SIDE, (row + 1) * INPUT_SIDE).some((value) => value > 0),
    );
    const rows = inked.filter(Boolean).length;
    assert.ok(rows >= 18 && rows <= 20, `${height} became ${rows} rows`);
  }
});

test('a tiny picture is enlarged', () => {
  readsAsSeven(draw({ width: 14, height: 14, shape: seven(4, 2, 10, 1.2) }), 0.5);
});

test('the box is given in pixels of the picture', () => {
  const { box } = preprocess(draw({ width: 2000, height: 2000, shape: seven(800, 400, 1000, 60) }));
  for (const [got, expected] of [
    [box!.left, 770],
    [box!.top, 370],
    [box!.width, 660],
    [box!.height, 1060],
  ] as const) {
    assert.ok(Math.abs(got - expected) <= 8, `${got}, expected ${expected}`);
  }
});

test('the box of a digit at the right and lower edge ends where the picture does, though its last blocks are not whole', () => {
  const { box } = preprocess(draw({ width: 1001, height: 801, shape: seven(620, 200, 620, 60) }));
  assert.deepEqual([box!.left + box!.width, box!.top + box!.height], [1001, 801]);
});

test('pages with nothing on them are blank', () => {
  const nothing = () => 0;
  const page = (paper: (x: number, y: number) => number, noise = 0) =>
    preprocess(draw({ width: 400, height: 300, shape: nothing, paper, noise })).status;
  for (const level of [0, 128, 255])
    assert.equal(
      page(() => level),
      'blank',
    );
  assert.equal(
    page((x, y) => 120 + 0.2 * x + 0.1 * y),
    'blank',
  );
  assert.equal(
    page(() => 190, 12),
    'blank',
  );
  assert.equal(
    page((x) => 120 + 0.2 * x, 8),
    'blank',
  );
  const clear: RgbaImage = { width: 50, height: 50, data: new Uint8Array(50 * 50 * 4) };
  assert.equal(preprocess(clear).status, 'blank');
  const speck = stroke(
    [
      [200, 200],
      [202, 200],
    ],
    2,
  );
  assert.notEqual(preprocess(draw({ width: 500, height: 500, shape: speck })).status, 'ok');
});

test('marks shorter than a 64th of the picture are dirt', () => {
  const square = (side: number) => (x: number, y: number) =>
    Number(x >= 200 && x < 200 + side && y >= 200 && y < 200 + side);
  const statusOf = (side: number) =>
    preprocess(draw({ width: 500, height: 500, shape: square(side) })).status;
  assert.deepEqual([5, 7, 8, 9].map(statusOf), ['blank', 'blank', 'ok', 'ok']);
});

test('marks that differ from the paper by less than 12% have no contrast, on a page of 28x28 too', () => {
  for (const [side, pen] of [
    [300, seven(100, 60, 180, 18)],
    [INPUT_SIDE, seven(8, 4, 19, 2.5)],
  ] as const) {
    const page = { width: side, height: side, shape: pen };
    for (const [density, expected] of [
      [0.08, 'no-contrast'],
      [0.11, 'no-contrast'],
      [0.13, 'ok'],
      [0.2, 'ok'],
    ] as const) {
      const { status, input } = preprocess(draw({ ...page, ink: 1 - density }));
      assert.equal(status, expected, `${density} on ${side} pixels`);
      assert.equal(
        input.some((value) => value > 0),
        expected === 'ok',
      );
    }
  }
});

test('any pixels of any size give 784 values from 0 to 1, and the same ones each time', () => {
  const image = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }))
    .chain(([width, height]) =>
      fc
        .uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 })
        .map((data) => ({ width, height, data })),
    );
  fc.assert(
    fc.property(image, (picture) => {
      const { status, input, box } = preprocess(picture);
      assert.equal(input.length, INPUT_LENGTH);
      assert.ok(input.every((value) => value >= 0 && value <= 1));
      assert.equal(
        input.some((value) => value > 0),
        status === 'ok',
      );
      assert.equal(box !== null, status === 'ok');
      assert.deepEqual(preprocess(picture).input, input);
    }),
    { numRuns: 400 },
  );
  for (const [width, height] of [
    [1, 1],
    [1, 3000],
    [3000, 1],
    [513, 2],
  ] as const) {
    const data = new Uint8Array(width * height * 4).map((_, index) => (index * 37) % 256);
    assert.ok(preprocess({ width, height, data }).input.every((value) => value >= 0 && value <= 1));
  }
});
