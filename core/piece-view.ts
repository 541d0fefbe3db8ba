import type { Plane } from './image.js';
import type { Piece } from './pieces.js';

/** Cells along each side of a view. */
export const VIEW_SIDE = 28;
/** What a cell has: the piece's own ink, and all other ink. */
export const VIEW_CHANNELS = 2;
/** How far a view looks: so many times the piece's longer side, the piece in the middle. */
const VIEW_SPAN = 1.5;

/** Values of a view. */
export const VIEW_LENGTH = VIEW_SIDE * VIEW_SIDE * VIEW_CHANNELS;
/** The level of a cell that is all ink. */
export const FULL = 255;

/**
 * A piece and what is around it: whether a stroke ends or goes on beyond a cut is seen only together.
 * @param marks the plane that the piece was cut out of.
 * @returns `[28, 28, 2]`: the piece's own ink, and all other ink; 0 to 255, the mean of a cell's area.
 */
export function viewPiece(marks: Plane<Float32Array>, { box, ink }: Pick<Piece, 'box' | 'ink'>): Uint8Array {
  const piece = ink();
  const side = VIEW_SPAN * Math.max(box.width, box.height);
  const cell = side / VIEW_SIDE;
  const left = box.left + (box.width - side) / 2;
  const top = box.top + (box.height - side) / 2;
  const rows = sharesOf(marks.height, top, cell);
  const columns = sharesOf(marks.width, left, cell);
  const view = new Float32Array(VIEW_LENGTH);
  for (const { pixel: y, cells: down } of rows) {
    for (const { pixel: x, cells: across } of columns) {
      const all = marks.data[y * marks.width + x]!;
      if (all <= 0) continue;
      const own = inkAt(piece, x - box.left, y - box.top);
      for (const { cell: row, share: high } of down) {
        for (const { cell: column, share: wide } of across) {
          const at = (row * VIEW_SIDE + column) * VIEW_CHANNELS;
          view[at] = view[at]! + own * high * wide;
          view[at + 1] = view[at + 1]! + (all - own) * high * wide;
        }
      }
    }
  }
  return new Uint8Array(view.map((mean) => Math.min(FULL, Math.floor(FULL * mean + 0.5))));
}

/** A row or column of pixels that a view sees, and how much of each of its cells that fills. */
interface Shares {
  pixel: number;
  cells: { cell: number; share: number }[];
}

/** @param length of the plane, pixels, of which the view's first cell begins at `start`. */
function sharesOf(length: number, start: number, cell: number): Shares[] {
  const shares: Shares[] = [];
  const end = Math.min(length, Math.ceil(start + VIEW_SIDE * cell));
  for (let pixel = Math.max(0, Math.floor(start)); pixel < end; pixel++) {
    const [from, to] = [(pixel - start) / cell, (pixel + 1 - start) / cell];
    const cells: Shares['cells'] = [];
    for (let index = Math.max(0, Math.floor(from)); index < Math.min(VIEW_SIDE, Math.ceil(to)); index++) {
      cells.push({ cell: index, share: Math.min(index + 1, to) - Math.max(index, from) });
    }
    shares.push({ pixel, cells });
  }
  return shares;
}

const inkAt = ({ width, height, data }: Plane<Float32Array>, x: number, y: number): number =>
  x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]!;
