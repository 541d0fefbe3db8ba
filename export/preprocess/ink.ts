import { INPUT_SIDE } from '../../core/image.js';
import {
  BLACK,
  CLEAN_SHARE,
  FAINT_SHARE,
  FLOOR_GRAINS,
  FLOOR_LIMIT,
  GRAIN_PERCENTILE,
  GRAINS_OF_NOISE,
  ROUNDING,
} from '../../core/ink.js';
import { FAINTEST_DENSITY } from '../../core/page.js';
import { PIXELS_FOR_EACH_EXTREME } from '../../core/paper.js';
import type { Formula, Term } from './formula.js';
import type { Levels } from './levels.js';

/** What is ink in each picture. */
export interface Ink {
  /** `[batch, rows, columns]`, 0 to 1. */
  ink: Term;
  /** The same of pictures that are read as they lie: without the floor, `[batch, 28, 28]`, of their upper left corner. */
  corner: Term;
  /** `[batch, 1]`: whether the strongest ink is neither the paper's grain nor too faint... */
  legible: Term;
  /** ...or not too faint, whatever it is. */
  visible: Term;
}

const LEVELS = 256;

/**
 * Finds the paper's brightness, which is the border's, on which side of it the ink is, and what of the rest is grain. All of it follows from
 * how often each level occurs, so that nothing but a table of 256 entries a picture decides what each pixel becomes.
 */
export function findInk(formula: Formula, { levels, rows, columns }: Levels): Ink {
  const f = formula.within('ink');
  const statistics = new Statistics(f);
  const pixels = f.cast(f.node('Flatten', [levels], { axis: 1 }), 'int64');
  const border = f.cast(borderOf(f, levels, rows, columns), 'int64');
  const all = statistics.histogram(pixels);
  const edge = statistics.histogram(border);
  const extremes = f.cast(
    f.apply('Max', f.apply('Div', f.apply('Mul', rows, columns), PIXELS_FOR_EACH_EXTREME), 1),
    'float64',
  );
  const paper = statistics.percentile(edge, 0.5);
  const darkest = statistics.fromBelow(all, extremes);
  const brightest = statistics.fromAbove(all, extremes);
  const isDark = f.compare(
    'GreaterOrEqual',
    f.apply('Sub', paper, darkest),
    f.apply('Sub', brightest, paper),
  );
  const turned = (level: Term, name?: string) => f.where(isDark, level, f.apply('Sub', 255, level), name);
  const under = turned(paper, 'paper');
  const below = f.apply('Max', f.apply('Sub', under, turned(statistics.levels)), 0);
  const density = f.apply('Div', below, f.apply('Max', under, 1));
  const rounded = f.cast(f.floor(f.apply('Add', f.apply('Mul', density, 255), 0.5)), 'int64');
  const counts = statistics.histogram(rounded, all);
  const peakLevel = statistics.fromAbove(counts, extremes);
  const peak = f.apply('Div', peakLevel, 255);
  const half = f.floor(f.apply('Div', peakLevel, 2));
  // What is nearer to the strongest marks than to the paper is no grain.
  const isNearPaper = f.compare('LessOrEqual', statistics.levels, half);
  const grainOf = (levels: Term) => statistics.percentile(f.where(isNearPaper, levels, 0), GRAIN_PERCENTILE);
  const grain = f.apply(
    'Div',
    f.apply('Min', grainOf(statistics.histogram(rounded, edge)), grainOf(counts)),
    255,
  );
  const floor = floorOf(statistics, counts, { peakLevel, peak, grain });
  const stronger = f.where(f.compare('GreaterOrEqual', statistics.levels, half), counts, 0);
  const typical = f.apply('Div', statistics.percentile(stronger, 0.5), 255);
  const full = f.where(f.compare('GreaterOrEqual', peak, BLACK), 1, typical);
  // Rounded to float32 as core has it.
  const stored = f.cast(f.cast(density, 'float32'), 'float64');
  const noise = f.apply('Add', grain, f.apply('Div', ROUNDING, f.apply('Max', under, 1)));
  const isGrain = f.compare('Less', peak, f.apply('Mul', noise, GRAINS_OF_NOISE));
  const visible = f.compare('GreaterOrEqual', peak, FAINTEST_DENSITY);
  const drawn = f.node('GatherElements', [inkTable(f, stored, floor, full), pixels], { axis: 1 });
  return {
    ink: f.reshape(drawn, -1, rows, columns),
    corner: cornerOf(f, levels, rows, columns, inkTable(f, stored, f.apply('Mul', floor, 0), full)),
    legible: f.and(visible, f.not(isGrain)),
    visible,
  };
}

/** What a density between grain and full ink becomes, by level: float32 `[batch, 256]`. */
function inkTable(f: Formula, density: Term, floor: Term, full: Term): Term {
  const above = f.apply('Sub', density, floor);
  const share = f.apply('Min', f.apply('Div', above, f.apply('Sub', full, floor)), 1);
  return f.cast(f.where(f.compare('Greater', above, 0), share, 0), 'float32', 'table');
}

