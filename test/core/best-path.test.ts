import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bestPath, type Scores } from '../../core/best-path.js';
import type { Lattice, Piece } from '../../core/pieces.js';

const piece = (from: number, to: number, droppable: boolean): Piece => ({
  from,
  to,
  box: { left: from, top: 0, width: to - from, height: 1 },
  ink: () => ({ width: 1, height: 1, data: new Float32Array(1) }),
  whole: true,
  width: 1,
  height: 1,
  cut: 0,
  gap: 0,
  parts: 1,
  droppable,
});

const lattices = fc.integer({ min: 1, max: 6 }).chain((end) => {
  const spans: [number, number][] = [];
  for (let from = 0; from < end; from++) for (let to = from + 1; to <= end; to++) spans.push([from, to]);
  const inner = spans.filter(([from, to]) => from > 0 && to < end && to - from <= 2);
  const score = fc.integer({ min: -20, max: 5 });
  return fc.record({
    lattice: fc
      .tuple(
        fc.array(fc.boolean(), { minLength: spans.length, maxLength: spans.length }),
        fc.subarray(spans.filter(([from, to]) => to - from > 1)),
        fc.subarray(inner),
      )
      .map(([droppable, longer, shared]): Lattice => {
        // Single atoms are always pieces, so that there is a way.
        const taken = spans.filter(([from, to]) => to - from === 1).concat(longer);
        const pieces = taken.map(([from, to], index) => piece(from, to, droppable[index]!));
        return { end, pieces, overlaps: shared.map(([start, stop]) => ({ start, end: stop, ink: 0 })) };
      }),
    scores: fc.record({
      pieces: fc.array(score, { minLength: spans.length, maxLength: spans.length }),
      overlaps: fc.array(score, { minLength: spans.length, maxLength: spans.length }),
      dropped: score,
    }),
  });
});

/** Every path there is: its score and its pieces. */
function allPaths({ end, pieces, overlaps }: Lattice, scores: Scores): { score: number; path: string }[] {
  const found: { score: number; path: string }[] = [];
  const walk = (at: number, beyond: number, score: number, path: readonly number[]) => {
    if (at === end && beyond === end) found.push({ score, path: path.join(' ') });
    if (at === beyond) {
      overlaps.forEach((overlap, index) => {
        if (overlap.end === at) walk(overlap.start, beyond, score + scores.overlaps[index]!, path);
      });
    }
    pieces.forEach(({ from, to, droppable }, index) => {
      if (from !== at || to <= beyond) return;
      walk(to, to, score + scores.pieces[index]!, [...path, index]);
      if (droppable) walk(to, to, score + scores.dropped, path);
    });
  };
  walk(0, 0, 0, []);
  return found;
}

test('no path of all that there are scores higher', () => {
  fc.assert(
    fc.property(lattices, ({ lattice, scores }) => {
      const paths = allPaths(lattice, scores);
      const highest = Math.max(...paths.map(({ score }) => score));
      const got = bestPath(lattice, scores).join(' ');
      assert.ok(
        paths.some(({ score, path }) => score === highest && path === got),
        `${got} is none of the best`,
      );
    }),
    { numRuns: 300 },
  );
});
