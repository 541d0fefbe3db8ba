import { components } from './components.js';
import { isWholeFrame } from './frames.js';
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
/** What is left of a crossing is no larger than so many lines' thicknesses. */
const CRUMB = 2;
/** A picture that is cut along its writing has so many strokes from edge to edge at most. */
const MOST_STROKES = 2;

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
  const { level, upright } = rulesOf(density, least);
  if (level.length + upright.length === 0) return { density, rules: 0 };
  const levelTraces = level.map((rule) => trace(density, rule, least));
  const turned = transposed(density);
  const uprightTraces = upright.map((rule) => trace(turned, rule, least));
  const left = withoutLines(density, levelTraces, uprightTraces, pen);
  if (areStrokes(left, levelTraces, uprightTraces, pen)) return { density, rules: 0 };
  return { density: left, rules: level.length + upright.length };
}

interface Rules {
  level: Rule[];
  upright: Rule[];
}

/** The lines, but not the sides of a frame that ends near the edge: without two of them the others would stay. */
function rulesOf(density: Plane<Float32Array>, least: number): Rules {
  const found = findBothWays(density, least);
  if (found.level.length + found.upright.length === 0) return found;
  const inked = { ...density, data: density.data.map((value) => (value > least ? value : 0)) };
  const frames = components(inked).filter((component) => isWholeFrame(component, inked));
  if (frames.length === 0) return found;
  const data = density.data.slice();
  for (const { pixels } of frames) for (const index of pixels) data[index] = 0;
  return findBothWays({ ...density, data }, least);
}

const findBothWays = (density: Plane<Float32Array>, least: number): Rules => ({
  level: findRules(density, least),
  upright: reachesEdges(density, least) ? findRules(transposed(density), least) : [],
});

function withoutLines(
  density: Plane<Float32Array>,
  level: readonly Trace[],
  upright: readonly Trace[],
  pen: number,
): Plane<Float32Array> {
  const page = erased(density, level, pen);
  if (upright.length === 0) return page;
  const standing = transposed(erased(transposed(page), upright, pen));
  // Where two lines cross, each went on to both sides of the other.
  return withoutCrumbs(erased(standing, level, pen), crumbOf([...level, ...upright]));
}

/** The longest side of what may be left of a crossing, pixels. */
const crumbOf = (lines: readonly Trace[]): number =>
  CRUMB * (Math.max(...lines.map(({ thickness }) => thickness)) + FADE);

/**
 * Whether lines are strokes of what its picture was cut along: few, as dark as the pen, and other ink comes as near to an edge that
 * none of them runs along.
 * @param left the page without them
 */
function areStrokes(
  left: Plane<Float32Array>,
  level: readonly Trace[],
  upright: readonly Trace[],
  pen: number,
): boolean {
  const lines = [...level, ...upright];
  if (lines.length > MOST_STROKES || lines.some((line) => isPaler(line, pen))) return false;
  const crumb = crumbOf(lines);
  const reach = crumb / CRUMB;
  const comesTo = (from: number, to: number, side: number, along: readonly Trace[]) =>
    (from < reach && along.every(({ first }) => middleOf(first) >= reach)) ||
    (to > side - reach && along.every(({ last }) => middleOf(last) < side - reach));
  const written = { ...left, data: left.data.map((value) => (value > pen / 2 ? value : 0)) };
  return components(written).some(
    ({ box: { left: x, top: y, width, height } }) =>
      Math.max(width, height) > crumb &&
      (comesTo(y, y + height, left.height, level) || comesTo(x, x + width, left.width, upright)),
  );
}

/** Whether a line is told from the pen by its darkness. */
const isPaler = ({ darkness }: Trace, pen: number): boolean => pen >= DARKER_PEN * darkness;

const middleOf = (rows: Int32Array): number => rows[rows.length >> 1]!;

/** Without what is no larger than a crossing. */
function withoutCrumbs(page: Plane<Float32Array>, most: number): Plane<Float32Array> {
  const data = page.data.slice();
  for (const { box, pixels } of components(page)) {
    if (Math.max(box.width, box.height) <= most) for (const index of pixels) data[index] = 0;
  }
  return { ...page, data };
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

/** A line as it was found: where it lies in each column, and how it is printed. */
interface Trace {
  /** The first row, and the last. */
  first: Int32Array;
  last: Int32Array;
  /** Rows. */
  thickness: number;
  darkness: number;
}

/** Follows a line from column to column; where other ink hides it, it goes on as it was. */
function trace(page: Plane<Float32Array>, { slope, middle }: Rule, least: number): Trace {
  const { width } = page;
  const thickest = thickestRule(page);
  const rowAt = (x: number) => Math.floor(middle + slope * (x + 0.5 - width / 2) + 0.5);
  const runs = Array.from({ length: width }, (_, x) => runAt(page, x, rowAt(x), least, thickest));
  const seen = runs.filter((run) => run !== null);
  const thickness = median(seen.map(({ first, last }) => last - first + 1));
  const darkness = median(seen.map(({ peak }) => peak));
  const [first, last] = [new Int32Array(width), new Int32Array(width)];
  let off = 0;
  for (const [x, run] of runs.entries()) {
    const isAlone = run !== null && run.last - run.first <= thickness && run.peak < DARKER_PEN * darkness;
    if (isAlone) off = run.first + ((run.last - run.first + 1 - thickness) >> 1) - rowAt(x);
    first[x] = isAlone ? run.first : rowAt(x) + off;
    last[x] = isAlone ? run.last : first[x]! + thickness - 1;
  }
  return { first, last, thickness, darkness };
}

/** A page without these lines. */
function erased(page: Plane<Float32Array>, traces: readonly Trace[], pen: number): Plane<Float32Array> {
  if (traces.length === 0) return page;
  const data = page.data.slice();
  for (const line of traces) for (const index of pixelsOf(line, { ...page, data }, pen)) data[index] = 0;
  return { ...page, data };
}

/** The pixels of a line that are not written over. */
function pixelsOf(line: Trace, { width, height, data }: Plane<Float32Array>, pen: number): number[] {
  const { first, last, thickness, darkness } = line;
  const tellsPen = isPaler(line, pen);
  const inked = tellsPen ? darkness + PENS_SHARE * (pen - darkness) : darkness / 2;
  const slack = tellsPen ? 0 : thickness;
  /** Whether ink comes near a row beyond the line, in the columns about. */
  const goesOn = (x: number, y: number) => {
    if (y < 0 || y >= height) return false;
    for (let near = Math.max(0, x - slack); near <= Math.min(width - 1, x + slack); near++) {
      if (data[y * width + near]! > inked) return true;
    }
    return false;
  };
  const found: number[] = [];
  for (let x = 0; x < width; x++) {
    const [top, bottom] = [first[x]!, last[x]!];
    if (goesOn(x, top - FADE) && goesOn(x, bottom + FADE)) continue;
    for (let y = Math.max(0, top - FADE); y <= Math.min(height - 1, bottom + FADE); y++) {
      const isWritten = (tellsPen || y < top || y > bottom) && data[y * width + x]! > inked;
      if (!isWritten) found.push(y * width + x);
    }
  }
  return found;
}
