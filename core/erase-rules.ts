import type { Plane } from './image.js';
import { findRules, type Rule, thickestRule } from './rules.js';
import { transposed } from './transpose.js';

/** So far from its straight course, pixels, a line is looked for in each column. */
const WOBBLE = 2;
/** Its edges fade out over so many pixels. */
const FADE = 2;
/** A pen is told from the lines by its darkness where it is darker by this much... */
const DARKER_PEN = 1.35;
/** ...and then what is so far from the lines' darkness to the pen's is the pen's. */
const PENS_SHARE = 0.4;

/** What is left of a page's ink without its ruled lines. */
export interface Unruled {
  density: Plane<Float32Array>;
  /** How many lines were erased. */
  rules: number;
}

/**
 * Erases ruled lines and squared paper, but not what is written over them: a pixel of a line stays where ink goes on to both sides of
 * it, or where it is as dark as the pen.
 * @param density how dark each pixel is against the paper, 0 to 1
 * @param least what is not above this is paper
 * @param pen the density of the strongest marks
 * @returns the very same plane where there are no lines
 */
export function eraseRules(density: Plane<Float32Array>, least: number, pen: number): Unruled {
  const level = findRules(density, least);
  const upright = reachesEdges(density, least) ? findRules(transposed(density), least) : [];
  if (level.length + upright.length === 0) return { density, rules: 0 };
  const page = { ...density, data: density.data.slice() };
  for (const rule of level) erase(page, rule, least, pen);
  if (upright.length === 0) return { density: page, rules: level.length };
  const standing = transposed(page);
  for (const rule of upright) erase(standing, rule, least, pen);
  return { density: transposed(standing), rules: level.length + upright.length };
}

/** Whether there is ink both at the top and at the bottom. It saves most pages from being turned for nothing. */
function reachesEdges({ width, height, data }: Plane<Float32Array>, least: number): boolean {
  const isInked = (from: number, to: number) =>
    data.subarray(from * width, to * width).some((value) => value > least);
  return isInked(0, 1) && isInked(height - 1, height);
}

/** Where a line lies in a column, in rows. */
interface Run {
  first: number;
  last: number;
  peak: number;
}

/** The line's own rows in a column, where it is alone there. */
function runAt(
  { width, height, data }: Plane<Float32Array>,
  x: number,
  row: number,
  least: number,
  thickest: number,
): Run | null {
  const valueAt = (y: number) => (y < 0 || y >= height ? 0 : data[y * width + x]!);
  let peak = row;
  for (let y = row - WOBBLE; y <= row + WOBBLE; y++) if (valueAt(y) > valueAt(peak)) peak = y;
  if (!(valueAt(peak) > least)) return null;
  const fringe = Math.max(least, valueAt(peak) / 4);
  let [first, last] = [peak, peak];
  while (valueAt(first - 1) > fringe && peak - first <= thickest) first--;
  while (valueAt(last + 1) > fringe && last - peak <= thickest) last++;
  return last - first < thickest ? { first, last, peak: valueAt(peak) } : null;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Erases one line of a page, in place. */
function erase(page: Plane<Float32Array>, { slope, middle }: Rule, least: number, pen: number): void {
  const { width, height, data } = page;
  const thickest = thickestRule(page);
  const rowAt = (x: number) => Math.floor(middle + slope * (x + 0.5 - width / 2) + 0.5);
  const runs = Array.from({ length: width }, (_, x) => runAt(page, x, rowAt(x), least, thickest));
  const alone = runs.filter((run) => run !== null);
  if (alone.length === 0) return;
  const thickness = median(alone.map(({ first, last }) => last - first + 1));
  const darkness = median(alone.map(({ peak }) => peak));
  const tellsPen = pen >= DARKER_PEN * darkness;
  const inked = tellsPen ? darkness + PENS_SHARE * (pen - darkness) : darkness / 2;
  const slack = tellsPen ? 0 : thickness;

  const isInked = (x: number, y: number) =>
    x >= 0 && x < width && y >= 0 && y < height && data[y * width + x]! > inked;
  /** Whether ink comes near a row beyond the line, in the columns about. */
  const goesOn = (x: number, y: number) => {
    for (let near = x - slack; near <= x + slack; near++) if (isInked(near, y)) return true;
    return false;
  };
  const erased: number[] = [];
  let off = 0;
  for (let x = 0; x < width; x++) {
    const run = runs[x]!;
    const isAlone = run !== null && run.last - run.first <= thickness && !(tellsPen && run.peak > inked);
    if (isAlone) off = run.first + ((run.last - run.first + 1 - thickness) >> 1) - rowAt(x);
    const first = isAlone ? run.first : rowAt(x) + off;
    const last = isAlone ? run.last : first + thickness - 1;
    if (goesOn(x, first - FADE) && goesOn(x, last + FADE)) continue;
    for (let y = Math.max(0, first - FADE); y <= Math.min(height - 1, last + FADE); y++) {
      const value = data[y * width + x]!;
      const isPen = tellsPen ? value > inked : (y < first || y > last) && value > inked;
      if (!isPen) erased.push(y * width + x);
    }
  }
  for (const index of erased) data[index] = 0;
}
