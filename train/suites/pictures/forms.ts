import type { RandomStream } from '../../random.js';
import { blankCanvas, type Colour, developed, lay } from './canvas.js';
import { DIGIT_SIDE, type Size } from './contour.js';
import { drawLines } from './pen.js';
import {
  between,
  chance,
  drawPlacement,
  drawSize,
  lightGrey,
  oneOf,
  type PictureKind,
  type Placement,
  penColour,
  type Range,
  written,
} from './scene.js';
import type { Point } from './skeleton.js';

const FRAME_COLOURS: readonly Colour[] = [
  [20, 20, 20],
  [110, 110, 115],
  [40, 70, 150],
  [190, 60, 60],
];
/** Paler ones: nobody rules a page in black. */
const RULE_COLOURS: readonly Colour[] = [
  [110, 110, 115],
  [40, 70, 150],
  [90, 150, 190],
  [190, 60, 60],
];

/** Between the digit's box and the frame, as a share of the digit's longer side. */
const CLEARANCE: Range = [0.12, 0.4];
const FRAME_SHARE: Range = [0.4, 0.55];
/** Widths of printed lines as a share of the picture's shorter side. */
const FRAME_WIDTH: Range = [0.006, 0.02];
/** A form that was laid on the scanner by hand, degrees either way. */
const SKEW = 3;

const eitherWay = (random: RandomStream, limit: number): number => limit * (2 * random.next() - 1);

/** Points turned about a centre. */
function turned(points: readonly Point[], degrees: number, [x, y]: Point): Point[] {
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return points.map(([column, row]) => [
    x + cosine * (column - x) - sine * (row - y),
    y + sine * (column - x) + cosine * (row - y),
  ]);
}

/** A closed rectangle about the digit, off its middle by less than the clearance. */
function frameAbout({ x, y, scale }: Placement, random: RandomStream): Point[] {
  const side = DIGIT_SIDE * scale;
  const clearance = () => side * (0.5 + between(random, CLEARANCE));
  const [left, right, top, bottom] = [clearance(), clearance(), clearance(), clearance()];
  const corners: Point[] = [
    [x - left, y - top],
    [x + right, y - top],
    [x + right, y + bottom],
    [x - left, y + bottom],
    [x - left, y - top],
  ];
  return turned(corners, eitherWay(random, SKEW), [x, y]);
}

export const framed: PictureKind = {
  title: 'In a frame',
  summary:
    'In the printed box of a form, 12 to 40% of the digit away from it, its lines 0.6 to 2% of the picture wide, up to 3 degrees askew',
  draw(digit, random) {
    const size = drawSize(random);
    const placement = drawPlacement(size, random, FRAME_SHARE, 0.2);
    const width = Math.max(1, between(random, FRAME_WIDTH) * Math.min(size.width, size.height));
    const frame = drawLines([frameAbout(placement, random)], size, width);
    const canvas = lay(blankCanvas(size, lightGrey(random)), frame, oneOf(random, FRAME_COLOURS));
    return developed(lay(canvas, written(digit, size, placement), penColour(random)));
  },
};

/** From line to line, as a share of the digit's longer side: a writing pad's, or squared paper's. */
const RULES: Range = [0.6, 1.3];
const SQUARES: Range = [0.22, 0.5];
const RULE_WIDTH: Range = [0.004, 0.012];
/** How dark the lines are printed. */
const RULE_OPACITY: Range = [0.25, 0.7];

/** Parallel lines all over a picture, level or upright, and a bit askew. */
function rules(size: Size, spacing: number, isUpright: boolean, degrees: number, first: number): Point[][] {
  const reach = Math.hypot(size.width, size.height);
  const middle: Point = [size.width / 2, size.height / 2];
  const count = Math.ceil(reach / spacing);
  return Array.from({ length: 2 * count + 1 }, (_, place) => {
    const off = (place - count + first) * spacing;
    const line: Point[] = [
      [middle[0] - reach, middle[1] + off],
      [middle[0] + reach, middle[1] + off],
    ];
    return turned(line, degrees + (isUpright ? 90 : 0), middle);
  });
}

export const ruled: PictureKind = {
  title: 'On ruled lines',
  summary:
    'On a writing pad, lines 60 to 130% of the digit apart, two in three times, else on squared paper, 22 to 50%; printed at 25 to 70%',
  draw(digit, random) {
    const size = drawSize(random);
    const placement = drawPlacement(size, random);
    const isSquared = chance(random, 1 / 3);
    const spacing = between(random, isSquared ? SQUARES : RULES) * DIGIT_SIDE * placement.scale;
    const degrees = eitherWay(random, SKEW);
    const level = rules(size, spacing, false, degrees, random.next());
    const upright = isSquared ? rules(size, spacing, true, degrees, random.next()) : [];
    const width = Math.max(1, between(random, RULE_WIDTH) * Math.min(size.width, size.height));
    const lines = drawLines([...level, ...upright], size, width);
    const canvas = blankCanvas(size, lightGrey(random));
    lay(canvas, lines, oneOf(random, RULE_COLOURS), between(random, RULE_OPACITY));
    return developed(lay(canvas, written(digit, size, placement), penColour(random)));
  },
};
