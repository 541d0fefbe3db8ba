import { CLASS_COUNT, INPUT_LENGTH } from './image.js';
import type { Manifest } from './manifest.js';
import { measurePiece } from './piece-measures.js';
import type { MeasuredPiece } from './piece-score.js';
import { viewPiece } from './piece-view.js';
import type { Piece } from './pieces.js';
import { interpret, type Prediction, type Runner } from './predict.js';
import { toInput } from './preprocess.js';
import type { Segmented } from './segment.js';

/** A piece as the model alone reads it, and what its score is made of. */
export interface SeenPiece extends MeasuredPiece {
  prediction: Prediction;
}

/** Inputs that are run at a time: more take memory and save no time. */
const MOST_IN_BATCH = 256;

/** Reads all pieces of a picture: `[lines][pieces]`, in their lattices' order. */
export async function readPieces(
  { lines, page }: Segmented,
  runner: Runner,
  calibration: Manifest['calibration'],
): Promise<SeenPiece[][]> {
  const pieces = lines.flatMap((lattice) => lattice.pieces);
  const seen: SeenPiece[] = [];
  for (let start = 0; start < pieces.length; start += MOST_IN_BATCH) {
    const some = pieces.slice(start, start + MOST_IN_BATCH);
    const logits = await runAll(some, runner);
    some.forEach((piece, row) => {
      const answer = logits.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT);
      const prediction = interpret(answer, calibration);
      const highestLogit = Math.max(...answer);
      const measures = measurePiece({ piece, prediction, highestLogit });
      seen.push({ prediction, ...measures, view: viewPiece(page.marks.ink, piece) });
    });
  }
  let next = 0;
  return lines.map((lattice) => {
    const start = next;
    next += lattice.pieces.length;
    return seen.slice(start, next);
  });
}

async function runAll(pieces: readonly Piece[], runner: Runner): Promise<Float32Array> {
  const batch = new Float32Array(pieces.length * INPUT_LENGTH);
  pieces.forEach(({ ink }, row) => {
    batch.set(toInput(ink), row * INPUT_LENGTH);
  });
  return (await runner.run(batch, pieces.length)).logits;
}
