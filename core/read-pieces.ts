import { CLASS_COUNT, INPUT_LENGTH } from './image.js';
import type { Manifest } from './manifest.js';
import { type Measured, measurePiece } from './piece-measures.js';
import { viewPiece } from './piece-view.js';
import type { Lattice, Piece } from './pieces.js';
import { interpret, type Prediction, type Runner, scaledSoftmax } from './predict.js';
import { toInput } from './preprocess.js';
import type { Segmented } from './segment.js';
import { readView, type ViewNetwork } from './view-network.js';

/** A piece as the model alone reads it, and what its score is made of. */
export interface ReadPiece extends Measured, Piece {
  prediction: Prediction;
}

/** A line whose pieces were read. */
export interface ReadLattice extends Lattice {
  pieces: ReadPiece[];
}

/** What reads pieces: the model sees each alone, the other network what surrounds it, too. */
export interface PieceReaders {
  runner: Runner;
  calibration: Manifest['calibration'];
  view: ViewNetwork;
}

/** Inputs that are run at a time: more take memory and save no time. */
const MOST_IN_BATCH = 256;
/** A part of a mark is not read where its view is none of the digits but for so small a probability. */
const LEAST_DIGIT = 0.03;
/** A mark is surely one digit where both networks say so by this probability. */
const SURE = 0.9;

/**
 * Reads the pieces that may matter: whole marks, then parts of those that are not surely one digit each. Of digits that stand apart that is
 * a tenth of the pieces. Weights are fitted to lines of which all were read, by `readPieces`.
 */
export async function readUnsurePieces(
  { lines, page }: Pick<Segmented, 'lines' | 'page'>,
  readers: PieceReaders,
): Promise<ReadLattice[]> {
  const read = (wanted: (piece: Piece, line: number) => boolean) => {
    const some = lines.map((lattice, line) => ({
      ...lattice,
      pieces: lattice.pieces.filter((piece) => wanted(piece, line)),
    }));
    return readPieces({ page, lines: some }, readers);
  };
  const marks = await read(({ whole }) => whole);
  const sure = marks.map(({ pieces }) => pieces.filter(isSurelyDigit));
  const parts = await read(
    ({ whole, from, to }, line) => !whole && !sure[line]!.some((mark) => from >= mark.from && to <= mark.to),
  );
  return lines.map((lattice, line) => ({
    ...lattice,
    pieces: [...marks[line]!.pieces, ...parts[line]!.pieces],
  }));
}

const isSurelyDigit = ({ prediction, byView }: ReadPiece): boolean =>
  prediction.confidence >= SURE && Math.exp(byView[CLASS_COUNT]!) <= 1 - SURE;

/** Reads all pieces of a picture's lines, but those that are clearly parts of digits. */
export async function readPieces(
  { lines, page }: Pick<Segmented, 'lines' | 'page'>,
  readers: PieceReaders,
): Promise<ReadLattice[]> {
  const viewed = lines.map(({ pieces }) =>
    pieces
      .map((piece) => ({ piece, viewLogits: readView(readers.view, viewPiece(page.marks.ink, piece)) }))
      // Whole marks stay, so that there is a way through the line.
      .filter(({ piece, viewLogits }) => piece.whole || mayBeDigit(viewLogits)),
  );
  const read = await readAll(viewed.flat(), readers);
  let next = 0;
  return lines.map((lattice, line) => {
    const start = next;
    next += viewed[line]!.length;
    return { ...lattice, pieces: read.slice(start, next) };
  });
}

interface ViewedPiece {
  piece: Piece;
  viewLogits: Float32Array;
}

const mayBeDigit = (viewLogits: Float32Array): boolean =>
  scaledSoftmax(viewLogits, 1)[CLASS_COUNT]! <= 1 - LEAST_DIGIT;

async function readAll(
  viewed: readonly ViewedPiece[],
  { runner, calibration }: PieceReaders,
): Promise<ReadPiece[]> {
  const read: ReadPiece[] = [];
  for (let start = 0; start < viewed.length; start += MOST_IN_BATCH) {
    const some = viewed.slice(start, start + MOST_IN_BATCH);
    const logits = await runAll(some, runner);
    some.forEach(({ piece, viewLogits }, row) => {
      const answer = logits.subarray(row * CLASS_COUNT, (row + 1) * CLASS_COUNT);
      const prediction = interpret(answer, calibration);
      const highestLogit = Math.max(...answer);
      read.push({ ...piece, prediction, ...measurePiece({ piece, prediction, highestLogit, viewLogits }) });
    });
  }
  return read;
}

async function runAll(viewed: readonly ViewedPiece[], runner: Runner): Promise<Float32Array> {
  const batch = new Float32Array(viewed.length * INPUT_LENGTH);
  viewed.forEach(({ piece }, row) => {
    batch.set(toInput(piece.ink()), row * INPUT_LENGTH);
  });
  return (await runner.run(batch, viewed.length)).logits;
}
