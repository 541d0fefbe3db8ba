import type { Plane } from '../../../core/image.js';
import type { RandomStream } from '../../random.js';
import { blankCanvas, type Canvas, type Colour, developed, grey, lay } from './canvas.js';
import { DIGIT_SIDE, type Digit, type Size } from './contour.js';
import {
  between,
  chance,
  drawPlacement,
  drawSize,
  lightGrey,
  type PictureKind,
  penColour,
  type Range,
  written,
} from './scene.js';

/** A rectangle of paper in a picture. */
interface Sheet extends Size {
  left: number;
  top: number;
  /** Turned about its middle, clockwise. */
  degrees: number;
}

/** How much of each pixel of a picture is covered, 0 to 1, by what `covers` says of its middle. */
function coverage(picture: Size, covers: (x: number, y: number) => number): Plane<Float32Array> {
  const data = new Float32Array(picture.width * picture.height);
  for (let row = 0, pixel = 0; row < picture.height; row++) {
    for (let column = 0; column < picture.width; column++, pixel++) {
      data[pixel] = covers(column + 0.5, row + 0.5);
    }
  }
  return { ...picture, data };
}

/** How much of a pixel is covered whose middle lies so far within an edge, pixels. */
const soft = (inside: number): number => Math.min(1, Math.max(0, inside + 0.5));

function areaOf({ left, top, width, height, degrees }: Sheet, picture: Size): Plane<Float32Array> {
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return coverage(picture, (x, y) => {
    const [across, down] = [x - left - width / 2, y - top - height / 2];
    const [along, below] = [cosine * across + sine * down, cosine * down - sine * across];
    return soft(width / 2 - Math.abs(along)) * soft(height / 2 - Math.abs(below));
  });
}

/** Lays a sheet with the digit on it over what is there, in place. */
function layWritten(canvas: Canvas, sheet: Sheet, paper: Colour, digit: Digit, random: RandomStream): Canvas {
  lay(canvas, areaOf(sheet, canvas), paper);
  const { x, y, scale } = drawPlacement(sheet, random);
  const placement = { x: sheet.left + x, y: sheet.top + y, scale };
  return lay(canvas, written(digit, canvas, placement), penColour(random));
}

/** Of a card's sides, as shares of the picture's. */
const CARD_SHARE: Range = [0.6, 0.9];
/** Grey of the even ground that it lies on. */
const GROUND: Range = [30, 150];
/** A card that was laid down by hand, degrees either way. */
const SKEW = 3;

export const onCard: PictureKind = {
  title: 'On a card',
  summary:
    'On a light card of 60 to 90% of the width and the height, up to 3 degrees askew, on a ground of grey 30 to 150',
  draw(digit, random) {
    const size = drawSize(random);
    const [width, height] = [
      size.width * between(random, CARD_SHARE),
      size.height * between(random, CARD_SHARE),
    ];
    const card = {
      width,
      height,
      left: random.next() * (size.width - width),
      top: random.next() * (size.height - height),
      degrees: between(random, [-SKEW, SKEW]),
    };
    const ground = blankCanvas(size, grey(Math.round(between(random, GROUND))));
    return developed(layWritten(ground, card, lightGrey(random), digit, random));
  },
};

/** Of a badge's diameter, as a share of the picture's shorter side. */
const BADGE_SHARE: Range = [0.55, 0.95];
/** Of the digit's height, as a share of that diameter. */
const ON_BADGE: Range = [0.45, 0.65];
/** Grey of a badge and of what it lies on, one of them light. */
const [BADGE_DARK, BADGE_LIGHT]: [Range, Range] = [
  [20, 120],
  [200, 255],
];

const discOf = ([x, y]: readonly [number, number], radius: number, picture: Size): Plane<Float32Array> =>
  coverage(picture, (across, down) => soft(radius - Math.hypot(across - x, down - y)));

export const onBadge: PictureKind = {
  title: 'On a badge',
  summary:
    'On a disc of 55 to 95% of the shorter side, light on a dark ground or dark on a light one, by a pen as light as the ground',
  draw(digit, random) {
    const size = drawSize(random);
    const diameter = Math.min(size.width, size.height) * between(random, BADGE_SHARE);
    const middle = [
      diameter / 2 + random.next() * (size.width - diameter),
      diameter / 2 + random.next() * (size.height - diameter),
    ] as const;
    const isLight = chance(random, 0.5);
    const colour = (light: boolean) => grey(Math.round(between(random, light ? BADGE_LIGHT : BADGE_DARK)));
    const canvas = blankCanvas(size, colour(!isLight));
    lay(canvas, discOf(middle, diameter / 2, size), colour(isLight));
    const scale = (diameter * between(random, ON_BADGE)) / DIGIT_SIDE;
    const placement = { x: middle[0], y: middle[1], scale };
    return developed(lay(canvas, written(digit, size, placement), colour(!isLight)));
  },
};

/** How thick each bar is, as a share of the picture's side across it. */
const BAR_SHARE: Range = [0.08, 0.25];

export const betweenBars: PictureKind = {
  title: 'Between bars',
  summary:
    'Black bars left and right or above and below, each 8 to 25% of the picture, as about a screenshot',
  draw(digit, random) {
    const size = drawSize(random);
    const [first, second] = [between(random, BAR_SHARE), between(random, BAR_SHARE)];
    const isUpright = chance(random, 0.5);
    const page = isUpright
      ? {
          left: size.width * first,
          top: -1,
          width: size.width * (1 - first - second),
          height: size.height + 2,
        }
      : {
          left: -1,
          top: size.height * first,
          width: size.width + 2,
          height: size.height * (1 - first - second),
        };
    return developed(
      layWritten(blankCanvas(size, grey(0)), { ...page, degrees: 0 }, lightGrey(random), digit, random),
    );
  },
};
