import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eraseRules } from '../../core/erase-rules.js';
import { INPUT_SIDE, type Plane, type RgbaImage } from '../../core/image.js';
import { type Page, readPage } from '../../core/page.js';
import { preprocess } from '../../core/preprocess.js';
import { draw, inverted, overlap, type Shape, seven, stroke } from './pictures.js';

const SIDE = 160;
const page = { width: SIDE, height: SIDE };
const pen = seven(54, 34, 92, 9);
const drawn = preprocess(draw({ ...page, shape: pen })).input;

/** Print of so much of the ink's darkness, and what is written over it. */
const over =
  (written: Shape, printed: Shape, darkness = 1): Shape =>
  (x, y) => {
    const ink = written(x, y);
    return ink + (1 - ink) * darkness * printed(x, y);
  };

const nothing: Shape = () => 0;
const either =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    shapes.reduce((most, shape) => Math.max(most, shape(x, y)), 0);

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

type Point = readonly [number, number];

const turned = ([x, y]: Point, degrees: number, [aboutX, aboutY]: Point): Point => {
  const angle = (degrees * Math.PI) / 180;
  const [across, down] = [x - aboutX, y - aboutY];
  return [
    aboutX + across * Math.cos(angle) - down * Math.sin(angle),
    aboutY + across * Math.sin(angle) + down * Math.cos(angle),
  ];
};

function frame({ left, top, right, bottom }: Box, width: number, degrees = 0): Shape {
  const middle: Point = [(left + right) / 2, (top + bottom) / 2];
  const corners: Point[] = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
    [left, top],
  ];
  return stroke(
    corners.map((corner) => turned(corner, degrees, middle)),
    width,
  );
}

/** Lines all over a picture, level or upright, with edges one pixel soft. */
function rules(spacing: number, width: number, degrees: number, isUpright = false): Shape {
  const middle: Point = [SIDE / 2, SIDE / 2];
  return (x, y) => {
    const [across, down] = turned([x, y], -degrees, middle);
    // No line runs along the picture's very edge.
    const past = ((((isUpright ? across : down) - 0.4 * spacing) % spacing) + spacing) % spacing;
    return Math.min(1, Math.max(0, width / 2 + 0.5 - Math.min(past, spacing - past)));
  };
}

function ellipse(x: number, y: number, across: number, down: number, width: number): Shape {
  const points = Array.from({ length: 33 }, (_, step): Point => {
    const angle = (step * Math.PI) / 16;
    return [x + across * Math.cos(angle), y + down * Math.sin(angle)];
  });
  return stroke(points, width);
}

/** Moved by whole pixels: a little ink more or less on one side moves the centre of mass. */
function moved(input: Float32Array, across: number, down: number): Float32Array {
  return input.map((_, index) => input[index - across - INPUT_SIDE * down] ?? 0);
}

function readsAsSeven(image: RgbaImage, least: number, what: string): void {
  const { status, input } = preprocess(image);
  assert.equal(status, 'ok', what);
  const steps = [-1, 0, 1];
  const all = steps.flatMap((down) => steps.map((across) => overlap(moved(input, across, down), drawn)));
  const common = Math.max(...all);
  assert.ok(common >= least, `${what}: only ${(100 * common).toFixed(1)}% of the ink in common`);
}

const okPage = (image: RgbaImage): Extract<Page, { status: 'ok' }> => {
  const found = readPage(image);
  assert.equal(found.status, 'ok');
  return found as Extract<Page, { status: 'ok' }>;
};

const frames = fc.record({
  left: fc.integer({ min: 10, max: 34 }),
  top: fc.integer({ min: 10, max: 18 }),
  right: fc.integer({ min: 126, max: 150 }),
  bottom: fc.integer({ min: 138, max: 150 }),
});

test('a digit in a printed frame is read as if there were none, the frame askew by up to 5 degrees', () => {
  fc.assert(
    fc.property(
      frames,
      fc.integer({ min: 1, max: 4 }),
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.constantFrom(0.3, 0.6, 1),
      (box, width, degrees, darkness) => {
        const image = draw({ ...page, shape: over(pen, frame(box, width, degrees), darkness) });
        readsAsSeven(image, 0.95, 'dark');
        readsAsSeven(inverted(image), 0.95, 'light');
      },
    ),
    { numRuns: 25 },
  );
});

test('a frame with nothing in it is a blank page', () => {
  fc.assert(
    fc.property(
      frames,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 190, max: 255 }),
      (box, width, noise, level) => {
        const shape = frame(box, width);
        const { status } = preprocess(draw({ ...page, shape, paper: () => level, ink: 0.2, noise }));
        assert.equal(status, 'blank');
      },
    ),
    { numRuns: 25 },
  );
});

