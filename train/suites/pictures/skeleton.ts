import { INPUT_SIDE } from '../../../core/image.js';
import { contour, type Digit } from './contour.js';

/** `[x, y]`. */
export type Point = readonly [number, number];

/** Pixels of the thinned mask in one of the digit's. */
const DETAIL = 6;
const SIDE = INPUT_SIDE * DETAIL;
/** The neighbours of a pixel, clockwise from the one above it. */
const AROUND = [-SIDE, 1 - SIDE, 1, 1 + SIDE, SIDE, SIDE - 1, -1, -1 - SIDE] as const;
/** Straight neighbours come first when a line is followed, or it would cut corners. */
const NEXT = [-SIDE, 1, SIDE, -1, 1 - SIDE, 1 + SIDE, SIDE - 1, -1 - SIDE] as const;

/** Side branches up to this long, in the digit's pixels, come of an outline's bumps and not of the pen. */
const SPUR = 2;
/** Passes of a mean over three points, so that lines lose the grid's steps. */
const SMOOTHING = 12;
/** Every so many points of a line are kept. */
const THINNING = 3;

/** The digit's ink at `DETAIL` times its size, with an empty edge. */
function maskOf(digit: Digit): Uint8Array {
  const toDigit = (place: number) => (place + 0.5) / DETAIL - 0.5;
  const { data } = contour(digit, { width: SIDE, height: SIDE }, (x, y) => [toDigit(x), toDigit(y)], DETAIL);
  return Uint8Array.from(data, (covered, pixel) => {
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
    return Number(covered >= 0.5 && x > 0 && y > 0 && x < SIDE - 1 && y < SIDE - 1);
  });
}

/** Thins a mask to lines one pixel wide, in place: Zhang and Suen, "A fast parallel algorithm for thinning digital patterns" (1984). */
function thin(mask: Uint8Array): void {
  for (let removed = 1; removed > 0; ) {
    removed = 0;
    for (const isSecond of [false, true]) {
      const doomed: number[] = [];
      for (let pixel = SIDE; pixel < mask.length - SIDE; pixel++) {
        if (mask[pixel] === 0) continue;
        const near = AROUND.map((step) => mask[pixel + step]!);
        const count = near.reduce((sum, value) => sum + value, 0);
        if (count < 2 || count > 6) continue;
        const rises = near.filter((value, place) => value === 0 && near[(place + 1) % 8] === 1).length;
        if (rises !== 1) continue;
        const [up, right, down, left] = [near[0]!, near[2]!, near[4]!, near[6]!];
        const isKept = isSecond
          ? up * right * left > 0 || up * down * left > 0
          : up * right * down > 0 || right * down * left > 0;
        if (!isKept) doomed.push(pixel);
      }
      for (const pixel of doomed) mask[pixel] = 0;
      removed += doomed.length;
    }
  }
}

/** Lines from end or crossing to end or crossing, and rings; pixels of a thinned mask. */
function trace(mask: Uint8Array): number[][] {
  const near = (pixel: number) => NEXT.map((step) => pixel + step).filter((other) => mask[other] === 1);
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
  const inked = Array.from(mask.keys()).filter((pixel) => mask[pixel] === 1);
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

/** Takes away short lines with a loose end, the digit's bumps, unless they are all there is. */
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
  return points.filter((_, place) => place % THINNING === 0 || place === points.length - 1);
}

/** The lines that the pen's tip went along, in the digit's pixels: the middle of its strokes, smoothed. */
export function skeleton(digit: Digit): Point[][] {
  const mask = maskOf(digit);
  thin(mask);
  const toDigit = (place: number) => (place + 0.5) / DETAIL - 0.5;
  return withoutSpurs(trace(mask)).map((line) =>
    smoothed(line.map((pixel) => [toDigit(pixel % SIDE), toDigit(Math.floor(pixel / SIDE))])),
  );
}
