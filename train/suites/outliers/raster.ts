import type { Plane } from '../../../core/image.js';

export interface Point {
  x: number;
  y: number;
}

/** A closed line of points. */
export type Ring = readonly Point[];

/** Lines of a pixel that are looked at; across, coverage is exact. */
const SUB_LINES = 4;

interface Crossing {
  x: number;
  /** 1 where the ring goes down, -1 where it goes up. */
  winding: number;
}

/**
 * The share of every pixel that rings cover, 0 to 1, `[height, width]`: what they wind around in all, so that rings of the same direction
 * unite and one of the other direction cuts a hole.
 */
export function fillRings(rings: readonly Ring[], width: number, height: number): Plane<Float32Array> {
  const data = new Float32Array(width * height);
  const lines = Array.from({ length: height * SUB_LINES }, (): Crossing[] => []);
  for (const ring of rings) {
    for (const [index, from] of ring.entries()) addCrossings(lines, from, ring[(index + 1) % ring.length]!);
  }
  lines.forEach((crossings, line) => {
    crossings.sort((a, b) => a.x - b.x);
    const row = data.subarray(Math.floor(line / SUB_LINES) * width).subarray(0, width);
    let winding = 0;
    let begin = 0;
    for (const crossing of crossings) {
      const before = winding;
      winding += crossing.winding;
      if (before === 0) begin = crossing.x;
      else if (winding === 0) cover(row, begin, crossing.x);
    }
  });
  return { width, height, data: data.map((value) => Math.min(1, value)) };
}

function addCrossings(lines: Crossing[][], from: Point, to: Point): void {
  const [upper, lower] = from.y < to.y ? [from, to] : [to, from];
  const first = Math.max(0, Math.ceil(upper.y * SUB_LINES - 0.5));
  const last = Math.min(lines.length, Math.ceil(lower.y * SUB_LINES - 0.5)) - 1;
  for (let line = first; line <= last; line++) {
    const share = ((line + 0.5) / SUB_LINES - upper.y) / (lower.y - upper.y);
    lines[line]!.push({ x: upper.x + share * (lower.x - upper.x), winding: upper === from ? 1 : -1 });
  }
}

function cover(row: Float32Array, begin: number, end: number): void {
  const [from, to] = [Math.max(0, begin), Math.min(row.length, end)];
  for (let x = Math.floor(from); x < to; x++) {
    row[x]! += Math.max(0, Math.min(x + 1, to) - Math.max(x, from)) / SUB_LINES;
  }
}

/** Corners of a pen's round tip. */
const TIP = 12;

/** The rings that a round pen covers along a line of points, all of one direction. */
export function penRings(points: readonly Point[], width: number): Ring[] {
  const radius = width / 2;
  const tips = points.map(({ x, y }) =>
    Array.from({ length: TIP }, (_, corner) => {
      const angle = (2 * Math.PI * corner) / TIP;
      return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
    }),
  );
  const bars = points.slice(1).flatMap((to, index) => {
    const from = points[index]!;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    if (length === 0) return [];
    const [aside, along] = [(radius * (to.y - from.y)) / length, (radius * (to.x - from.x)) / length];
    return [
      [
        { x: from.x + aside, y: from.y - along },
        { x: to.x + aside, y: to.y - along },
        { x: to.x - aside, y: to.y + along },
        { x: from.x - aside, y: from.y + along },
      ],
    ];
  });
  return [...tips, ...bars];
}
