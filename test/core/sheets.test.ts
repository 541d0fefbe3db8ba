import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import type { RgbaImage } from '../../core/image.js';
import { readPage } from '../../core/page.js';
import { preprocess } from '../../core/preprocess.js';
import { draw, inverted, overlap, type Shape, seven, stroke } from './pictures.js';

const block =
  (left: number, top: number, width: number, height: number): Shape =>
  (x, y) =>
    Number(x >= left && x < left + width && y >= top && y < top + height);

/** A block of which the corners are round. */
const button =
  (left: number, top: number, side: number, radius: number): Shape =>
  (x, y) => {
    const off = (place: number, start: number) =>
      Math.max(start + radius - place, place - (start + side - 1 - radius), 0);
    return Number(Math.hypot(off(x, left), off(y, top)) <= radius);
  };

/** A disc, or an oval, about a point. */
const oval =
  (x0: number, y0: number, across: number, down = across): Shape =>
  (x, y) =>
    Number(Math.hypot((x - x0) / across, (y - y0) / down) <= 1);

/** What is drawn on something else shows as the page does. */
const on =
  (ground: Shape, ...writing: Shape[]): Shape =>
  (x, y) =>
    Math.max(0, ground(x, y) - Math.max(...writing.map((shape) => shape(x, y))));

const beside =
  (...shapes: Shape[]): Shape =>
  (x, y) =>
    Math.max(...shapes.map((shape) => shape(x, y)));

const [left, top, height, pen] = [160, 130, 140, 13];
const digit = seven(left, top, height, pen);
const page = { width: 400, height: 400 };
const plain = preprocess(draw({ ...page, shape: digit })).input;

/** The same with transparent pixels for white ones. */
const onNothing = (image: RgbaImage): RgbaImage => ({
  ...image,
  data: image.data.map((value, index) =>
    index % 4 === 3 && Math.hypot(((index >> 2) % 400) - 200, Math.floor((index >> 2) / 400) - 200) > 205
      ? 0
      : value,
  ),
});

const card = draw({ ...page, shape: on(block(60, 60, 280, 280), digit) });
const rounded = draw({ ...page, shape: on(button(60, 60, 280, 24), digit) });
const CARDS: Readonly<Record<string, RgbaImage>> = {
  'a dark card': card,
  'a white card': inverted(card),
  'a button': rounded,
  'a button on a transparent page': onNothing(rounded),
  'black bars left and right': draw({
    width: 400,
    height: 300,
    shape: beside(block(0, 0, 100, 300), block(300, 0, 100, 300), digit),
  }),
  'a bar at the left': draw({ width: 500, height: 400, shape: beside(block(0, 0, 40, 400), digit) }),
  'bars above and below': draw({
    ...page,
    shape: beside(block(0, 0, 400, 70), block(0, 330, 400, 70), digit),
  }),
  'a bar at the top': draw({ ...page, shape: beside(block(0, 0, 400, 30), digit) }),
};

test('a digit on a card or between bars is read, its box in pixels of the picture', () => {
  for (const [name, image] of Object.entries(CARDS)) {
    const { status, input, box } = preprocess(image);
    assert.equal(status, 'ok', name);
    const common = overlap(input, plain);
    assert.ok(common >= 0.8, `${name}: ${common}`);
    assert.ok(box);
    const off = [
      box.left - (left - pen / 2),
      box.top - (top - pen / 2),
      box.left + box.width - (left + 0.6 * height + pen / 2),
      box.top + box.height - (top + height + pen / 2),
    ];
    assert.ok(
      off.every((pixels) => Math.abs(pixels) <= 2),
      `${name}: ${off}`,
    );
  }
});

/** What is drawn, turned clockwise about the middle of the page. */
const turned = (degrees: number, shape: Shape): Shape => {
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [x0, y0] = [(page.width - 1) / 2, (page.height - 1) / 2];
  return (x, y) =>
    shape(
      Math.round(x0 + cosine * (x - x0) + sine * (y - y0)),
      Math.round(y0 + cosine * (y - y0) - sine * (x - x0)),
    );
};

