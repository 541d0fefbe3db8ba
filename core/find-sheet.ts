import { type Component, components, union } from './components.js';
import { type Histogram, histogram, percentile } from './histogram.js';
import type { Box, Plane } from './image.js';
import { borderValues } from './paper.js';
import {
  alongAt,
  areaOf,
  areaWithin,
  boxAbout,
  downAt,
  farthestOff,
  inPlane,
  inset,
  levelAbout,
  nearestOn,
  type Pixel,
  rectangleAbout,
  roundedBy,
  type Sheet,
  widestAbout,
} from './sheet.js';
import { strokeWidth } from './stroke-width.js';

/** Smaller pictures are left as they are, the model's own size among them: their shorter side, pixels. */
const LEAST_SIDE = 32;
/**
 * What a sheet lies on is even: at most so many levels from its own one. So much of the border shows it, and nothing on it is longer than this
 * share of the picture's longer side and higher than this one of what is written on the sheet: what is written in a shadow is written on the
 * same page, the words of a status bar or a caption are not.
 */
const GROUND = { levels: 10, ofBorder: 0.15, longest: 1 / 32, highest: 1 / 4 } as const;
/**
 * A sheet has this share of the picture, fills so much of its rectangle, as round corners leave it, and its paper is so many levels off the
 * ground; of what is off it so much is as the paper, the rest written.
 */
const SHEET = { share: 0.12, fills: 0.9, levels: 24, even: 0.65 } as const;
/** One that has less than this share fills so much of its box; strokes do not. */
const SMALL = { share: 0.25, fills: 0.5 } as const;
/** Paper is within this share of the way from its level to the ground's... */
const PAPER = 0.2;
/** ...all over a rim so many pixels wide, which begins at most so far within the rectangle, as a share of its shorter side. */
const RIM = { pixels: 3, deepest: 0.1 } as const;
/** Of a sheet, writing covers no more than this, as what is within a frame does; its longer side is at least this of the sheet's shorter. */
const WRITTEN = { most: 0.25, longer: 0.2 } as const;
/** Marks that each fill so much of their boxes may be a thick 0's counter, not 1s, if less paper than so many strokes is about them... */
const ONES = { fill: 0.7, margin: 4 } as const;
/** ...or if they are higher than this share of an upright sheet. */
const HIGHEST_ONES = 0.4;
/**
 * A disc, an oval or a sheet with round corners is whole but for so little, and its outline is off by at most this share of its shorter half:
 * that of a thick 0, drawn by hand, is. A 0 is mostly narrower than this share of its height, a disc is not.
 */
const ROUND = { whole: 0.99, off: 0.06, wide: 0.93 } as const;
/** The holes of a thick 0, 6, 8 or 9 are less than so many times as long as they are wide. */
const LONGEST_HOLE = 3;
/** A stroke that is less than so many times as long as its box's diagonal is straight: a 1, if so many strokes of the disc are about it. */
const STRAIGHT = { times: 1.3, margin: 2 } as const;
/** A bar at the left or the right is so many strokes of the writing thick, as a 1 along which the picture was cut is not. */
const STROKES_OF_BAR = 1.5;

type Extents = Pick<Plane, 'width' | 'height'>;

/**
 * The part of a picture that is a page of its own: a card or a round badge on even ground, or what is between bars along the edges.
 * @param plane the picture's brightness, 0 to 255
 * @returns in pixels of the plane, within the paper; null where there is none, or nothing written on it
 */
export function findSheet(plane: Plane<Uint8Array>): Sheet | null {
  if (Math.min(plane.width, plane.height) < LEAST_SIDE) return null;
  const all = histogram(plane.data);
  for (const ground of groundsOf(plane)) {
    const paper = paperOn(ground, all);
    const sheet = paper === null ? null : sheetOn(ground, paper, plane);
    if (sheet) return sheet;
  }
  return null;
}

/** The level of most of what is not ground; null where that is little or uneven: nearly all pages are spared a closer look. */
function paperOn(ground: number, all: Histogram): number | null {
  const others = all.slice().fill(0, Math.max(0, ground - GROUND.levels), ground + GROUND.levels + 1);
  const count = countOf(others);
  if (count < SHEET.share * countOf(all)) return null;
  const paper = percentile(others, 0.5);
  const contrast = Math.abs(paper - ground);
  const isEven = near(others, paper, Math.round(PAPER * contrast)) >= SHEET.even * count;
  return contrast >= SHEET.levels && isEven ? paper : null;
}

/** The two levels that the border shows most, apart from one another. */
function groundsOf(plane: Plane<Uint8Array>): number[] {
  const border = histogram(borderValues(plane));
  const first = mostShown(border);
  const others = border
    .slice()
    .fill(0, Math.max(0, first - 2 * GROUND.levels), first + 2 * GROUND.levels + 1);
  return [first, mostShown(others)].filter(
    (level) => near(border, level) >= GROUND.ofBorder * countOf(border),
  );
}

const mostShown = (counts: Histogram): number =>
  counts.indexOf(counts.reduce((most, count) => Math.max(most, count)));

