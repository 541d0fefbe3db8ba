import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bestPath, type Paths } from '../../../core/best-path.js';
import { CLASS_COUNT } from '../../../core/image.js';
import { type DigitScores, likelihood, stepsOf } from '../../../train/pieces/paths.js';

const DROPPED = -1;

/** Lattices in which every single atom is a piece, with scores; two digits at most tell paths apart. */
const scored = fc.integer({ min: 1, max: 4 }).chain((end) => {
  const spans: [number, number][] = [];
  for (let from = 0; from < end; from++) for (let to = from + 1; to <= end; to++) spans.push([from, to]);
  const inner = spans.filter(([from, to]) => from > 0 && to < end && to - from <= 2);
  const score = fc.double({ min: -4, max: 2, noNaN: true });
  return fc.record({
    longer: fc.subarray(spans.filter(([from, to]) => to - from > 1)),
    shared: fc.subarray(inner),
    droppable: fc.array(fc.boolean(), { minLength: spans.length, maxLength: spans.length }),
    pieceScores: fc.array(score, {
      minLength: spans.length * CLASS_COUNT,
      maxLength: spans.length * CLASS_COUNT,
    }),
    overlapScores: fc.array(score, { minLength: inner.length, maxLength: inner.length }),
    digits: fc.array(fc.integer({ min: 0, max: CLASS_COUNT - 1 }), { minLength: 1, maxLength: 3 }),
    end: fc.constant(end),
    spans: fc.constant(spans),
  });
});

type Scored = typeof scored extends fc.Arbitrary<infer Value> ? Value : never;

function lattice({ end, spans, longer, shared, droppable, pieceScores, overlapScores }: Scored) {
  const taken = spans.filter(([from, to]) => to - from === 1).concat(longer);
  const paths: Paths = {
    end,
    pieces: taken.map(([from, to], index) => ({ from, to, droppable: droppable[index]! })),
    overlaps: shared.map(([start, stop]) => ({ start, end: stop })),
  };
  const scores: DigitScores = {
    pieces: Float64Array.from(pieceScores.slice(0, taken.length * CLASS_COUNT)),
    overlaps: Float64Array.from(overlapScores.slice(0, shared.length)),
    dropped: DROPPED,
  };
  return { paths, scores };
}

/** The sums of exp(score) over every path there is, found by walking them all: of those that spell the digits, and of all. */
function sums({ end, pieces, overlaps }: Paths, scores: DigitScores, digits: readonly number[]) {
  let spelling = 0;
  let all = 0;
  const walk = (at: number, beyond: number, score: number, read: number | null, spelt: readonly number[]) => {
    if (at === end && beyond === end) {
      all += Math.exp(score);
      if (spelt.join() === digits.join()) spelling += Math.exp(score);
    }
    if (at === beyond) {
      overlaps.forEach((overlap, index) => {
        if (overlap.end === at) walk(overlap.start, beyond, score + scores.overlaps[index]!, read, spelt);
      });
    }
    pieces.forEach(({ from, to, droppable }, index) => {
      if (from !== at || to <= beyond) return;
      for (let digit = 0; digit < CLASS_COUNT; digit++) {
        walk(to, to, score + scores.pieces[index * CLASS_COUNT + digit]!, digit, [...spelt, digit]);
      }
      if (droppable) walk(to, to, score + scores.dropped, read, spelt);
    });
  };
  walk(0, 0, 0, null, []);
  return { spelling, all };
}

const close = (got: number, expected: number, within: number, what: string) =>
  assert.ok(
    Math.abs(got - expected) <= within * Math.max(1, Math.abs(expected)),
    `${what}: ${got}, ${expected}`,
  );

test('a line is as likely as the paths that spell it are among all paths there are', () => {
  fc.assert(
    fc.property(scored, (drawn) => {
      const { paths, scores } = lattice(drawn);
      const { spelling, all } = sums(paths, scores, drawn.digits);
      const got = likelihood(stepsOf(paths), scores, drawn.digits);
      if (spelling === 0) assert.equal(got, null);
      else close(got!.value, Math.log(spelling / all), 1e-9, 'logarithm');
    }),
    { numRuns: 60 },
  );
});

test('its slopes are the differences that small steps of each score make', () => {
  fc.assert(
    fc.property(scored, (drawn) => {
      const { paths, scores } = lattice(drawn);
      const steps = stepsOf(paths);
      const found = likelihood(steps, scores, drawn.digits);
      if (!found) return;
      for (const part of ['pieces', 'overlaps'] as const) {
        scores[part].forEach((value, at) => {
          const valueAt = (moved: number) => {
            const other = { ...scores, [part]: scores[part].with(at, moved) };
            return likelihood(steps, other, drawn.digits)!.value;
          };
          const slope = (valueAt(value + 1e-4) - valueAt(value - 1e-4)) / 2e-4;
          close(found[part][at]!, slope, 1e-5, `${part} ${at}`);
        });
      }
    }),
    { numRuns: 30 },
  );
});

test('where one path is far better than any other, what it spells is near certain', () => {
  fc.assert(
    fc.property(scored, (drawn) => {
      const { paths, scores } = lattice(drawn);
      const sharp = {
        ...scores,
        pieces: scores.pieces.map((score) => 400 * score),
        overlaps: scores.overlaps.map((score) => 400 * score),
        dropped: 400 * DROPPED,
      };
      const digitsOf = (piece: number) =>
        Array.from(sharp.pieces.subarray(piece * CLASS_COUNT, (piece + 1) * CLASS_COUNT));
      const best = paths.pieces.map((_, piece) => Math.max(...digitsOf(piece)));
      const path = bestPath(paths, { pieces: best, overlaps: [...sharp.overlaps], dropped: sharp.dropped });
      const spelt = path.map((piece) => digitsOf(piece).indexOf(best[piece]!));
      const got = likelihood(stepsOf(paths), sharp, spelt);
      // Paths of nearly equal worth may share the rest: at the least one of as many as there are.
      assert.ok(got && got.value <= 1e-9 && got.value > -20, `${got?.value}`);
    }),
    { numRuns: 60 },
  );
});
