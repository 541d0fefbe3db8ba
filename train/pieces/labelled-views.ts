import { type Box, INPUT_SIDE, type Plane } from '../../core/image.js';
import { viewPiece } from '../../core/piece-view.js';
import type { Piece } from '../../core/pieces.js';
import { type Segmented, segment } from '../../core/segment.js';
import type { RandomStream } from '../random.js';
import type { WrittenDigit, WrittenLine } from './written-line.js';

/** A piece's view, and what it shows. */
export interface LabelledView {
  /** `[28, 28, 2]`: `viewPiece`. */
  view: Uint8Array;
  /** The digit that it shows most of. */
  label: number;
  /** How much it is that digit, 0 to 1; the rest is none. */
  share: number;
}

/** A digit of which no piece has more than this in common is lost in its line: none of them is it. */
const LEAST_LIKENESS = 0.35;
/** Beside the piece that is most like a digit, one that is so much less is none, and from so much on it is the digit. */
const NONE = 0.7;
const WHOLE = 0.95;
/** Of the pieces that are a digit and not the one most like it, and, for each digit of the line, of those that are none. */
const SHARE_OF_DIGITS = 0.12;
const OTHERS_A_DIGIT = 1.5;

/** Some of the line's pieces, and which digits they are, by what they have in common with these. */
export function labelViews(written: WrittenLine, random: RandomStream): LabelledView[] {
  const segmented = segment(written.picture);
  return 'lines' in segmented ? choose(written, segmented, random) : [];
}

function choose(
  { digits, scale }: WrittenLine,
  { lines, page }: Segmented,
  random: RandomStream,
): LabelledView[] {
  const pieces = lines.flatMap((line) => line.pieces);
  const place = { ...page.marks.box, cell: scale / page.reduction };
  const inks = pieces.map(({ box, ink }) => ({ box, ink: ink() }));
  const likeness = digits.map((digit) => inks.map((piece) => likenessOf(piece, digit, place)));
  const best = likeness.map((row) => Math.max(...row));
  const labelled = (piece: Piece, label: number, share: number): LabelledView => ({
    view: viewPiece(page.marks.ink, piece),
    label,
    share,
  });
  const chosen: LabelledView[] = [];
  const others: Piece[] = [];
  pieces.forEach((piece, at) => {
    const nearest = likeness.reduce(
      (most, row, digit) => (row[at]! > likeness[most]![at]! ? digit : most),
      0,
    );
    const [like, most] = [likeness[nearest]![at]!, best[nearest]!];
    const share = most < LEAST_LIKENESS ? 0 : Math.min(Math.max((like / most - NONE) / (WHOLE - NONE), 0), 1);
    if (share === 0) others.push(piece);
    else if (like === most || random.next() < SHARE_OF_DIGITS) {
      chosen.push(labelled(piece, digits[nearest]!.label, share));
    }
  });
  const few = random.shuffle(others).slice(0, Math.round(OTHERS_A_DIGIT * digits.length));
  return [...chosen, ...few.map((piece) => labelled(piece, 0, 0))];
}

/**
 * The ink that a piece and a digit have in common, of all that either has: 0 to 1.
 * @param place where the marks' plane begins on the page, and how many of its pixels are one of the digit's.
 */
function likenessOf(
  { box, ink }: { box: Box; ink: Plane<Float32Array> },
  digit: WrittenDigit,
  { left, top, cell }: { left: number; top: number; cell: number },
): number {
  let all = 0;
  let common = 0;
  for (let y = 0, at = 0; y < ink.height; y++) {
    const row = Math.floor((y + top + box.top + 0.5) / cell) - digit.top;
    for (let x = 0; x < ink.width; x++, at++) {
      const value = Math.min(1, ink.data[at]!);
      if (value <= 0) continue;
      all += value;
      const column = Math.floor((x + left + box.left + 0.5) / cell) - digit.left;
      if (row < 0 || row >= INPUT_SIDE || column < 0 || column >= INPUT_SIDE) continue;
      common += Math.min(value, digit.ink[row * INPUT_SIDE + column]! / 255);
    }
  }
  const whole = (digit.ink.reduce((sum, level) => sum + level, 0) / 255) * cell * cell;
  return common / (all + whole - common);
}