const countOf = (counts: Histogram): number => counts.reduce((sum, count) => sum + count, 0);

const near = (counts: Histogram, level: number, levels: number = GROUND.levels): number =>
  countOf(counts.subarray(Math.max(0, level - levels), level + levels + 1));

function sheetOn(ground: number, paper: number, plane: Plane<Uint8Array>): Sheet | null {
  const region = regionOn(ground, plane);
  const outline = region && outlineOf(region, plane);
  if (!outline) return null;
  const isPaper = (level: number) => Math.abs(level - paper) <= PAPER * Math.abs(paper - ground);
  const rim = findRim(outline, plane, isPaper);
  if (rim === null) return null;
  const sheet = inset(outline, rim);
  const written = writingOn(sheet, plane, isPaper);
  const marks = components(written);
  if (!isWriting(marks, written, rim)) return null;
  const { box, highestBeside } = region;
  if (highestBeside > GROUND.highest * highestOf(marks)) return null;
  const [isWide, isHigh] = [box.width === plane.width, box.height === plane.height];
  // No digit is a bar from the left to the right. A page that reaches all edges has a part of one at most, unless it stands askew.
  if (isRound(outline)) return isCounterOfDisc(marks, written, rim) ? null : sheet;
  if (isWide && !isHigh) return sheet;
  return (isHigh ? isOfStrokes(outline, plane, written) : isCounters(marks, written, rim)) ? null : sheet;
}

const isRound = ({ rounding }: Sheet): boolean => rounding[0] > 0;

/** The rectangle about a region that fills it, or with corners as round as the region's; null where it is neither. */
function outlineOf({ points, area }: Region, plane: Extents): Sheet | null {
  const rectangle = rectangleAbout(points, plane);
  if (area >= SHEET.fills * areaWithin(rectangle, plane)) return rectangle;
  // What reaches beyond the picture may be the smaller rectangle about a disc near an edge.
  const whole = [rectangle, levelAbout(points)].find(
    (sheet) => areaWithin(sheet, plane) >= ROUND.whole * areaOf(sheet),
  );
  const round = whole ? roundedBy(whole, areaOf(whole) - area) : [];
  return round.find((sheet) => farthestOff(sheet, points) <= ROUND.off) ?? null;
}

/** What is not ground, one piece with what it surrounds. */
interface Region extends Pick<Component, 'box' | 'pixels'> {
  /** The first and the last column of every row, from its topmost one on... */
  rows: readonly (readonly [number, number])[];
  /** ...and these pixels, and those that are the first and the last of a column. */
  points: readonly Pixel[];
  /** Pixels from the first to the last of every row. */
  area: number;
  /** Of what is beside it and no dirt, pixels; 0 where there is nothing. */
  highestBeside: number;
}

const highestOf = (marks: readonly Component[]): number =>
  marks.reduce((most, { box }) => Math.max(most, box.height), 0);

/** 1 where a pixel is not ground; null where these are few strokes: nearly all pages are spared a closer look. */
function offGround(ground: number, { width, height, data }: Plane<Uint8Array>): Plane<Float32Array> | null {
  const off = new Float32Array(data.length);
  let count = 0;
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let row = 0, index = 0; row < height; row++) {
    for (let column = 0; column < width; column++, index++) {
      if (Math.abs(data[index]! - ground) <= GROUND.levels) continue;
      off[index] = 1;
      count++;
      if (column < left) left = column;
      if (column > right) right = column;
      if (row < top) top = row;
      bottom = row;
    }
  }
  const box = (right - left + 1) * (bottom - top + 1);
  return count < SMALL.share * data.length && count < SMALL.fills * box ? null : { width, height, data: off };
}

/** The largest one; null where it is small or is all there is. */
function regionOn(ground: number, plane: Plane<Uint8Array>): Region | null {
  const off = offGround(ground, plane);
  if (off === null) return null;
  const { width, height, data } = off;
  const all = components(off);
  const largest = all.reduce((one, other) => (other.pixels.length > one.pixels.length ? other : one));
  const region = regionOf(largest, width);
  if (region.area < SHEET.share * data.length || region.area === data.length) return null;
  const longest = GROUND.longest * Math.max(width, height);
  const beside = all.filter(
    ({ box, pixels }) => Math.max(box.width, box.height) > longest && !surrounds(region, pixels[0]!, width),
  );
  return { ...region, highestBeside: highestOf(beside) };
}

function regionOf({ box, pixels }: Component, width: number): Omit<Region, 'highestBeside'> {
  const rows = Array.from({ length: box.height }, () => [width, -1] as [number, number]);
  const columns = Array.from({ length: box.width }, () => [Number.POSITIVE_INFINITY, -1] as [number, number]);
  for (const pixel of pixels) {
    const column = pixel % width;
    const row = (pixel - column) / width;
    extend(rows[row - box.top]!, column);
    extend(columns[column - box.left]!, row);
  }
  return {
    box,
    pixels,
    rows,
    points: [
      ...rows.flatMap((ends, row) => ends.map((column) => [column, box.top + row] as const)),
      ...columns.flatMap((ends, column) => ends.map((row) => [box.left + column, row] as const)),
    ],
    area: rows.reduce((sum, [first, last]) => sum + last - first + 1, 0),
  };
}