test('a frame that runs out of the picture is none of the digit, nor are the boxes of a form side by side', () => {
  const cut = { left: -20, top: 15, right: 145, bottom: 148 };
  readsAsSeven(draw({ ...page, shape: over(pen, frame(cut, 2)) }), 0.95, 'cut off');
  const boxes = [10, 80, 150, 220].map((left) => frame({ left, top: 20, right: left + 70, bottom: 120 }, 2));
  const digits = [28, 98, 168].map((left) => seven(left, 40, 60, 7));
  const { marks } = okPage(draw({ width: 300, height: 140, shape: either(...boxes, ...digits) }));
  const { left, top, width, height } = marks.box;
  assert.ok(left > 20 && left + width < 212 && top > 30 && top + height < 112, JSON.stringify(marks.box));
});

test('the lines of a table are none of the digits, be they level, upright or crossing, and askew', () => {
  const lines = (
    level: readonly number[],
    upright: readonly number[],
    degrees: number,
    width: number,
  ): Shape => {
    const about: Point = [200, 150];
    const straight = (from: Point, to: Point) =>
      stroke([turned(from, degrees, about), turned(to, degrees, about)], width);
    return either(
      frame({ left: 40, top: 30, right: 360, bottom: 270 }, width, degrees),
      ...level.map((y) => straight([40, y], [360, y])),
      ...upright.map((x) => straight([x, 30], [x, 270])),
    );
  };
  const digits = either(seven(90, 50, 60, 7), seven(210, 50, 60, 7), seven(90, 175, 60, 7));
  const alone = okPage(draw({ width: 400, height: 300, shape: digits })).marks;
  for (const [level, upright] of [
    [[150], []],
    [[150], [190]],
    [
      [145, 155],
      [190, 300, 320],
    ],
  ] as const) {
    for (const [degrees, width] of [
      [0, 2],
      [0, 4],
      [2, 3],
      [-3, 2],
    ] as const) {
      const { marks } = okPage(
        draw({ width: 400, height: 300, shape: either(lines(level, upright, degrees, width), digits) }),
      );
      assert.deepEqual(marks.box, alone.box, `${level} ${upright} ${degrees} ${width}`);
    }
  }
});

test('a circle that fills its frame and touches it is no table', () => {
  const box = { left: 20, top: 20, right: 140, bottom: 140 };
  const bent = ellipse(80, 80, 59, 59, 2);
  const { marks } = okPage(draw({ ...page, shape: either(frame(box, 2), bent) }));
  assert.ok(marks.box.width > 90 && marks.box.height > 90, JSON.stringify(marks.box));
});

test('a digit that touches its frame keeps its ink', () => {
  const touching = { left: 20, top: 14, right: 145, bottom: 122 };
  readsAsSeven(draw({ ...page, shape: over(pen, frame(touching, 2)) }), 0.7, 'touching');
});

test('a drawn 0 is no frame, however narrow or flat, with a dot in it or without', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 14, max: 70 }),
      fc.integer({ min: 14, max: 70 }),
      fc.integer({ min: 1, max: 18 }),
      fc.boolean(),
      (across, down, width, isDotted) => {
        const stroke = Math.min(width, across, down);
        // A thicker one, which a dot nearly fills, is as well a badge with a thin 0 on it, and read as that.
        fc.pre(!isDotted || stroke <= Math.min(across, down) - stroke / 2 - 4);
        const zero = ellipse(80, 80, across, down, stroke);
        const dot = isDotted ? ellipse(80, 80, 2, 2, 4) : nothing;
        const { marks } = okPage(draw({ ...page, shape: either(zero, dot) }));
        assert.ok(marks.box.width >= 2 * across - 2, `${marks.box.width} wide`);
        assert.ok(marks.box.height >= 2 * down - 2, `${marks.box.height} high`);
      },
    ),
    { numRuns: 25 },
  );
});

const ruling = fc.record({
  spacing: fc.integer({ min: 25, max: 80 }),
  width: fc.double({ min: 0.8, max: 2.2, noNaN: true }),
  degrees: fc.double({ min: -3.5, max: 3.5, noNaN: true }),
  darkness: fc.double({ min: 0.12, max: 0.65, noNaN: true }),
  isSquared: fc.boolean(),
});

test('a digit on ruled or squared paper is read as on a blank page', () => {
  fc.assert(
    fc.property(ruling, ({ spacing, width, degrees, darkness, isSquared }) => {
      const level = rules(spacing, width, degrees);
      const printed = isSquared ? either(level, rules(spacing, width, degrees, true)) : level;
      const image = draw({ ...page, shape: over(pen, printed, darkness) });
      readsAsSeven(image, 0.85, 'dark');
      readsAsSeven(inverted(image), 0.85, 'light');
    }),
    { numRuns: 25 },
  );
});