/** Densities at or below this are no ink; 0 for a clean drawing. */
function floorOf(
  { f, levels }: Statistics,
  counts: Term,
  { peakLevel, peak, grain }: Readonly<Record<'peakLevel' | 'peak' | 'grain', Term>>,
): Term {
  const faintLevel = f.floor(f.apply('Mul', peakLevel, FAINT_SHARE));
  const isInked = f.compare('Greater', levels, faintLevel);
  const isPaper = f.compare('Equal', levels, 0);
  const inked = f.sum(f.where(isInked, counts, 0), [1]);
  const faint = f.sum(f.where(f.or(isInked, isPaper), 0, counts), [1]);
  const isClean = f.and(
    f.compare('Equal', grain, 0),
    f.compare('LessOrEqual', faint, f.apply('Mul', inked, CLEAN_SHARE)),
  );
  const grainy = f.apply(
    'Min',
    f.apply('Max', f.apply('Mul', grain, FLOOR_GRAINS), f.apply('Mul', peak, FAINT_SHARE)),
    f.apply('Mul', peak, FLOOR_LIMIT),
  );
  return f.where(isClean, 0, grainy, 'floor');
}

/** The outermost pixels, a 32nd of the shorter side thick: `[batch, pixels]`. */
function borderOf(f: Formula, levels: Term, rows: Term, columns: Term): Term {
  const thickness = f.apply('Max', f.apply('Div', f.apply('Min', rows, columns), 32), 1);
  const inner = (extent: Term) => f.apply('Max', f.apply('Sub', extent, thickness), thickness);
  const [bottom, right] = [inner(rows), inner(columns)];
  const middle = f.slice(levels, 1, thickness, bottom);
  const sides = [
    f.slice(levels, 1, 0, thickness),
    f.slice(levels, 1, bottom, rows),
    f.slice(middle, 2, 0, thickness),
    f.slice(middle, 2, right, columns),
  ];
  const flat = sides.map((side) => f.node('Flatten', [side], { axis: 1 }));
  return f.node('Concat', flat, { axis: 1 });
}

/** The upper left corner of the model's size, as ink; where the picture ends, zeros. */
function cornerOf(f: Formula, levels: Term, rows: Term, columns: Term, table: Term): Term {
  const cut = f.slice(f.slice(levels, 1, 0, INPUT_SIDE), 2, 0, INPUT_SIDE);
  const missing = (extent: Term) => f.apply('Max', f.apply('Sub', INPUT_SIDE, extent), 0);
  const whole = f.pad(cut, [0, 0, 0, 0, missing(rows), missing(columns)], 0);
  const places = f.cast(f.node('Flatten', [whole], { axis: 1 }), 'int64');
  return f.reshape(f.node('GatherElements', [table, places], { axis: 1 }), -1, INPUT_SIDE, INPUT_SIDE);
}

/** How often each of 256 levels occurs, float64 `[batch, 256]`, and what that tells: `[batch, 1]` each. */
class Statistics {
  /** 0 to 255, `[1, 256]`. */
  readonly levels: Term;

  constructor(readonly f: Formula) {
    this.levels = f.counting([1, LEVELS]);
  }

  /**
   * @param values int64 `[batch, values]`, 0 to 255
   * @param times how often each of them counts; once where it is left out.
   */
  histogram(values: Term, times?: Term): Term {
    const { f } = this;
    const batch = f.slice(f.node('Shape', [values], {}, { type: 'int64' }), 0, 0, 1);
    const shape = f.node('Concat', [batch, f.vector(LEVELS)], { axis: 0 });
    const zeros = f.node(
      'Expand',
      [f.constant({ type: 'float32', shape: [], data: Float32Array.of(0) }), shape],
      {},
    );
    const ones = f.constant({ type: 'float32', shape: [], data: Float32Array.of(1) });
    const each = times
      ? f.cast(times, 'float32')
      : f.node('Expand', [ones, f.node('Shape', [values], {}, { type: 'int64' })], {});
    const counted = f.node('ScatterElements', [zeros, values, each], { axis: 1, reduction: 'add' });
    return f.cast(counted, 'float64');
  }

  #upTo(counts: Term): Term {
    return this.f.node('CumSum', [counts, this.f.whole(1)], {});
  }

  /** The lowest level that at least `count` values do not exceed. */
  fromBelow(counts: Term, count: Term): Term {
    const { f } = this;
    const short = f.sum(f.compare('Less', this.#upTo(counts), count), [1]);
    return f.apply('Min', f.cast(short, 'float64'), LEVELS - 1);
  }

  /** The highest level that at least `count` values reach. */
  fromAbove(counts: Term, count: Term): Term {
    const { f } = this;
    const reached = f.node('CumSum', [counts, f.whole(1)], { reverse: 1 });
    const long = f.sum(f.compare('GreaterOrEqual', reached, count), [1]);
    return f.apply('Max', f.apply('Sub', f.cast(long, 'float64'), 1), 0);
  }

  /** The level below or at which this share of all values lie. */
  percentile(counts: Term, share: number): Term {
    const { f } = this;
    return this.fromBelow(counts, f.apply('Max', f.apply('Mul', f.sum(counts, [1]), share), 1));
  }
}
