import type { Paths } from '../../core/best-path.js';
import { CLASS_COUNT } from '../../core/image.js';

/** One step of a path through a lattice, between states: a position, and how far the piece before it reached. */
interface Step {
  from: number;
  to: number;
  kind: 'piece' | 'overlap' | 'dropped';
  /** Of the lattice's pieces or overlaps. */
  index: number;
}

/** A lattice's steps, each after all that lead to where it begins. */
export interface Steps {
  steps: readonly Step[];
  states: number;
  last: number;
  pieces: number;
  overlaps: number;
}

/** What each step is worth, as `bestPath` takes it, but of each digit. */
export interface DigitScores {
  /** `[pieces, 10]` */
  pieces: Float64Array;
  overlaps: Float64Array;
  dropped: number;
}

/** All steps that {@link bestPath} may take. */
export function stepsOf({ end, pieces, overlaps }: Paths): Steps {
  const beyond = 1 + overlaps.reduce((most, overlap) => Math.max(most, overlap.end - overlap.start), 0);
  const state = (position: number, taken: number) => position * beyond + taken - position;
  const found: (Step & { order: number })[] = [];
  overlaps.forEach(({ start, end: taken }, index) => {
    const [from, to] = [state(taken, taken), state(start, taken)];
    found.push({ kind: 'overlap', index, from, to, order: 2 * taken });
  });
  pieces.forEach(({ from: begin, to: stop, droppable }, index) => {
    for (let taken = begin; taken < Math.min(stop, begin + beyond); taken++) {
      const step = { index, from: state(begin, taken), to: state(stop, stop), order: 2 * taken + 1 };
      found.push({ kind: 'piece', ...step });
      if (droppable) found.push({ kind: 'dropped', ...step });
    }
  });
  found.sort((a, b) => a.order - b.order);
  return {
    steps: found,
    states: (end + 1) * beyond,
    last: state(end, end),
    pieces: pieces.length,
    overlaps: overlaps.length,
  };
}

/** The logarithm of a line's probability, and how it grows with each score. */
export interface Likelihood {
  /** 0 or less. */
  value: number;
  /** `[pieces, 10]` */
  pieces: Float64Array;
  overlaps: Float64Array;
}

/**
 * How likely the paths are that spell `digits`, among all paths: the segmentation is hidden, so that nobody has to say where
 * a digit ends. Discriminative forward training of a lattice (LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based
 * learning applied to document recognition", VI-D), which is the likelihood of a semi-Markov conditional random field
 * (Sarawagi and Cohen 2004) summed over what is hidden; by sums forwards and backwards.
 * @returns null where no path spells them.
 */
export function likelihood(graph: Steps, scores: DigitScores, digits: readonly number[]): Likelihood | null {
  const spelling = sumPaths(graph, digits.length, (step, read) => {
    const rest = stepScore(step, scores);
    if (rest !== null) return rest;
    return read < digits.length ? scores.pieces[step.index * CLASS_COUNT + digits[read]!]! : null;
  });
  if (spelling.total === Number.NEGATIVE_INFINITY) return null;
  const anyDigit = Float64Array.from({ length: graph.pieces }, (_, piece) =>
    scores.pieces.subarray(piece * CLASS_COUNT, (piece + 1) * CLASS_COUNT).reduce(logAdd),
  );
  const all = sumPaths(graph, null, (step) => stepScore(step, scores) ?? anyDigit[step.index]!);
  const pieces = new Float64Array(graph.pieces * CLASS_COUNT);
  const overlaps = new Float64Array(graph.overlaps);
  spelling.visit(({ kind, index }, share, read) => {
    const at = index * CLASS_COUNT + digits[read]!;
    if (kind === 'piece') pieces[at] = pieces[at]! + share;
    else if (kind === 'overlap') overlaps[index] = overlaps[index]! + share;
  });
  all.visit(({ kind, index }, share) => {
    if (kind === 'overlap') overlaps[index] = overlaps[index]! - share;
    if (kind !== 'piece') return;
    for (let at = index * CLASS_COUNT; at < (index + 1) * CLASS_COUNT; at++) {
      pieces[at] = pieces[at]! - share * Math.exp(scores.pieces[at]! - anyDigit[index]!);
    }
  });
  return { value: spelling.total - all.total, pieces, overlaps };
}

/** null of a piece, whose score depends on its digit. */
function stepScore({ kind, index }: Step, { overlaps, dropped }: DigitScores): number | null {
  if (kind === 'piece') return null;
  return kind === 'overlap' ? overlaps[index]! : dropped;
}

/**
 * Sums over all paths, as logarithms.
 * @param length how many digits a path must have; null where any number will do.
 * @param scoreOf a step's score where so many digits were read before it; null where it cannot be taken.
 */
function sumPaths(
  { steps, states, last }: Steps,
  length: number | null,
  scoreOf: (step: Step, read: number) => number | null,
) {
  const counts = (length ?? 0) + 1;
  const readAfter = ({ kind }: Step, read: number) => (kind === 'piece' && length !== null ? read + 1 : read);
  const forwards = new Float64Array(states * counts).fill(Number.NEGATIVE_INFINITY);
  const backwards = forwards.slice();
  forwards[0] = 0;
  backwards[last * counts + counts - 1] = 0;
  for (const step of steps) {
    for (let read = 0; read < counts; read++) {
      const before = forwards[step.from * counts + read]!;
      const score = before === Number.NEGATIVE_INFINITY ? null : scoreOf(step, read);
      if (score === null) continue;
      const to = step.to * counts + readAfter(step, read);
      forwards[to] = logAdd(forwards[to]!, before + score);
    }
  }
  const total = forwards[last * counts + counts - 1]!;
  /** Takes back to front what `use` is told: each step, its share of the paths, and the digits read before it. */
  const visit = (use: (step: Step, share: number, read: number) => void) => {
    for (let place = steps.length - 1; place >= 0; place--) {
      const step = steps[place]!;
      for (let read = 0; read < counts; read++) {
        const score = scoreOf(step, read);
        if (score === null) continue;
        const after = score + backwards[step.to * counts + readAfter(step, read)]!;
        if (after === Number.NEGATIVE_INFINITY) continue;
        const at = step.from * counts + read;
        backwards[at] = logAdd(backwards[at]!, after);
        const share = Math.exp(forwards[at]! + after - total);
        if (share > 0) use(step, share, read);
      }
    }
  };
  return { total, visit };
}

/** ln(exp(a) + exp(b)) */
function logAdd(a: number, b: number): number {
  const [less, more] = a < b ? [a, b] : [b, a];
  return less === Number.NEGATIVE_INFINITY ? more : more + Math.log1p(Math.exp(less - more));
}
