import { type Component, components, union } from './components.js';
import type { Box, Plane } from './image.js';
import { fromLeft, type Line } from './lines.js';
import { cutOut, MASS_OF_MARK, withoutSpecks } from './marks.js';
import { chooseSeams, findSeams } from './seams.js';

/** The smallest part of a line that is never divided: a whole mark, or what lies between two cuts through one. */
interface Atom {
  box: Box;
  /** Indices into the marks' plane. */
  pixels: Uint32Array;
  /** Which body it is part of; null for a fragment. */
  body: number | null;
}

/** Neighbouring atoms that may be one digit. */
export interface Piece {
  /** Its atoms are those from `from` up to, not including, `to`. */
  from: number;
  to: number;
  /** In the marks' plane, without specks. */
  box: Box;
  ink: Plane<Float32Array>;
  /** In line heights. */
  width: number;
  height: number;
  /** Ink that was cut through at its two sides, in stroke widths: one stroke crossed is 1. */
  cut: number;
  /** The widest white between neighbouring parts that are apart, in line heights. */
  gap: number;
  /** How many parts apart from one another it has. */
  parts: number;
  /** Whether it may as well be dirt: nothing but fragments. */
  droppable: boolean;
}

/** A line, divided in all ways that make sense. */
export interface Lattice {
  /** Pieces lead from one position to a later one, 0 to this. */
  end: number;
  pieces: Piece[];
  overlaps: Overlap[];
}

/** Where two digits cross, the ink between two cuts may belong to both of them. */
export interface Overlap {
  /** The digit before ends at position `end`, the one after it begins at `start`, before that. */
  start: number;
  end: number;
  /** The ink that both have, in strokes as long as the line is high. */
  ink: number;
}

/** Cuts are at least so many line heights apart; the narrowest ones drawn with a pen are wider. */
const CUT_SPACING = 0.1;
/** No digit that is cut or joined is wider than this, in line heights. */
const WIDEST = 1.5;
/** Two digits share at most so many neighbouring atoms. */
const MOST_SHARED = 2;
/** Parts further apart than this, in line heights, are not one digit. */
const WIDEST_GAP = 0.4;

/** @param strokeWidth of the writing, pixels. */
export function findPieces(plane: Plane<Float32Array>, line: Line, strokeWidth: number): Lattice {
  const { atoms, cuts } = divide(plane, line);
  const pieces: Piece[] = [];
  for (let from = 0; from < atoms.length; from++) {
    for (let to = from + 1; to <= atoms.length; to++) {
      const members = atoms.slice(from, to);
      const box = union(members.map((atom) => atom.box));
      if (to > from + 1 && box.width > WIDEST * line.height && !isOneBody(atoms, from, to)) break;
      if (!mayBeOne(atoms, from, to)) continue;
      const piece = measured(plane, members, box);
      if (piece.gap > WIDEST_GAP * line.height) continue;
      pieces.push({
        from,
        to,
        box: piece.box,
        ink: piece.ink,
        width: piece.box.width / line.height,
        height: piece.box.height / line.height,
        cut: (cuts[from]! + cuts[to]!) / strokeWidth,
        gap: piece.gap / line.height,
        parts: piece.parts,
        droppable: members.every(({ body }) => body === null),
      });
    }
  }
  return { end: atoms.length, pieces, overlaps: findOverlaps(plane, atoms, line.height * strokeWidth) };
}

function findOverlaps(plane: Plane<Float32Array>, atoms: readonly Atom[], stroke: number): Overlap[] {
  const overlaps: Overlap[] = [];
  for (let start = 1; start < atoms.length; start++) {
    const { body } = atoms[start]!;
    if (body === null || atoms[start - 1]!.body !== body) continue;
    let ink = 0;
    for (let end = start + 1; end <= start + MOST_SHARED && atoms[end]?.body === body; end++) {
      for (const index of atoms[end - 1]!.pixels) ink += plane.data[index]!;
      overlaps.push({ start, end, ink: ink / stroke });
    }
  }
  return overlaps;
}

/** Whether the atoms are all of one body, whatever its width. */
function isOneBody(atoms: readonly Atom[], from: number, to: number): boolean {
  const { body } = atoms[from]!;
  const members = atoms.slice(from, to);
  return (
    body !== null &&
    members.every((atom) => atom.body === body) &&
    atoms[from - 1]?.body !== body &&
    atoms[to]?.body !== body
  );
}