/** A picture of several levels of grey, the later ones over the earlier. */
const layers = (ground: number, ...over: [number, Shape][]): RgbaImage => {
  const image = draw({ ...page, shape: () => 0 });
  for (let pixel = 0; pixel < page.width * page.height; pixel++) {
    const [x, y] = [pixel % page.width, Math.floor(pixel / page.width)];
    const level = over.reduce((below, [grey, shape]) => (shape(x, y) > 0.5 ? grey : below), ground);
    image.data.fill(level, pixel * 4, pixel * 4 + 3);
  }
  return image;
};

function assertReadAsPlain(pictures: Readonly<Record<string, RgbaImage>>): void {
  for (const [name, image] of Object.entries(pictures)) {
    const { status, input } = preprocess(image);
    assert.equal(status, 'ok', name);
    const common = overlap(input, plain);
    assert.ok(common >= 0.8, `${name}: ${common}`);
  }
}

test('a card that was laid down askew, or reaches over an edge of the picture, is read whatever its ground, paper and ink', () => {
  const square = block(60, 60, 280, 280);
  assertReadAsPlain({
    '3 degrees': layers(90, [240, turned(3, square)], [30, digit]),
    '12 degrees the other way': layers(20, [230, turned(-12, square)], [110, digit]),
    'ink as dark as the ground': layers(60, [250, turned(5, square)], [60, digit]),
    'a dark card on a light table': layers(200, [40, turned(4, square)], [150, digit]),
    'long and askew': layers(130, [235, turned(3, block(10, 110, 380, 180))], [25, digit]),
    'beyond the right edge': layers(100, [240, turned(3, block(60, 60, 400, 280))], [30, digit]),
    'in a corner': layers(100, [240, block(0, 0, 330, 330)], [30, digit]),
  });
});

test('a page is read that ends at a straight edge in the picture, tilted or not', () => {
  const table = block(-100, 330, 600, 200);
  const [before, behind] = [block(-60, -100, 90, 600), block(370, -100, 100, 600)];
  assertReadAsPlain({
    'on a table': layers(240, [90, turned(5, table)], [30, digit]),
    'on a table, the other way': layers(240, [90, turned(-8, table)], [30, digit]),
    "beside a scanner's lid": layers(250, [0, turned(3, before)], [30, digit]),
    'between tilted bars': layers(250, [0, turned(3, beside(before, behind))], [30, digit]),
    'on a dark board': layers(40, [170, turned(4, table)], [230, digit]),
  });
});

test('a frame printed near the edge of a card, or of the picture, is none of the writing', () => {
  const size = { width: 560, height: 300 };
  const writing = seven(240, 100, 100, 10);
  const expected = preprocess(draw({ ...size, shape: writing })).input;
  const within = (left: number, top: number, width: number, height: number) =>
    on(block(left, top, width, height), block(left + 3, top + 3, width - 6, height - 6));
  for (const gap of [4, 7, 10]) {
    const onCard = within(30 + gap, 30 + gap, 500 - 2 * gap, 240 - 2 * gap);
    const alone = draw({
      ...size,
      shape: beside(
        on(() => 0.7, block(30, 30, 500, 240)),
        onCard,
        writing,
      ),
    });
    const framed = draw({ ...size, shape: beside(within(gap, gap, 560 - 2 * gap, 300 - 2 * gap), writing) });
    for (const [what, image] of Object.entries({ card: alone, picture: framed, light: inverted(framed) })) {
      const { status, input } = preprocess(image);
      assert.equal(status, 'ok', what);
      assert.ok(overlap(input, expected) > 0.95, `${what}, ${gap} pixels`);
    }
  }
});

test('a picture may lie anywhere in a larger buffer', () => {
  const bytes = Buffer.concat([Buffer.alloc(3), Uint8Array.from(card.data), Buffer.alloc(5)]);
  const data = bytes.subarray(3, 3 + card.data.length);
  assert.deepEqual(preprocess({ ...card, data }), preprocess(card));
});

