import type { Plane } from './image.js';

/** A long, straight, thin line across a plane, near to level. */
export interface Rule {
  /** Rows it falls in each column. */
  slope: number;
  /** The row where it passes the middle column. */
  middle: number;
}

/** Steeper ones, 4.3 degrees and more, are no ruled lines of a page that lies straight. */
const STEEPEST = 0.075;
/** Lines are sought in strips, so that a slope costs a few sums in place of a look at every pixel. */
const STRIPS = 32;
/** On a smaller plane a stroke is as thin as a line. */
const LEAST_SIDE = 60;
/** A line is so thick at most: pixels, and so much of the shorter side more. */
const THICKEST = { pixels: 3, share: 0.02 } as const;
/** Beside the ink that hides it, so much of a line's length must show. */
const SHOWN_SHARE = 0.8;
/** So much of it must show, hidden parts counted. */
const SHOWN_LEAST = 0.3;
/** A line must come out of the ink at both edges: it shows in half of so many strips there. */
const END_STRIPS = 2;
/** Lines that leave the picture in a corner have at least so many strips of it; they must run along with one that crosses it. */
const CORNER_STRIPS = 3;
const SAME_SLOPE = 0.012;
const SHOWN_IN_CORNER = 0.9;
const MOST_RULES = 100;

/** How thick a ruled line of a plane may be, pixels. */
export const thickestRule = ({ width, height }: Plane): number =>
  Math.floor(THICKEST.pixels + THICKEST.share * Math.min(width, height));

/** What of each strip, row by row, shows a thin line, and what shows paper; the rest is other ink. */
interface Evidence {
  /** The first column of each strip, and the end of the last. */
  edges: number[];
  shown: Uint8Array;
  clear: Uint8Array;
}

/** Whether the ink at `index` ends within `reach` rows both ways. */
const isThin = (data: Float32Array, index: number, reach: number): boolean => {
  const half = data[index]! / 2;
  return !(data[index - reach]! > half) && !(data[index + reach]! > half);
};

function gather({ width, height, data }: Plane<Float32Array>, least: number, reach: number, strip: number) {
  const [from, to] = [Math.floor((strip * width) / STRIPS), Math.floor(((strip + 1) * width) / STRIPS)];
  const shown = new Uint8Array(height + 1);
  const dark = new Uint8Array(height);
  for (let y = 0; y < height; y++) {
    const end = y * width + to;
    for (let index = y * width + from; index < end; index++) {
      if (!(data[index]! > least)) continue;
      if (isThin(data, index, reach * width)) shown[y]!++;
      else dark[y]!++;
    }
  }
  return { from, to, shown, dark };
}

/**
 * The ruled lines of a page that run from its left edge to its right one, and those parallel to them that leave it in a corner.
 * @param plane how dark each pixel is against the paper; at most 8,000 columns
 * @param least what is not above this is paper
 */
export function findRules(plane: Plane<Float32Array>, least: number): Rule[] {
  const { width, height } = plane;
  if (Math.min(width, height) < LEAST_SIDE) return [];
  const reach = thickestRule(plane) + 1;
  const strips = Array.from({ length: STRIPS });
  // Most pages have nothing at their edges, and no lines then.
  for (const strip of [0, STRIPS - 1]) {
    if (!gather(plane, least, reach, strip).shown.some((count) => count > 0)) return [];
  }
  const evidence = evidenceOf(
    strips.map((_, strip) => gather(plane, least, reach, strip)),
    height,
  );
  return chooseRules(evidence, plane, reach);
}

