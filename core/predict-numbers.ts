import { bestPath } from './best-path.js';
import type { Box, RgbaImage } from './image.js';
import type { Manifest } from './manifest.js';
import { inPicture } from './page.js';
import { scoreLattice } from './piece-score.js';
import { PIECE_WEIGHTS } from './piece-weights.js';
import { type Prediction, type RejectionReason, type Runner, scaledSoftmax } from './predict.js';
import { type ReadLattice, type ReadPiece, readUnsurePieces } from './read-pieces.js';
import { readsSign } from './read-signs.js';
import { type Segmented, segment } from './segment.js';
import { unpackScorer } from './stored-scorer.js';

/**
 * A digit of a larger picture. Its probabilities are the model's; where it had to be cut out of its neighbours, those of the model and of
 * what surrounds it, together. Whether it is accepted goes by the model alone.
 */
export interface PlacedDigit extends Prediction {
  digit: number;
  /** Where its ink is, in pixels of the picture. */
  box: Box;
}

/** The numbers of a picture. */
export interface NumberPrediction {
  /** One for each line of writing, topmost first; its digits left to right. Empty where there was nothing to read. */
  lines: { text: string; digits: PlacedDigit[] }[];
  /**
   * Whether every digit was, nothing was left out for its amount or as dirt that the model accepts as a digit, nothing between them may be
   * a point, a comma or a minus sign, and none of them a degree sign, an exponent, a slash or a bar.
   */
  accepted: boolean;
  /** null exactly where `accepted` is true. */
  reason: RejectionReason | null;
}

const PIECE_SCORER = unpackScorer(PIECE_WEIGHTS);
/** A digit is at least so high, in line heights, however small it is beside the others: most dirt is lower. */
const LEAST_HEIGHT = 0.2;

/** Reads whole numbers: pictures to answers, one each, in their order. */
export async function classifyNumbers(
  images: readonly RgbaImage[],
  runner: Runner,
  calibration: Manifest['calibration'],
): Promise<NumberPrediction[]> {
  const answers: NumberPrediction[] = [];
  // In turn: the pieces of one picture are a batch already.
  for (const image of images) answers.push(await classifyNumber(image, runner, calibration));
  return answers;
}

/** The text of all lines, a line break between them. */
export const numberText = ({ lines }: NumberPrediction): string => lines.map(({ text }) => text).join('\n');

async function classifyNumber(
  image: RgbaImage,
  runner: Runner,
  calibration: Manifest['calibration'],
): Promise<NumberPrediction> {
  const segmented = segment(image);
  if (!('lines' in segmented)) return { lines: [], accepted: false, reason: segmented.status };
  const read = await readUnsurePieces(segmented, { runner, calibration, view: PIECE_SCORER.view });
  const divided = read.map(divide);
  const lines = divided
    .map((line) => readLine(line, segmented, image))
    .filter(({ digits }) => digits.length > 0);
  const refused = lines.flatMap(({ digits }) => digits).find(({ accepted }) => !accepted)?.reason ?? null;
  // What was left out may have been digits, or signs that make another number of them.
  const hasSigns = segmented.hasSigns || readsSign(lines.map(({ digits }) => digits));
  const isWhole = segmented.isComplete && !hasSigns && !divided.some(leavesDigit);
  const reason = refused ?? (isWhole ? null : 'unlike-digits');
  return lines.length === 0
    ? { lines, accepted: false, reason: 'blank' }
    : { lines, accepted: reason === null, reason };
}

/** A line, divided in the likeliest way. */
interface DividedLine {
  lattice: ReadLattice;
  /** Indices of the lattice's pieces, left to right. */
  path: number[];
  /** Of each piece, as `scoreLattice` gives them. */
  digits: Float32Array[];
}

function divide(lattice: ReadLattice): DividedLine {
  const { scores, digits } = scoreLattice(PIECE_SCORER, lattice);
  return { lattice, path: bestPath(lattice, scores), digits };
}

/**
 * Whether what was left out as dirt holds a digit. Those far smaller than the others are fragments to the line, and score as such; the model,
 * which sees them alone, tells them from dirt. It takes dots above one another for a 1, so only what is one part counts.
 */
function leavesDigit({ lattice: { pieces }, path }: DividedLine): boolean {
  const taken = path.map((index) => pieces[index]!);
  const isLeft = ({ from, to }: ReadPiece) => taken.every((piece) => piece.to <= from || piece.from >= to);
  return pieces.some(
    (piece) =>
      piece.droppable &&
      piece.parts === 1 &&
      piece.height >= LEAST_HEIGHT &&
      piece.prediction.accepted &&
      isLeft(piece),
  );
}

function readLine(
  { lattice, path, digits: scored }: DividedLine,
  { page }: Segmented,
  image: RgbaImage,
): { text: string; digits: PlacedDigit[] } {
  const digits = path.map((index) => {
    const { box, prediction } = lattice.pieces[index]!;
    const { accepted, reason } = prediction;
    const onPage = { ...box, left: box.left + page.marks.box.left, top: box.top + page.marks.box.top };
    const probabilities = scaledSoftmax(scored[index]!, 1);
    const confidence = Math.max(...probabilities);
    const digit = probabilities.indexOf(confidence);
    return {
      digit,
      confidence,
      probabilities,
      accepted,
      reason,
      box: inPicture(onPage, page, image),
    };
  });
  return { text: digits.map(({ digit }) => digit).join(''), digits };
}
