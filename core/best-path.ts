import type { Overlap, Piece } from './pieces.js';

/** What paths there are, of a `Lattice` or of what is left of one. */
export interface Paths {
  end: number;
  pieces: readonly Pick<Piece, 'from' | 'to' | 'droppable'>[];
  overlaps: readonly Pick<Overlap, 'start' | 'end'>[];
}

/** What each step through a lattice is worth; the sum along a path is what is to be highest. */
export interface Scores {
  /** Of each piece, in the lattice's order. */
  pieces: readonly number[];
  /** Of each overlap, in the lattice's order. */
  overlaps: readonly number[];
  /** Of leaving out a piece that may be dirt. */
  dropped: number;
}

interface Arrival {
  score: number;
  /** Before it. */
  previous: Arrival | null;
  /** The piece that led here; null where nothing was read on the way. */
  piece: number | null;
}

/**
 * The best way from the left end of a line to its right one (Viterbi): pieces follow one another, or overlap by what
 * the lattice lets them share.
 * @returns indices of the lattice's pieces, left to right.
 */
export function bestPath({ end, pieces, overlaps }: Paths, scores: Scores): number[] {
  // Beside the position: up to where the piece before reached, so that the next one ends further right.
  const reached = new Map<string, Arrival>();
  const arrive = (position: number, taken: number, arrival: Arrival) => {
    const key = `${position} ${taken}`;
    const known = reached.get(key);
    if (!known || arrival.score > known.score) reached.set(key, arrival);
  };
  arrive(0, 0, { score: 0, previous: null, piece: null });
  for (let taken = 0; taken < end; taken++) {
    const here = reached.get(`${taken} ${taken}`);
    if (!here) continue;
    overlaps.forEach((overlap, index) => {
      if (overlap.end !== taken) return;
      const score = here.score + scores.overlaps[index]!;
      arrive(overlap.start, taken, { score, previous: here, piece: null });
    });
    pieces.forEach(({ from, to, droppable }, piece) => {
      const before = from <= taken && to > taken ? reached.get(`${from} ${taken}`) : undefined;
      if (!before) return;
      arrive(to, to, { score: before.score + scores.pieces[piece]!, previous: before, piece });
      if (!droppable) return;
      arrive(to, to, { score: before.score + scores.dropped, previous: before, piece: null });
    });
  }
  const path: number[] = [];
  for (let at = reached.get(`${end} ${end}`) ?? null; at; at = at.previous) {
    if (at.piece !== null) path.unshift(at.piece);
  }
  return path;
}
