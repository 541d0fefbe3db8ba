import { bestPath } from './best-path.js';
import { type Box, CLASS_COUNT, INPUT_LENGTH, type RgbaImage } from './image.js';
import type { Manifest } from './manifest.js';
import { DROPPED, scoreOverlap, scorePiece } from './piece-score.js';
import type { Lattice } from './pieces.js';
import { interpret, type Prediction, type RejectionReason, type Runner } from './predict.js';
import { inPicture, toInput } from './preprocess.js';
import { type Segmented, segment } from './segment.js';

/** A digit of a larger picture. */
export interface PlacedDigit extends Prediction {
  digit: number;
  /** Where its ink is, in pixels of the picture. */
  box: Box;
}

/** The numbers of a picture. */
export interface NumberPrediction {
  /** One for each line of writing, topmost first; its digits left to right. Empty where there was nothing to read. */
  lines: { text: string; digits: PlacedDigit[] }[];
  /** Whether every digit was. */
  accepted: boolean;
  /** null exactly where `accepted` is true. */
  reason: RejectionReason | null;
}

/** Inputs that are run at a time: more take memory and save no time. */
const MOST_IN_BATCH = 256;

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
  const predictions = await readPieces(segmented.lines, runner, calibration);
  const lines = segmented.lines
    .map((lattice, line) => readLine(lattice, predictions[line]!, segmented, image))
    .filter(({ digits }) => digits.length > 0);
  const reason = lines.flatMap(({ digits }) => digits).find(({ accepted }) => !accepted)?.reason ?? null;
  return lines.length === 0
    ? { lines, accepted: false, reason: 'blank' }
    : { lines, accepted: reason === null, reason };
}

/** How each piece of each line is read. */
async function readPieces(
  lines: readonly Lattice[],
  runner: Runner,
  calibration: Manifest['calibration'],
): Promise<Prediction[][]> {
  const pieces = lines.flatMap((lattice) => lattice.pieces);
  const predictions: Prediction[] = [];
  for (let start = 0; start < pieces.length; start += MOST_IN_BATCH) {
    const some = pieces.slice(start, start + MOST_IN_BATCH);
    const batch = new Float32Array(some.length * INPUT_LENGTH);
    some.forEach(({ ink }, row) => {
      batch.set(toInput(ink), row * INPUT_LENGTH);
    });
    const { logits } = await runner.run(batch, some.length);
    for (let row = 0; row < some.length; row++) {
      predictions.push(interpret(logits.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT), calibration));
    }
  }
  let next = 0;
  return lines.map((lattice) => {
    const start = next;
    next += lattice.pieces.length;
    return predictions.slice(start, next);
  });
}

function readLine(
  lattice: Lattice,
  predictions: readonly Prediction[],
  { page }: Segmented,
  image: RgbaImage,
): { text: string; digits: PlacedDigit[] } {
  const path = bestPath(lattice, {
    pieces: lattice.pieces.map((piece, index) => scorePiece({ piece, prediction: predictions[index]! })),
    overlaps: lattice.overlaps.map(scoreOverlap),
    dropped: DROPPED,
  });
  const digits = path.map((index) => {
    const prediction = predictions[index]!;
    const { box } = lattice.pieces[index]!;
    const onPage = { ...box, left: box.left + page.marks.box.left, top: box.top + page.marks.box.top };
    return { ...prediction, digit: prediction.digit!, box: inPicture(onPage, page.reduction, image) };
  });
  return { text: digits.map(({ digit }) => digit).join(''), digits };
}
