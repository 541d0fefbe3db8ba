import { INPUT_SIDE } from '../../../core/image.js';
import { contour, type Digit } from './contour.js';
import { around, depths, type Mask, thinned } from './mask.js';

/** `[x, y]`. */
export type Point = readonly [number, number];

/** Pixels of the mask in one of the digit's. */
const DETAIL = 6;
const SIDE = INPUT_SIDE * DETAIL;

/** Ink wider than this, in the digit's pixels, is a loop that ran full: its middle is not where the pen went. */
const WIDEST = 5.4;
/** Side branches up to this long, in the digit's pixels, come of an outline's bumps and not of the pen. */
const SPUR = 2;
/** Passes of a mean over three points, so that lines lose the grid's steps. */
const SMOOTHING = 12;
/** Every so many points of a line are kept. */
const KEPT = 3;

const toDigit = (place: number): number => (place + 0.5) / DETAIL - 0.5;

/** The digit's ink at `DETAIL` times its size. */
function maskOf(digit: Digit): Mask {
  const size = { width: SIDE, height: SIDE };
  const { data } = contour(digit, size, (x, y) => [toDigit(x), toDigit(y)], DETAIL);
  const isInside = (place: number) => place > 0 && place < SIDE - 1;
  const inked = Uint8Array.from(data, (covered, pixel) =>
    Number(covered >= 0.5 && isInside(pixel % SIDE) && isInside(Math.floor(pixel / SIDE))),
  );
  return { side: SIDE, data: inked };
}

/** Whether the middle of the digit's strokes says how it was written: no loop ran full of ink, as about one in six have. */
export const isLinear = (digit: Digit): boolean =>
  depths(maskOf(digit)).every((depth) => 2 * depth <= WIDEST * DETAIL);

/** Straight neighbours first, or a line that is followed would cut its corners. */
const NEIGHBOURS = [0, 2, 4, 6, 1, 3, 5, 7].map((place) => around(SIDE)[place]!);

/** Lines from end or crossing to end or crossing, and rings; pixels of a thinned mask. */
function trace({ data }: Mask): number[][] {
  const near = (pixel: number) => NEIGHBOURS.map((step) => pixel + step).filter((other) => data[other] === 1);
  const isInside = (pixel: number) => near(pixel).length === 2;
  const used = new Set<number>();
  const lines: number[][] = [];
  const follow = (start: number, second: number) => {
    const line = [start, second];
    for (let before = start, here = second; isInside(here) && here !== start; ) {
      used.add(here);
      const next = near(here).find((other) => other !== before)!;
      line.push(next);
      [before, here] = [here, next];
    }
    lines.push(line);
  };
  const inked = Array.from(data.keys()).filter((pixel) => data[pixel] === 1);
  for (const node of inked.filter((pixel) => !isInside(pixel))) {
    const others = near(node);
    // A dot is a line of no length.
    if (others.length === 0) lines.push([node, node]);
    for (const other of others) {
      if (isInside(other) ? !used.has(other) : other > node) follow(node, other);
    }
  }
  for (const pixel of inked) {
    if (isInside(pixel) && !used.has(pixel)) follow(pixel, near(pixel)[0]!);
  }
  return lines;
}

/** Takes away short lines with a loose end, the outline's bumps, unless they are all there is. */
function withoutSpurs(lines: number[][]): number[][] {
  const ends = new Map<number, number>();
  for (const line of lines) {
    for (const end of [line[0]!, line.at(-1)!]) ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  const isSpur = (line: number[]): boolean => {
    const loose = [line[0]!, line.at(-1)!].filter((end) => ends.get(end) === 1);
    return loose.length === 1 && line.length < SPUR * DETAIL;
  };
  const kept = lines.filter((line) => !isSpur(line));
  return kept.length > 0 ? kept : lines;
}

function smoothed(line: readonly Point[]): Point[] {
  let points = [...line];
  for (let pass = 0; pass < SMOOTHING; pass++) {
    points = points.map((point, place) => {
      const [before, after] = [points[place - 1], points[place + 1]];
      if (!before || !after) return point;
      return [(before[0] + 2 * point[0] + after[0]) / 4, (before[1] + 2 * point[1] + after[1]) / 4];
    });
  }
  return points.filter((_, place) => place % KEPT === 0 || place === points.length - 1);
}

/** The lines that the pen's tip went along, in the digit's pixels: the middle of its strokes, smoothed. */
export function skeleton(digit: Digit): Point[][] {
  return withoutSpurs(trace(thinned(maskOf(digit)))).map((line) =>
    smoothed(line.map((pixel) => [toDigit(pixel % SIDE), toDigit(Math.floor(pixel / SIDE))])),
  );
}
