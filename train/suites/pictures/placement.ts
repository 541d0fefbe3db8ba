import type { Plane } from '../../../core/image.js';
import type { RandomStream } from '../../random.js';
import { blankCanvas, type Canvas, developed, lay } from './canvas.js';
import { contour, type Inverse, type Size } from './contour.js';
import {
  between,
  darkGrey,
  drawPlacement,
  drawSize,
  inverseOf,
  lightGrey,
  type PictureKind,
  type Placement,
  type Range,
  written,
} from './scene.js';

const SHARE: Range = [0.15, 0.9];

export const positionAndSize: PictureKind = {
  title: 'Position and size',
  summary: 'The digit 15 to 90% of the shorter side, anywhere in the picture where it fits',
  draw(digit, random) {
    const size = drawSize(random);
    const placement = drawPlacement(size, random, SHARE, 1);
    const covered = written(digit, size, placement);
    return developed(lay(blankCanvas(size, lightGrey(random)), covered, darkGrey(random)));
  },
};

const SMALL_PIXELS: Range = [20, 40];
const LARGE_SIDE: Range = [1200, 1600];

export const smallInLarge: PictureKind = {
  title: 'Small in a large picture',
  summary: 'The digit 20 to 40 pixels high or wide, anywhere in a picture of 1,200 to 1,600 a side',
  draw(digit, random) {
    const size = drawSize(random, LARGE_SIDE);
    const shorter = Math.min(size.width, size.height);
    const share: Range = [SMALL_PIXELS[0] / shorter, SMALL_PIXELS[1] / shorter];
    const covered = written(digit, size, drawPlacement(size, random, share, 1));
    return developed(lay(blankCanvas(size, lightGrey(random)), covered, darkGrey(random)));
  },
};

/** A pixel is inked where at least this share of it is covered. */
const CUT_AT = 0.5;

/** The part of a canvas between the outermost pixels that are inked. */
function cutAlongInk(canvas: Canvas, { width, data }: Plane<Float32Array>): Canvas {
  const inked = Array.from(data.keys()).filter((pixel) => data[pixel]! >= CUT_AT);
  const columns = inked.map((pixel) => pixel % width);
  const left = columns.reduce((low, column) => Math.min(low, column));
  const right = columns.reduce((high, column) => Math.max(high, column));
  const top = Math.floor(inked[0]! / width);
  const bottom = Math.floor(inked.at(-1)! / width);
  const rows = Array.from({ length: bottom - top + 1 }, (_, row) => (top + row) * width);
  return {
    width: right - left + 1,
    height: rows.length,
    data: Float32Array.from(
      rows.flatMap((start) => [...canvas.data.subarray((start + left) * 3, (start + right + 1) * 3)]),
    ),
  };
}

export const cutOut: PictureKind = {
  title: 'Cut out along the ink',
  summary: 'The digit 45 to 450 pixels high or wide, and no margin: the picture ends where its ink does',
  draw(digit, random) {
    const size = drawSize(random);
    const covered = written(digit, size, drawPlacement(size, random));
    const canvas = lay(blankCanvas(size, lightGrey(random)), covered, darkGrey(random));
    return developed(cutAlongInk(canvas, covered));
  },
};

/** Degrees that the page is tilted away about each of its axes, and turned in its plane. */
const TILT = 45;
const TURN = 10;
/** From the camera to the page, as a multiple of the picture's shorter side. */
const DISTANCE: Range = [1.2, 2.5];

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const eitherWay = (random: RandomStream, degrees: number): number =>
  radians(degrees) * (2 * random.next() - 1);

/**
 * Where a pinhole camera over the middle of the picture sees the tilted page: `page = turn x tilt`, a plane through the
 * digit's place at that distance. The inverse of what it sees is a ray's meeting with the plane.
 */
function seen(inverse: Inverse, { x, y }: Placement, size: Size, random: RandomStream): Inverse {
  const [about, across, turn] = [eitherWay(random, TILT), eitherWay(random, TILT), eitherWay(random, TURN)];
  const distance = between(random, DISTANCE) * Math.min(size.width, size.height);
  const [cosine, sine] = [Math.cos(turn), Math.sin(turn)];
  // The page's own axes in the camera's space.
  const right = [Math.cos(across), 0, Math.sin(across)] as const;
  const down = [
    Math.sin(across) * Math.sin(about),
    Math.cos(about),
    -Math.cos(across) * Math.sin(about),
  ] as const;
  // Its normal, their cross product.
  const normal = [
    right[1] * down[2] - right[2] * down[1],
    right[2] * down[0] - right[0] * down[2],
    right[0] * down[1] - right[1] * down[0],
  ] as const;
  return (column, row) => {
    const ray = [column - x, row - y, distance] as const;
    const depth = (normal[2] * distance) / (normal[0] * ray[0] + normal[1] * ray[1] + normal[2] * ray[2]);
    const meeting = [ray[0] * depth, ray[1] * depth, ray[2] * depth - distance] as const;
    const along = meeting[0] * right[0] + meeting[1] * right[1] + meeting[2] * right[2];
    const below = meeting[0] * down[0] + meeting[1] * down[1] + meeting[2] * down[2];
    return inverse(x + cosine * along + sine * below, y - sine * along + cosine * below);
  };
}

export const perspective: PictureKind = {
  title: 'Perspective',
  summary: `The page tilted by up to ${TILT} degrees about both axes and turned by up to ${TURN}, seen from 1.2 to 2.5 sides away`,
  draw(digit, random) {
    const size = drawSize(random);
    const placement = drawPlacement(size, random);
    const inverse = seen(inverseOf(digit, placement), placement, size, random);
    const covered = contour(digit, size, inverse, placement.scale);
    return developed(lay(blankCanvas(size, lightGrey(random)), covered, darkGrey(random)));
  },
};
