import { bestPath } from './best-path.js';
import type { Box, RgbaImage } from './image.js';
import type { Manifest } from './manifest.js';
import { scoreLattice } from './piece-score.js';
import { PIECE_WEIGHTS } from './piece-weights.js';
import { type Prediction, type RejectionReason, type Runner, scaledSoftmax } from './predict.js';
import { inPicture } from './preprocess.js';
import { type ReadLattice, readUnsurePieces } from './read-pieces.js';
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
  /** Whether every digit was. */
  accepted: boolean;
  /** null exactly where `accepted` is true. */
  reason: RejectionReason | null;
}

const PIECE_SCORER = unpackScorer(PIECE_WEIGHTS);

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
  const lines = read
    .map((lattice) => readLine(lattice, segmented, image))
    .filter(({ digits }) => digits.length > 0);
  const reason = lines.flatMap(({ digits }) => digits).find(({ accepted }) => !accepted)?.reason ?? null;
  return lines.length === 0
    ? { lines, accepted: false, reason: 'blank' }
    : { lines, accepted: reason === null, reason };
}

function readLine(
  lattice: ReadLattice,
  { page }: Segmented,
  image: RgbaImage,
): { text: string; digits: PlacedDigit[] } {
  const scored = scoreLattice(PIECE_SCORER, lattice);
  const digits = bestPath(lattice, scored.scores).map((index) => {
    const { box, prediction } = lattice.pieces[index]!;
    const { accepted, reason } = prediction;
    const onPage = { ...box, left: box.left + page.marks.box.left, top: box.top + page.marks.box.top };
    const probabilities = scaledSoftmax(scored.digits[index]!, 1);
    const confidence = Math.max(...probabilities);
    const digit = probabilities.indexOf(confidence);
    return {
      digit,
      confidence,
      probabilities,
      accepted,
      reason,
      box: inPicture(onPage, page.reduction, image),
    };
  });
  return { text: digits.map(({ digit }) => digit).join(''), digits };
}
