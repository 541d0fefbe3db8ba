import { type Component, cutOut } from './components.js';
import type { Box, Plane } from './image.js';
import { fromLeft, type Line } from './lines.js';
import { chooseSeams, findSeams } from './seams.js';

/** The smallest part of a line, never divided: a whole mark, or what lies between two cuts through one. */
export interface Atom {
  box: Box;
  /** Indices into the marks' plane. */
  pixels: Uint32Array;
  /** Which of the line's bodies it is part of; null for a fragment. */
  body: number | null;
  /** The ink that a boundary on its left cuts through, pixels; 0 where there is none to cut. */
  cut: number;
}

/** Cuts nearer to one another than this, pixels, leave nothing between them that could be read. */
const LEAST_SPACING = 2;

/**
 * A line's atoms, left to right; those of one body follow one another, but for fragments that lie between them.
 * @param spacing how far apart cuts are, pixels; `Infinity` makes none.
 */
export function findAtoms(plane: Plane<Float32Array>, line: Line, spacing: number): Atom[] {
  const step = Math.max(LEAST_SPACING, Math.floor(spacing + 0.5));
  const atoms = line.bodies.flatMap((mark, body) => split(plane, mark, body, step));
  for (const { box, pixels } of line.fragments) {
    const found = atoms.findIndex((other) => fromLeft({ box }, other) < 0);
    const place = found < 0 ? atoms.length : found;
    // A boundary on either side of a fragment cuts whatever body lies on both.
    atoms.splice(place, 0, { box, pixels, body: null, cut: atoms[place]?.cut ?? 0 });
  }
  return atoms;
}

/** Cuts a mark along the cheapest seams. */
function split(plane: Plane<Float32Array>, mark: Component, body: number, spacing: number): Atom[] {
  const { left, top, width } = mark.box;
  if (width < 2 * spacing) return [{ box: mark.box, pixels: mark.pixels, body, cut: 0 }];
  const seams = chooseSeams(findSeams(cutOut(plane.data, plane.width, [mark], mark.box)), spacing);
  const strips: number[][] = Array.from({ length: seams.length + 1 }, () => []);
  let [row, behind] = [-1, 0];
  for (const index of mark.pixels) {
    const x = index % plane.width;
    const y = (index - x) / plane.width;
    // Row by row: what is further right is behind the same cuts, or more.
    if (y !== row) [row, behind] = [y, 0];
    while (behind < seams.length && x - left >= seams[behind]!.columns[y - top]!) behind++;
    strips[behind]!.push(index);
  }
  const atoms: Atom[] = [];
  let cut = 0;
  strips.forEach((pixels, strip) => {
    if (pixels.length > 0) {
      atoms.push({ box: boxOf(pixels, plane.width), pixels: Uint32Array.from(pixels), body, cut });
      cut = seams[strip]?.ink ?? 0;
    } else {
      // Two cuts with nothing between them are one, and the left end of a mark cuts nothing.
      cut = Math.min(cut, seams[strip]?.ink ?? 0);
    }
  });
  return atoms;
}

function boxOf(pixels: readonly number[], stride: number): Box {
  let [left, right, top, bottom] = [stride, -1, Number.POSITIVE_INFINITY, -1];
  for (const index of pixels) {
    const x = index % stride;
    const y = (index - x) / stride;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
