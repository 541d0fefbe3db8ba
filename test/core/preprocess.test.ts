import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../core/image.js';
import { preprocess } from '../../core/preprocess.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import { draw, grey, inverted, overlap, seven, stroke } from './pictures.js';

const mnist = await loadMnistSplit('test');
const digit = (row: number) => mnist.images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
const shares = (bytes: Uint8Array) => Float32Array.from(bytes, (byte) => byte / 255);

/** The reference: a seven as a pen of 10% of its height draws it, on an even page. */
const drawn = preprocess(draw({ width: 300, height: 300, shape: seven(100, 60, 180, 18) })).input;

function readsAsSeven(image: RgbaImage, least: number): void {
  const { status, input } = preprocess(image);
  assert.equal(status, 'ok');
  const common = overlap(input, drawn);
  assert.ok(common >= least, `only ${(100 * common).toFixed(1)}% of the ink in common`);
}

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
      assert.deepEqual(input, drawn);
    }),
    { numRuns: 40 },
  );
});

test('light ink on dark gives the same input', () => {
  const image = draw({ width: 300, height: 300, shape: seven(100, 60, 180, 18) });
  const light = preprocess(inverted(image));
  assert.equal(light.polarity, 'light-ink');
  assert.equal(preprocess(image).polarity, 'dark-ink');
  assert.deepEqual(light.input, drawn);
});

test('the centre of mass comes to pixel (14, 14), the longer side to 20 pixels', () => {
  let [mass, x, y] = [0, 0, 0];
  drawn.forEach((value, index) => {
    mass += value;
    x += value * (index % INPUT_SIDE);
    y += value * Math.floor(index / INPUT_SIDE);
  });
  assert.ok(Math.abs(x / mass - 14) <= 0.5, `x ${x / mass}`);
  assert.ok(Math.abs(y / mass - 14) <= 0.5, `y ${y / mass}`);
  const rows = Array.from({ length: INPUT_SIDE }, (_, row) =>
    drawn.subarray(row * INPUT_SIDE, (row + 1) * INPUT_SIDE).some((value) => value > 0),
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

test('marks that hardly differ from the paper have no contrast', () => {
  const faint = draw({ width: 300, height: 300, shape: seven(100, 60, 180, 18), ink: 0.92 });
  const { status, input } = preprocess(faint);
  assert.equal(status, 'no-contrast');
  assert.ok(input.every((value) => value === 0));
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