function extend(ends: [number, number], place: number): void {
  if (place < ends[0]) ends[0] = place;
  if (place > ends[1]) ends[1] = place;
}

function surrounds({ box, rows }: Pick<Region, 'box' | 'rows'>, pixel: number, width: number): boolean {
  const column = pixel % width;
  const ends = rows[(pixel - column) / width - box.top];
  return ends !== undefined && ends[0] <= column && column <= ends[1];
}

/** How far within a sheet's rectangle its rim ends; null where there is none. */
function findRim(
  sheet: Sheet,
  { width, height, data }: Plane<Uint8Array>,
  isPaper: (level: number) => boolean,
): number | null {
  const shows = (along: number, down: number) => {
    const [x, y] = inPlane(sheet, along, down).map(Math.floor) as [number, number];
    return x < 0 || y < 0 || x >= width || y >= height || isPaper(data[y * width + x]!);
  };
  const isRing = (ring: Sheet) => {
    for (let along = ring.left; along <= ring.right; along++)
      if (!downAt(ring, along).every((down) => shows(along, down))) return false;
    for (let down = ring.top; down <= ring.bottom; down++)
      if (!alongAt(ring, down).every((along) => shows(along, down))) return false;
    return true;
  };
  const shorter = Math.min(sheet.right - sheet.left, sheet.bottom - sheet.top);
  for (let depth = 0, rings = 0; depth < RIM.deepest * shorter + RIM.pixels; depth++) {
    rings = isRing(inset(sheet, depth + 0.5)) ? rings + 1 : 0;
    if (rings === RIM.pixels) return depth;
  }
  return null;
}

/** 1 where something differs from the paper. */
function writingOn(
  sheet: Sheet,
  plane: Plane<Uint8Array>,
  isPaper: (level: number) => boolean,
): Plane<Float32Array> {
  const { left, top, width, height } = boxAbout(sheet, plane);
  const nearest = nearestOn(sheet, plane);
  const data = new Float32Array(width * height);
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      if (!isPaper(plane.data[nearest(left + x, top + y)]!)) data[index] = 1;
    }
  }
  return { width, height, data };
}

/**
 * Whether what differs from a sheet's paper may be written on it.
 * @param rim how much wider the sheet is on each side, pixels
 */
function isWriting(marks: readonly Component[], written: Plane<Float32Array>, rim: number): boolean {
  const covered = marks.reduce((sum, { pixels }) => sum + pixels.length, 0);
  const shorter = Math.min(written.width, written.height) + 2 * rim;
  return (
    covered <= WRITTEN.most * written.data.length &&
    marks.some(({ box }) => Math.max(box.width, box.height) >= WRITTEN.longer * shorter)
  );
}

/** Whether what is written on a card may be ground that shows through: the card a thick digit. */
function isCounters(marks: readonly Component[], written: Plane<Float32Array>, rim: number): boolean {
  if (marks.some(({ box, pixels }) => pixels.length < ONES.fill * box.width * box.height)) return false;
  const box = union(marks.map((mark) => mark.box));
  const longest = Math.max(written.width, written.height) + 2 * rim;
  if (written.width < written.height && box.height > HIGHEST_ONES * longest) return true;
  return marginAbout(box, written) + rim < ONES.margin * strokeWidth(written);
}

/** The least distance from a box to the edges of what it is on. */
const marginAbout = ({ left, top, width, height }: Box, on: Extents): number =>
  Math.min(left, top, on.width - left - width, on.height - top - height);

/**
 * Whether what is written on a disc may be what a thick 0, 6, 8 or 9 surrounds: holes, or thicker than the rim about it, or straight and
 * nearly as thick.
 */
function isCounterOfDisc(marks: readonly Component[], written: Plane<Float32Array>, rim: number): boolean {
  const isHole = ({ box, pixels }: Component) =>
    pixels.length >= ONES.fill * box.width * box.height &&
    Math.max(box.width, box.height) < LONGEST_HOLE * Math.min(box.width, box.height);
  if (marks.every(isHole)) return true;
  const width = strokeWidth(written);
  const isStraight = ({ box, pixels }: Component) =>
    pixels.length < STRAIGHT.times * width * Math.sqrt(box.width * box.width + box.height * box.height);
  const margin = marginAbout(union(marks.map(({ box }) => box)), written);
  const isUpright = written.width < ROUND.wide * written.height;
  const strokes = marks.every(isStraight) ? (isUpright ? ONES.margin : STRAIGHT.margin) : 1;
  return margin + rim < strokes * width;
}

/** Whether bars may be digits as well: 1s along which the picture was cut. */
function isOfStrokes(between: Sheet, picture: Extents, written: Plane<Float32Array>): boolean {
  return widestAbout(between, picture) < STROKES_OF_BAR * strokeWidth(written);
}
