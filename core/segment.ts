import { components } from './components.js';
import type { RgbaImage } from './image.js';
import { findLines } from './lines.js';
import { findPieces, type Lattice } from './pieces.js';
import { type Page, readPage } from './preprocess.js';
import { strokeWidth } from './stroke-width.js';

/** What has less of the heaviest mark's ink is a speck: that mark may be several digits that touch. */
const LEAST_SHARE = 0.004;

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
  const lines = findLines(components(ink), stroke);
  return { page, lines: lines.map((line) => findPieces(ink, line, stroke)) };
}
