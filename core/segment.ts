import { type Component, components } from './components.js';
import type { Plane, RgbaImage } from './image.js';
import { findLines, type Line } from './lines.js';
import { findPieces, type Lattice } from './pieces.js';
import { type Page, readPage } from './preprocess.js';
import { strokeWidth } from './stroke-width.js';

/** What has less of the heaviest mark's ink is a speck: that mark may be several digits that touch. */
const LEAST_SHARE = 0.004;
/** Cuts are so many line heights apart: the first of these that leaves few enough pieces, or none are made. */
const CUT_SPACINGS = [0.1, 0.2, Number.POSITIVE_INFINITY] as const;
/** Some thirty digits that all touch make as many pieces; each is an input of the model. */
const MOST_PIECES = 2000;
/** More marks than this are no numbers; the heaviest are read, so that a page of dots takes no minutes. */
const MOST_MARKS = 400;

/** A picture divided into lines, topmost first, each in all ways that may be digits. */
export interface Segmented {
  page: Extract<Page, { status: 'ok' }>;
  lines: Lattice[];
}

/** The lines of a picture and the pieces of each; or why there is nothing to read. */
export function segment(image: RgbaImage): Segmented | Exclude<Page, { status: 'ok' }> {
  const page = readPage(image, LEAST_SHARE);
  if (page.status !== 'ok') return page;
  const { ink } = page.marks;
  const stroke = strokeWidth(ink);
  return { page, lines: divide(ink, findLines(heaviest(components(ink)), stroke), stroke) };
}

const heaviest = (marks: Component[]): Component[] =>
  marks.length <= MOST_MARKS ? marks : marks.sort((a, b) => b.mass - a.mass).slice(0, MOST_MARKS);

function divide(ink: Plane<Float32Array>, lines: readonly Line[], stroke: number): Lattice[] {
  let lattices: Lattice[] = [];
  for (const spacing of CUT_SPACINGS) {
    lattices = [];
    let count = 0;
    for (const line of lines) {
      const lattice = findPieces(ink, line, {
        strokeWidth: stroke,
        spacing: spacing * line.height,
        most: spacing === Number.POSITIVE_INFINITY ? spacing : MOST_PIECES - count,
      });
      if (!lattice) break;
      count += lattice.pieces.length;
      lattices.push(lattice);
    }
    if (lattices.length === lines.length) break;
  }
  return lattices;
}
