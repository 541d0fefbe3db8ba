import type { Component } from './components.js';
import type { Box, Plane } from './image.js';
import { across, type Line, middleAcross } from './lines.js';

/** Parts of a digit that broke lie nearer to its other ink than this, in line heights. */
const FREE = 0.06;
/** What is further from the digits than this, in line heights, belongs to no number. */
const FURTHEST = 1;
/** A sign reaches under or over the digits beside it by at most this share of its width: what does by more may be a part of one. */
const SHARED_WIDTH = 1 / 3;
/** A sign has at least the ink of so many squares as wide as the strokes. */
const INK_OF_POINT = 0.8;
/** A point or a comma is at most so long, in line heights... */
const SIDE_OF_POINT = 0.4;
/** ...and begins and ends here, between the heads of the digits beside it (0) and their feet (1). */
const PLACE_OF_POINT = { top: [0.65, 1], bottom: [0.85, 1.4] } as const;
/** A minus is so many times as wide as it is high and as strokes are wide... */
const WIDTH_OF_MINUS = 2;
/** ...and its middle lies between these. */
const PLACE_OF_MINUS = [0.25, 0.75] as const;

/**
 * A mark is written on a line, or struck out, where it is so many times as wide as it is high and has ink in so much of its columns along one
 * straight course, that falls by no more than this share of its width. Of 564 marks so wide that training digits made, 0 to 3 pixels over one
 * another, none has ink in more than 0.89 of them, of 299 numbers with a line drawn through or under them all have ink in 0.98. What is lower than
 * the usual digit by more than this is none with a line, but a flat 2 on its foot or the bar of a 5. With all that, two of 14,000 pictures of
 * training digits are taken for lined ones, and 388 of 400 others on which a line of two pixels was drawn.
 */
const LINED = { width: 1.5, height: 0.8, columns: 0.95, steepest: 0.1 } as const;

/** Whether a straight line runs through or under digits, from one end of their mark to the other; what it hides of them cannot be read. */
export const isLined = (plane: Plane<Float32Array>, { bodies, height }: Line): boolean =>
  bodies.some(
    (mark) =>
      mark.box.height >= LINED.height * height &&
      mark.box.width >= LINED.width * mark.box.height &&
      hasCourse(mark, plane),
  );

function hasCourse({ box, pixels }: Component, { width: stride, data }: Plane<Float32Array>): boolean {
  const inked = pixels.filter((index) => data[index]! > 0.5);
  const steps = Math.ceil((LINED.steepest * box.width) / 2);
  const fall = 2 * steps;
  for (let step = -steps; step <= steps; step++) {
    const columns = new Uint32Array(box.height + 2 * fall + 1);
    for (const index of inked) {
      const x = (index % stride) - box.left;
      const y = Math.floor(index / stride) - box.top;
      const row = Math.floor(y - (2 * step * x) / box.width + 0.5) + fall;
      columns[row]!++;
    }
    if (columns.some((count) => count >= LINED.columns * box.width)) return true;
  }
  return false;
}

/** Whether there may be a point, a comma or a minus before a digit of the line, so that it says another number than its digits do. */
export function hasSign(plane: Plane<Float32Array>, line: Line, strokeWidth: number): boolean {
  const reach = Math.ceil(FREE * line.height);
  return line.fragments.some(
    (mark) =>
      mark.mass >= INK_OF_POINT * strokeWidth ** 2 &&
      isPlacedAsSign(mark.box, line, strokeWidth) &&
      isFree(mark, plane, reach),
  );
}

function isPlacedAsSign(box: Box, { bodies, height }: Line, strokeWidth: number): boolean {
  const next = bodies.findIndex((body) => middleAcross(body.box) > middleAcross(box));
  // Behind the last digit it changes no number.
  if (next < 0) return false;
  const beside = bodies.slice(Math.max(0, next - 1), next + 1).map((body) => body.box);
  const nearest = Math.min(...beside.map((body) => across(body, box)));
  if (nearest > FURTHEST * height) return false;
  const head = mean(beside.map(({ top }) => top));
  const foot = mean(beside.map((body) => body.top + body.height));
  const top = (box.top - head) / (foot - head);
  const bottom = (box.top + box.height - head) / (foot - head);
  const isPoint =
    Math.max(box.width, box.height) <= SIDE_OF_POINT * height &&
    isBetween(top, PLACE_OF_POINT.top) &&
    isBetween(bottom, PLACE_OF_POINT.bottom);
  const isMinus =
    nearest >= -SHARED_WIDTH * box.width &&
    box.width >= WIDTH_OF_MINUS * Math.max(box.height, strokeWidth) &&
    isBetween((top + bottom) / 2, PLACE_OF_MINUS);
  return isPoint || isMinus;
}

/** Whether there is no other ink within so many pixels of a mark's box. */
function isFree(
  { box, pixels }: Component,
  { width, height, data }: Plane<Float32Array>,
  reach: number,
): boolean {
  const [left, top] = [Math.max(0, box.left - reach), Math.max(0, box.top - reach)];
  const right = Math.min(width, box.left + box.width + reach);
  const bottom = Math.min(height, box.top + box.height + reach);
  let inked = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) if (data[y * width + x]! > 0) inked++;
  }
  return inked === pixels.length;
}

const isBetween = (value: number, [least, most]: readonly [number, number]): boolean =>
  value >= least && value <= most;
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
