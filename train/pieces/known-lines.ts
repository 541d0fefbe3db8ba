import type { Manifest } from '../../core/manifest.js';
import type { MeasuredPiece } from '../../core/piece-score.js';
import type { Overlap, Piece } from '../../core/pieces.js';
import type { Runner } from '../../core/predict.js';
import { readPieces } from '../../core/read-pieces.js';
import { segment } from '../../core/segment.js';
import type { WrittenLine } from './written-line.js';

/** A line that was divided and whose pieces were read, without their pictures; and what it says. */
export interface KnownLine {
  end: number;
  pieces: (MeasuredPiece & Pick<Piece, 'from' | 'to' | 'droppable'>)[];
  overlaps: Overlap[];
  digits: readonly number[];
}

/** @returns null where the picture was not found to have one line. */
export async function readKnown(
  { picture, digits }: WrittenLine,
  runner: Runner,
  calibration: Manifest['calibration'],
): Promise<KnownLine | null> {
  const segmented = segment(picture);
  if (!('lines' in segmented) || segmented.lines.length !== 1) return null;
  const { end, pieces, overlaps } = segmented.lines[0]!;
  const [seen] = await readPieces(segmented, runner, calibration);
  return {
    end,
    overlaps,
    digits,
    pieces: pieces.map(({ from, to, droppable }, index) => {
      const { view, measures, logProbabilities } = seen![index]!;
      return { from, to, droppable, view, measures, logProbabilities };
    }),
  };
}
