import { type Atom, findAtoms } from './atoms.js';
import { type Component, components, cutOut, union } from './components.js';
import type { Box, Plane } from './image.js';
import { fromLeft, type Line } from './lines.js';
import { MASS_OF_MARK, withoutSpecks } from './marks.js';

/** Neighbouring atoms that may be one digit. */
export interface Piece {
  /** Its atoms are those from `from` up to, not including, `to`. */
  from: number;
  to: number;
  /** In the marks' plane, without specks. */
  box: Box;
  /** Cut out anew each time it is asked for: a page of 20 kB may have pieces whose ink takes 300 MB together. */
  ink(): Plane<Float32Array>;
  /** In line heights. */
  width: number;
  height: number;
  /** Whether it is made of whole marks; if not, a mark goes on beyond it. */
  whole: boolean;
  /** Ink that was cut through at its two sides, in stroke widths: one stroke crossed is 1. */
  cut: number;
  /** The widest white between neighbouring parts that are apart, in line heights. */
  gap: number;
  /** How many parts apart from one another it has. */
  parts: number;
  /** Whether it may as well be dirt: it is nothing but fragments. */
  droppable: boolean;
}

/** Where two digits cross, the ink between two cuts may belong to both of them. */
export interface Overlap {
  /** The digit before ends at position `end`, the one after it begins at `start`, left of that. */
  start: number;
  end: number;
  /** The ink that both have, in strokes as long as the line is high. */
  ink: number;
}

/** A line, divided in all ways that may be digits: pieces lead from position 0 to position `end`. */
export interface Lattice {
  end: number;
  pieces: Piece[];
  overlaps: Overlap[];
}

export interface PieceOptions {
  /** Of the writing, pixels. */
  strokeWidth: number;
  /** Between two cuts, pixels; `Infinity` cuts nothing. */
  spacing: number;
  /** How many pieces there may be. */
  most: number;
}

/** No digit that is cut or joined is wider than this, in line heights. */
const WIDEST = 1.5;
/** Parts further apart than this, in line heights, are not one digit. */
const WIDEST_GAP = 0.4;
/** A digit is broken into at most so many bodies... */
const MOST_BODIES = 3;
/** ...with so many fragments on top: else each row of the dots on a page would be a piece. */
export const MOST_FRAGMENTS = 6;
/** Two digits share at most so many neighbouring atoms. */
const MOST_SHARED = 2;

/** @returns null where there would be more than `most` pieces. */
export function findPieces(plane: Plane<Float32Array>, line: Line, options: PieceOptions): Lattice | null {
  const { strokeWidth, spacing, most } = options;
  const atoms = findAtoms(plane, line, spacing);
  const extents = extentsOf(atoms);
  const pieces: Piece[] = [];
  for (let from = 0; from < atoms.length; from++) {
    for (let to = from + 1; to <= atoms.length; to++) {
      const members = atoms.slice(from, to);
      const box = union(members.map((atom) => atom.box));
      const bodies = bodiesOf(members);
      // A whole body is a piece, whatever its width and whatever lies in it, or there were no way through the line; its atoms come before
      // those of the next one.
      const whole = areWhole(bodies, extents, from, to);
      const isBody = whole && bodies.size === 1;
      const isWide = to > from + 1 && box.width > WIDEST * line.height && !isBody;
      const fragments = members.filter(({ body }) => body === null).length;
      const isBare = isBody && members[0]!.body !== null && members.at(-1)!.body !== null;
      const isDotted = fragments > MOST_FRAGMENTS && !isBare;
      if (bodies.size > MOST_BODIES || (isWide && bodies.size > 1) || (isDotted && bodies.size !== 1)) break;
      if (isWide) {
        // Of a body that is wider than any part of it may be nothing is left but the whole: a long line has a thousand atoms.
        for (const body of bodies)
          to = Math.max(to, extents[body]!.first < from ? atoms.length : extents[body]!.last);
        continue;
      }
      if (isDotted || (bodies.size > 1 && !whole)) continue;
      const { gap, ...measured } = measure(plane, members, box);
      if (gap > WIDEST_GAP * line.height) continue;
      if (pieces.length >= most) return null;
      pieces.push({
        from,
        to,
        ...measured,
        whole,
        width: measured.box.width / line.height,
        height: measured.box.height / line.height,
        cut: (atoms[from]!.cut + (atoms[to]?.cut ?? 0)) / strokeWidth,
        gap: gap / line.height,
        droppable: bodies.size === 0,
      });
    }
  }
  return { end: atoms.length, pieces, overlaps: findOverlaps(plane, atoms, line.height * strokeWidth) };
}

const bodiesOf = (atoms: readonly Atom[]): Set<number> => new Set(atoms.flatMap(({ body }) => body ?? []));

/** A body's first atom and its last. */
interface Extent {
  first: number;
  last: number;
}

/** Of each body, by its number. */
function extentsOf(atoms: readonly Atom[]): Extent[] {
  const extents: Extent[] = [];
  for (const [place, { body }] of atoms.entries()) {
    if (body === null) continue;
    extents[body] ??= { first: place, last: place };
    extents[body].last = place;
  }
  return extents;
}

/** Whether no atom of these bodies lies outside of `from` to `to`: several bodies are one digit as wholes only. */
const areWhole = (
  bodies: ReadonlySet<number>,
  extents: readonly Extent[],
  from: number,
  to: number,
): boolean => [...bodies].every((body) => extents[body]!.first >= from && extents[body]!.last < to);

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

/** What the atoms are together, without the specks that cutting left. */
function measure(plane: Plane<Float32Array>, members: readonly Atom[], whole: Box) {
  const { all, parts } = withoutDirt(plane, members, whole);
  const within = union(parts.map((part) => part.box));
  const box = { ...within, left: within.left + whole.left, top: within.top + whole.top };
  const isClean = parts.length === all.length;
  return {
    box,
    ink: () => {
      if (isClean) return cutOut(plane.data, plane.width, members, box);
      const { raw, parts } = withoutDirt(plane, members, whole);
      return cutOut(raw.data, raw.width, parts, within);
    },
    gap: widestGap(parts),
    parts: parts.length,
  };
}

/** The atoms' ink on the part of the plane that `whole` is, its components, and which of them are no specks. */
function withoutDirt(plane: Plane<Float32Array>, members: readonly Atom[], whole: Box) {
  const raw = cutOut(plane.data, plane.width, members, whole);
  const all = components(raw);
  const strong = withoutSpecks(all, MASS_OF_MARK);
  return { raw, all, parts: strong.length > 0 ? strong : all };
}

/** The widest white strip between parts, pixels; 0 where each begins before those on its left have ended. */
function widestGap(parts: readonly Component[]): number {
  let gap = 0;
  let end = Number.POSITIVE_INFINITY;
  for (const { box } of [...parts].sort(fromLeft)) {
    gap = Math.max(gap, box.left - end);
    end = Math.max(end === Number.POSITIVE_INFINITY ? 0 : end, box.left + box.width);
  }
  return gap;
}