/** Several bodies are one digit as wholes only. */
function mayBeOne(atoms: readonly Atom[], from: number, to: number): boolean {
  const bodies = atoms.slice(from, to).flatMap(({ body }) => body ?? []);
  const [first, last] = [bodies[0], bodies.at(-1)];
  if (first === undefined || first === last) return true;
  const outside = [...atoms.slice(0, from), ...atoms.slice(to)];
  return outside.every(({ body }) => body !== first && body !== last);
}

function measured(plane: Plane<Float32Array>, members: readonly Atom[], whole: Box) {
  const together = { box: whole, pixels: concatenated(members.map(({ pixels }) => pixels)) };
  const raw = cutOut(plane.data, plane.width, [together], whole);
  const parts = withoutSpecks(components(raw), MASS_OF_MARK).sort(fromLeft);
  const kept = parts.length > 0 ? parts : components(raw);
  const box = union(kept.map((part) => part.box));
  const ink = cutOut(raw.data, raw.width, kept, box);
  let gap = 0;
  let right = Number.POSITIVE_INFINITY;
  for (const part of kept) {
    gap = Math.max(gap, part.box.left - right);
    right = Math.max(part.box.left + part.box.width, right === Number.POSITIVE_INFINITY ? 0 : right);
  }
  return {
    box: { ...box, left: box.left + whole.left, top: box.top + whole.top },
    ink,
    gap,
    parts: kept.length,
  };
}

/** A line's atoms, left to right, and what ink a boundary before each of them (and after the last) cuts through, pixels. */
function divide(plane: Plane<Float32Array>, line: Line): { atoms: Atom[]; cuts: number[] } {
  const atoms: Atom[] = [];
  const before = new Map<Atom, number>();
  const spacing = Math.max(2, Math.floor(CUT_SPACING * line.height + 0.5));
  line.bodies.forEach((mark, body) => {
    for (const { part, cut } of split(plane, mark, spacing)) {
      const atom = { ...part, body };
      atoms.push(atom);
      before.set(atom, cut);
    }
  });
  for (const { box, pixels } of line.fragments) {
    const atom = { box, pixels, body: null };
    const place = atoms.findIndex((other) => fromLeft(atom, other) < 0);
    atoms.splice(place < 0 ? atoms.length : place, 0, atom);
  }
  const bodyAtoms = atoms.filter(({ body }) => body !== null);
  const cuts = atoms.map((atom, index) => {
    // A boundary beside a fragment cuts whatever body is on both of its sides.
    const next = atom.body === null ? atoms.slice(index).find(({ body }) => body !== null) : atom;
    return next ? before.get(next)! : 0;
  });
  return { atoms, cuts: bodyAtoms.length === 0 ? atoms.map(() => 0).concat(0) : [...cuts, 0] };
}

/** Cuts a mark into parts, left to right, each with the ink that the cut on its left goes through. */
function split(plane: Plane<Float32Array>, mark: Component, spacing: number) {
  const ink = cutOut(plane.data, plane.width, [mark], mark.box);
  const parts: { part: Pick<Atom, 'box' | 'pixels'>; cut: number }[] = [];
  const seams = chooseSeams(findSeams(ink), spacing);
  let rest = Array.from(mark.pixels);
  let cut = 0;
  for (const seam of [...seams, null]) {
    const isLeft = (index: number) => {
      const x = index % plane.width;
      const y = (index - x) / plane.width;
      return seam === null || x - mark.box.left < seam.columns[y - mark.box.top]!;
    };
    const left = rest.filter(isLeft);
    if (left.length === 0) {
      // Two cuts with nothing between them are one.
      if (seam) cut = Math.min(cut, seam.ink);
      continue;
    }
    parts.push({ part: part(left, plane.width), cut });
    rest = rest.filter((index) => !isLeft(index));
    cut = seam?.ink ?? 0;
  }
  return parts;
}

function part(indices: readonly number[], stride: number): Pick<Atom, 'box' | 'pixels'> {
  let [left, right, top, bottom] = [stride, -1, Number.POSITIVE_INFINITY, -1];
  for (const index of indices) {
    const x = index % stride;
    const y = (index - x) / stride;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const box = { left, top, width: right - left + 1, height: bottom - top + 1 };
  return { box, pixels: Uint32Array.from(indices) };
}

function concatenated(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
