import type { Plane } from './image.js';
import type { Piece } from './pieces.js';

/** Cells along each side of a view. */
const VIEW_SIDE = 14;
/** How far it looks: so many times the piece's longer side, the piece in the middle. */
const VIEW_SPAN = 1.5;

/** Values of a view: two squares of cells. */
export const VIEW_LENGTH = 2 * VIEW_SIDE * VIEW_SIDE;

/**
 * A piece and what is around it, coarsely: whether a stroke ends or goes on beyond a cut is seen only together.
 * @param marks the plane that the piece was cut out of.
 * @returns `[2, 14, 14]`: the piece's own ink, and all other ink; 0 to 255, the mean of a cell's area.
 */
export function viewPiece(marks: Plane<Float32Array>, { box, ink }: Pick<Piece, 'box' | 'ink'>): Uint8Array {
  const side = VIEW_SPAN * Math.max(box.width, box.height);
  const left = box.left + (box.width - side) / 2;
  const top = box.top + (box.height - side) / 2;
  const cell = side / VIEW_SIDE;
  const view = new Float32Array(VIEW_LENGTH);
  // A pixel belongs to the cell that its middle is in.
  const first = (from: number) => Math.max(0, Math.ceil(from - 0.5));
  const end = (from: number, length: number) => Math.min(length, Math.ceil(from + side - 0.5));
  for (let y = first(top); y < end(top, marks.height); y++) {
    const row = VIEW_SIDE * cellAt(y, top, cell);
    for (let x = first(left); x < end(left, marks.width); x++) {
      const all = marks.data[y * marks.width + x]!;
      if (all <= 0) continue;
      const own = inkAt(ink, x - box.left, y - box.top);
      const at = row + cellAt(x, left, cell);
      view[at] = view[at]! + own;
      const around = at + VIEW_SIDE * VIEW_SIDE;
      view[around] = view[around]! + all - own;
    }
  }
  const full = cell * cell;
  return Uint8Array.from(view, (sum) => Math.min(255, Math.floor((255 * sum) / full + 0.5)));
}

const cellAt = (pixel: number, from: number, cell: number): number =>
  Math.min(VIEW_SIDE - 1, Math.floor((pixel + 0.5 - from) / cell));

const inkAt = ({ width, height, data }: Plane<Float32Array>, x: number, y: number): number =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]!;