test('cards askew and badges are found without functions of which engines round the last bit in ways of their own', () => {
  const askew = layers(90, [240, turned(3, block(60, 60, 280, 280))], [30, digit]);
  const round = layers(90, [240, oval(200, 200, 180, 150)], [30, digit]);
  const expected = [askew, round].map(preprocess);
  for (const name of ['sin', 'cos', 'tan', 'atan', 'atan2', 'hypot', 'exp', 'log', 'pow'] as const) {
    mock.method(Math, name, () => assert.fail(`Math.${name} was called`));
  }
  try {
    assert.deepEqual([askew, round].map(preprocess), expected);
  } finally {
    mock.restoreAll();
  }
});

test('small writing in a long strip between bars is read', () => {
  const strip = { width: 600, height: 200 };
  const small = seven(280, 60, 60, 6);
  const alone = preprocess(draw({ ...strip, shape: small })).input;
  const between = beside(block(0, 0, 600, 30), block(0, 165, 600, 35), small);
  const { input } = preprocess(draw({ ...strip, shape: between }));
  assert.ok(overlap(input, alone) >= 0.8);
});

test('a bar above or below is no 1, however thick the writing beside it', () => {
  const phone = { width: 360, height: 640 };
  const thick = seven(120, 220, 200, 30);
  const alone = preprocess(draw({ ...phone, shape: thick })).input;
  for (const bar of [block(0, 0, 360, 32), block(0, 608, 360, 32)]) {
    const { input } = preprocess(draw({ ...phone, shape: beside(bar, thick) }));
    assert.ok(overlap(input, alone) >= 0.8);
  }
});

test('small print on what a page lies on, or a pen, is beside the page', () => {
  const words = beside(...[20, 60, 290].map((x) => block(x, 9, 34, 14)));
  const bar = on(block(0, 0, 400, 34), words);
  const strip = on(block(0, 340, 400, 60), block(90, 362, 220, 16));
  assertReadAsPlain({
    'a status bar': draw({ ...page, shape: beside(bar, digit) }),
    'a caption': draw({ ...page, shape: beside(strip, digit) }),
    'a pen beside a card': layers(
      90,
      [240, turned(3, block(60, 60, 280, 280))],
      [20, turned(-2, block(40, 365, 200, 12))],
      [30, digit],
    ),
  });
});

test('what is written in a shadow is on the same page as what is beside it', () => {
  const shadow = block(200, 0, 200, 400);
  const both = layers(240, [120, shadow], [30, seven(60, 130, 140, 13)], [15, seven(250, 130, 140, 13)]);
  const read = readPage(both);
  assert.equal(read.status, 'ok');
  const { left, width } = read.marks.box;
  assert.ok(left <= 60 && left + width >= 320, `${left} to ${left + width}`);
});

test('small writing on a card in a large picture is read from nearer', () => {
  const shape = on(block(200, 100, 1500, 900), seven(900, 500, 40, 4), seven(300, 500, 300, 30));
  const image = draw({ width: 1920, height: 1080, shape });
  const read = readPage(image, 0.004);
  assert.equal(read.status, 'ok');
  assert.ok(read.left > 200 && read.top > 100);
  assert.ok(Math.abs(read.left + read.marks.box.left * read.reduction - 285) <= 2 * read.reduction);
});

/** The marks as one finds them, whatever is on them. */
const isLeft = (shape: Shape, extents = page) => {
  const { status, box } = preprocess(draw({ ...extents, shape }));
  assert.equal(status, 'ok');
  const whole = { left: extents.width, top: extents.height, right: -1, bottom: -1 };
  for (let y = 0; y < extents.height; y++) {
    for (let x = 0; x < extents.width; x++) {
      if (shape(x, y) === 0) continue;
      whole.left = Math.min(whole.left, x);
      whole.right = Math.max(whole.right, x);
      whole.top = Math.min(whole.top, y);
      whole.bottom = Math.max(whole.bottom, y);
    }
  }
  const { left, top, right, bottom } = whole;
  assert.deepEqual(box, { left, top, width: right - left + 1, height: bottom - top + 1 });
};

