import { type Component, components } from './components.js';
import type { Plane, RgbaImage } from './image.js';
import { findLines, type Line } from './lines.js';
import { type Page, readPage } from './page.js';
import { findPieces, type Lattice, MOST_FRAGMENTS } from './pieces.js';
import { hasSign, isLined } from './signs.js';
import { strokeWidth } from './stroke-width.js';

/** What has less of the heaviest mark's ink is a speck: that mark may be several digits that touch. */
const LEAST_SHARE = 0.004;
/** Cuts are so many line heights apart, or none are made: the first of these that leaves few enough pieces. */
const CUT_SPACINGS = [0.1, 0.2, Number.POSITIVE_INFINITY] as const;
/** Some thirty digits that all touch make as many pieces; each is an input of the model. */
const MOST_PIECES = 2000;
/** More marks than this are no numbers; the heaviest are read, so that a page of dots takes no minutes. */
const MOST_MARKS = 400;

/** A picture divided into lines, topmost first, each in all ways that may be digits. */
export interface Segmented {
  page: Extract<Page, { status: 'ok' }>;
  lines: Lattice[];
  /** Whether it has no more marks than are read. */
  isComplete: boolean;
  /** Whether there may be points, commas or minus signs between the digits, which are not read, or lines through them. */
  hasSigns: boolean;
}

/** The lines of a picture and the pieces of each; or why there is nothing to read. */
export function segment(image: RgbaImage): Segmented | Exclude<Page, { status: 'ok' }> {
  const page = readPage(image, LEAST_SHARE);
  if (page.status !== 'ok') return page;
  const { ink } = page.marks;
  const stroke = strokeWidth(ink);
  const marks = components(ink);
  const isComplete = marks.length <= MOST_MARKS;
  const lines = findLines(heaviest(marks, MOST_MARKS), stroke).map(withFewFragments);
  const hasSigns = lines.some((line) => hasSign(ink, line, stroke) || isLined(ink, line));
  return { page, lines: divide(ink, lines, stroke), isComplete, hasSigns };
}

const heaviest = (marks: Component[], most: number): Component[] =>
  marks.length <= most ? marks : marks.sort((a, b) => b.mass - a.mass).slice(0, most);

/** More fragments than all digits of a line may have are dirt. */
const withFewFragments = (line: Line): Line => ({
  ...line,
  fragments: heaviest(line.fragments, MOST_FRAGMENTS * line.bodies.length),
});

function divide(ink: Plane<Float32Array>, lines: readonly Line[], stroke: number): Lattice[] {
  for (const spacing of CUT_SPACINGS) {
    const lattices = divideAt(spacing, ink, lines, stroke);
    if (lattices) return lattices;
  }
  const bodies = lines.map((line) => ({ ...line, fragments: [] }));
  // Never too many: a mark begins at most `MOST_BODIES` pieces of whole bodies.
  return divideAt(Number.POSITIVE_INFINITY, ink, bodies, stroke)!;
}

/** @returns null where there would be too many pieces. */
function divideAt(
  spacing: number,
  ink: Plane<Float32Array>,
  lines: readonly Line[],
  strokeWidth: number,
): Lattice[] | null {
  const lattices: Lattice[] = [];
  let most = MOST_PIECES;
  for (const line of lines) {
    const lattice = findPieces(ink, line, { strokeWidth, spacing: spacing * line.height, most });
    if (!lattice) return null;
    most -= lattice.pieces.length;
    lattices.push(lattice);
  }
  return lattices;
}