test('lines as dark as the pen leave the strokes that cross them', () => {
  readsAsSeven(draw({ ...page, shape: over(pen, rules(45, 2, 1)) }), 0.8, 'as dark');
});

/** A stroke along the top, one that stands from edge to edge crossed by one that lies so, and one along the bottom. */
const cutAlong: readonly Shape[] = [
  stroke(
    [
      [1, 1],
      [62, 1],
      [20, 101],
    ],
    3,
  ),
  stroke(
    [
      [42, 102],
      [42, 1],
      [1, 67],
      [63, 67],
    ],
    3,
  ),
  stroke(
    [
      [2, 20],
      [30, 1],
      [60, 25],
      [2, 101],
      [63, 101],
    ],
    3,
  ),
];

test('a picture that is cut along its writing keeps the strokes that run from edge to edge', () => {
  const size = { width: 64, height: 103 };
  for (const [place, shape] of cutAlong.entries()) {
    const data = Float32Array.from({ length: 64 * 103 }, (_, at) => shape(at % 64, Math.floor(at / 64)));
    const density: Plane<Float32Array> = { ...size, data };
    assert.equal(eraseRules(density, 0.04, 1).density, density, `digit ${place}`);
  }
});

test('few lines as dark as the pen are erased where nothing else comes to the edge', () => {
  const level = (y: number) =>
    stroke(
      [
        [-9, y],
        [170, y + 2],
      ],
      2,
    );
  const upright = stroke(
    [
      [18, -9],
      [18, 170],
    ],
    2,
  );
  for (const lines of [[level(138)], [level(24), level(138)], [level(138), upright]]) {
    readsAsSeven(draw({ ...page, shape: either(pen, ...lines) }), 0.8, `${lines.length} lines`);
  }
  // A row of a table: what is written in it comes near to the lines alone.
  const row = either(seven(60, 8, 47, 6), level(1), level(59));
  const data = Float32Array.from({ length: 160 * 62 }, (_, at) => row(at % 160, Math.floor(at / 160)));
  assert.equal(eraseRules({ width: 160, height: 62, data }, 0.04, 1).rules, 2);
});

test('ruled paper with nothing on it is blank', () => {
  for (const degrees of [0, 2.5]) {
    const shape = either(rules(30, 1.5, degrees), rules(30, 1.5, degrees, true));
    assert.equal(preprocess(draw({ ...page, shape, ink: 0.4 })).status, 'blank');
  }
});

test('a one from edge to edge is not taken for a printed line', () => {
  const one = draw({
    ...page,
    shape: stroke(
      [
        [80, -5],
        [81, 165],
      ],
      2.5,
    ),
  });
  assert.equal(preprocess(one).status, 'ok');
});

test('of a page without lines nothing is erased: it stays the very same plane', () => {
  const marks = fc.array(
    fc.tuple(
      fc.integer({ min: 10, max: 90 }),
      fc.integer({ min: 10, max: 90 }),
      fc.integer({ min: 10, max: 90 }),
      fc.integer({ min: 10, max: 90 }),
      fc.integer({ min: 1, max: 12 }),
    ),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(marks, (strokes) => {
      const shape = either(
        ...strokes.map(([left, top, right, bottom, width]) =>
          stroke(
            [
              [left, top],
              [right + 0.5, bottom],
            ],
            width,
          ),
        ),
      );
      const density: Plane<Float32Array> = { width: 100, height: 100, data: new Float32Array(100 * 100) };
      for (let index = 0; index < density.data.length; index++) {
        density.data[index] = shape(index % 100, Math.floor(index / 100));
      }
      assert.equal(eraseRules(density, 0.04, 1).density, density);
    }),
    { numRuns: 25 },
  );
});

test('in a shadow the digit is the ink, not the paper in its holes', () => {
  const lit = (x: number, y: number) => (x - y > 70 ? 235 : 150 - 0.1 * x);
  const zero = ellipse(70, 90, 32, 42, 13);
  const found = preprocess(draw({ ...page, shape: zero, paper: lit, ink: 0.4, noise: 4 }));
  assert.equal(found.polarity, 'dark-ink');
  assert.ok(Math.abs(found.box!.height - 97) <= 6, JSON.stringify(found.box));
});

test('paper with shade and grain alone is blank, light paper too', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 175, max: 205 }),
      fc.double({ min: -40, max: 20, noNaN: true }),
      fc.double({ min: -40, max: 20, noNaN: true }),
      fc.integer({ min: 0, max: 8 }),
      (level, across, down, noise) => {
        const paper = (x: number, y: number) => level + (across * x + down * y) / SIDE;
        assert.equal(preprocess(draw({ ...page, shape: nothing, paper, noise })).status, 'blank');
      },
    ),
    { numRuns: 25 },
  );
});