function evidenceOf(strips: ReturnType<typeof gather>[], height: number): Evidence {
  const evidence: Evidence = {
    edges: [...strips.map(({ from }) => from), strips.at(-1)!.to],
    shown: new Uint8Array(STRIPS * height),
    clear: new Uint8Array(STRIPS * height),
  };
  for (const [strip, { from, to, shown, dark }] of strips.entries()) {
    for (let y = 0; y < height; y++) {
      // Within a strip a line goes over from one row to the next.
      const beside = Math.max(y > 0 ? shown[y - 1]! : 0, shown[y + 1]!);
      const thin = Math.min(to - from, shown[y]! + beside);
      evidence.shown[strip * height + y] = thin;
      evidence.clear[strip * height + y] = Math.max(0, to - from - thin - dark[y]!);
    }
  }
  return evidence;
}

interface Candidate extends Rule {
  shown: number;
  clear: number;
  /** Whether it comes out at both edges of the picture. */
  crosses: boolean;
}

function chooseRules(evidence: Evidence, { width, height }: Plane, reach: number): Rule[] {
  const candidates: Candidate[] = [];
  const steps = Math.floor((STEEPEST * width) / 2);
  for (let step = -steps; step <= steps; step++) {
    const slope = (2 * step) / width;
    const drift = Math.ceil((Math.abs(slope) * width) / 2);
    for (let middle = -drift; middle < height + drift; middle++) {
      const candidate = follow(evidence, height, { slope, middle });
      if (candidate) candidates.push(candidate);
    }
  }
  candidates.sort((a, b) => b.shown - 4 * b.clear - (a.shown - 4 * a.clear) || a.middle - b.middle);
  const ends = ({ slope, middle }: Rule) => [-1, 0, 1].map((side) => middle + (side * slope * width) / 2);
  const isApart = (a: Rule, b: Rule) => {
    const others = ends(b);
    return ends(a).every((row, place) => Math.abs(row - others[place]!) > 2 * reach);
  };
  const chosen: Candidate[] = [];
  const choose = (some: readonly Candidate[]) => {
    for (const candidate of some) {
      if (chosen.length < MOST_RULES && chosen.every((other) => isApart(candidate, other))) {
        chosen.push(candidate);
      }
    }
  };
  choose(candidates.filter(({ crosses }) => crosses));
  const across = chosen.slice();
  choose(
    candidates.filter(
      ({ crosses, slope }) => !crosses && across.some((other) => Math.abs(other.slope - slope) <= SAME_SLOPE),
    ),
  );
  return chosen;
}

/** How much of a line shows; null where that is too little for one. */
function follow({ edges, shown, clear }: Evidence, height: number, rule: Rule): Candidate | null {
  const width = edges[STRIPS]!;
  const total = { shown: 0, clear: 0, columns: 0, strips: 0 };
  const atEnds = [0, 0, 0, 0];
  for (let strip = 0; strip < STRIPS; strip++) {
    const [from, to] = [edges[strip]!, edges[strip + 1]!];
    const row = Math.floor(rule.middle + rule.slope * ((from + to) / 2 - width / 2) + 0.5);
    if (row < 0 || row >= height) continue;
    const at = strip * height + row;
    total.shown += shown[at]!;
    total.clear += clear[at]!;
    total.columns += to - from;
    total.strips++;
    // Early, as most lines that are tried lead over paper alone.
    if (total.clear > (1 - SHOWN_SHARE) * width) return null;
    if (strip < END_STRIPS) {
      atEnds[0]! += shown[at]!;
      atEnds[1]! += clear[at]!;
    } else if (strip >= STRIPS - END_STRIPS) {
      atEnds[2]! += shown[at]!;
      atEnds[3]! += clear[at]!;
    }
  }
  const share = total.strips === STRIPS ? SHOWN_SHARE : SHOWN_IN_CORNER;
  if (total.strips < CORNER_STRIPS) return null;
  if (total.shown < share * (total.shown + total.clear)) return null;
  if (total.shown < SHOWN_LEAST * total.columns) return null;
  const comesOut = atEnds[0]! > atEnds[1]! && atEnds[2]! > atEnds[3]!;
  const crosses = total.strips === STRIPS;
  if (crosses && !comesOut) return null;
  return { ...rule, shown: total.shown, clear: total.clear, crosses };
}
