import type { Measured } from '../../core/piece-measures.js';
import type { Overlap, Piece } from '../../core/pieces.js';
import { type PieceReaders, type ReadLattice, readPieces } from '../../core/read-pieces.js';
import { segment } from '../../core/segment.js';
import type { WrittenLine } from './written-line.js';

/** A line that was divided and whose pieces were read, without their pictures; and what it says. */
export interface KnownLine {
  end: number;
  pieces: (Measured & Pick<Piece, 'from' | 'to' | 'whole' | 'droppable'>)[];
  overlaps: Overlap[];
  digits: readonly number[];
}

/** @returns null where the picture was not found to have one line. */
export async function readKnown(
  { picture, digits }: WrittenLine,
  readers: PieceReaders,
): Promise<KnownLine | null> {
  const segmented = segment(picture);
  if (!('lines' in segmented) || segmented.lines.length !== 1) return null;
  const [{ end, pieces, overlaps }] = (await readPieces(segmented, readers)) as [ReadLattice];
  return {
    end,
    overlaps,
    digits: digits.map(({ label }) => label),
    pieces: pieces.map(({ from, to, whole, droppable, measures, byModel, byView }) => ({
      from,
      to,
      whole,
      droppable,
      measures,
      byModel,
      byView,
    })),
  };
}