test('a thick digit is no card, nor is what shows through it a digit', () => {
  for (const thickness of [30, 60, 76]) {
    // Square digits: a 0, and an 8.
    const nought = on(
      block(100, 50, 180, 300),
      block(100 + thickness, 50 + thickness, 180 - 2 * thickness, 300 - 2 * thickness),
    );
    isLeft(nought);
    const within = { left: 100 + thickness, width: 180 - 2 * thickness, height: (300 - 3 * thickness) / 2 };
    const holes = [50 + thickness, 50 + 2 * thickness + within.height];
    isLeft(
      on(
        block(100, 50, 180, 300),
        ...holes.map((hole) => block(within.left, hole, within.width, within.height)),
      ),
    );
  }
});

test('a 1 along which the picture was cut is no bar', () => {
  const nought = on(button(50, 0, 180, 90), button(68, 18, 144, 72));
  isLeft(beside(block(0, 0, 18, 180), nought), { width: 230, height: 180 });
});

test('a stroke along a part of an edge is no bar', () => {
  const stick = { width: 300, height: 160 };
  isLeft(beside(block(124, 151, 176, 9), block(60, 40, 18, 70)), stick);
  isLeft(beside(block(0, 20, 9, 140), block(120, 40, 18, 70)), stick);
});

test('a digit on a round badge is read, on an oval one and on one with round ends too', () => {
  const disc = oval(200, 200, 150);
  assertReadAsPlain({
    'a dark badge': draw({ ...page, shape: on(disc, digit) }),
    'a white badge': inverted(draw({ ...page, shape: on(disc, digit) })),
    'ink of its own': layers(110, [230, disc], [40, digit]),
    'a small badge': layers(110, [230, oval(202, 200, 110)], [40, digit]),
    'at an edge': layers(200, [40, oval(200, 214, 186)], [250, digit]),
    'a flat one': layers(90, [240, oval(200, 200, 180, 130)], [30, digit]),
    'a high one': layers(90, [240, oval(200, 200, 130, 190)], [30, digit]),
    'a button with round ends': layers(
      90,
      [240, beside(oval(130, 200, 110), block(130, 90, 140, 221), oval(270, 200, 110))],
      [30, digit],
    ),
    'a button with very round corners': layers(90, [240, button(60, 60, 280, 110)], [30, digit]),
    'with a white rim': layers(130, [250, disc], [60, oval(200, 200, 138)], [250, digit]),
  });
  const one = stroke(
    [
      [210, 130],
      [190, 270],
    ],
    16,
  );
  const { input } = preprocess(layers(90, [240, disc], [30, one]));
  assert.ok(overlap(input, preprocess(draw({ ...page, shape: one })).input) >= 0.8, 'a 1');
});

test('a thick round digit is no badge, nor is what shows through it a digit', () => {
  const outlines = {
    disc: oval(200, 200, 150),
    upright: oval(200, 200, 110, 160),
    flat: oval(200, 200, 170, 110),
  };
  const holes: Readonly<Record<string, Shape[]>> = {
    none: [],
    'one of the same kind': [oval(200, 200, 60, 70)],
    'two, one above the other': [oval(200, 150, 36, 26), oval(200, 240, 40, 34)],
  };
  for (const outline of Object.values(outlines))
    for (const shown of Object.values(holes)) isLeft(on(outline, () => 0, ...shown));
  const slit = stroke(
    [
      [215, 120],
      [185, 280],
    ],
    40,
  );
  isLeft(on(outlines.upright, slit));
  // By hand: what is within is no hole alone, and the outline is no disc's.
  const lumpy = (x: number, y: number) =>
    Number(Math.hypot(x - 200, y - 200) <= 150 + 14 * Math.sin(3 * Math.atan2(y - 200, x - 200)));
  isLeft(on(lumpy, oval(170, 200, 24, 70), oval(200, 250, 50, 20)));
});

test('a blank card and a bar by itself stay what they were', () => {
  isLeft(block(60, 60, 280, 280));
  isLeft(button(60, 60, 280, 40));
  isLeft(block(0, 0, 400, 30));
});

test('a picture of the size of the model stays as it is', () => {
  const shape = on(block(1, 1, 26, 26), seven(9, 7, 13, 2));
  const read = readPage(draw({ width: 28, height: 28, shape }));
  assert.equal(read.status, 'ok');
  assert.deepEqual(read.marks.box, { left: 1, top: 1, width: 26, height: 26 });
});
