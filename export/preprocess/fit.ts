import { BRIGHT, CENTRE, FIT_SIDE, LEAST_SIDE } from '../../core/fit.js';
import { INPUT_SIDE } from '../../core/image.js';
import { PEAK_OF_MARK, PIXELS_OF_MARK, SIDE_OF_MARK } from '../../core/marks.js';
import { THIN_STROKE, USUAL_STROKE } from '../../core/stroke-width.js';
import type { Formula, Term } from './formula.js';

/** Of a plane of 512 pixels a side no stroke is widened by more; five steps of 1, 2, 4, 8 and 16 pixels make any of these. */
const WIDEST = 23;
const STEPS = [1, 2, 4, 8, 16];

/** One side of the ink's box, along one dimension: float64 `[batch, 1]` each, pixels. */
interface Span {
  start: Term;
  length: Term;
}

/** How digits of any size become the model's input. */
export interface Fitted {
  /** `[batch, 28, 28]` */
  fitted: Term;
  /** `[batch, 1]`: whether there is a mark that is no dirt. */
  marked: Term;
}

/**
 * Cuts out what is drawn, widens thin strokes, fits it to 20x20 by exact area averages and puts its centre of mass on pixel (14, 14).
 * @param ink `[batch, rows, columns]`, 0 to 1, at most 512 a side.
 */
export function fitInk(formula: Formula, ink: Term, rows: Term, columns: Term): Fitted {
  const f = formula.within('fit');
  const [down, across] = [spanOf(f, ink, 1, rows), spanOf(f, ink, 2, columns)];
  const longer = f.apply('Max', down.length, across.length);
  const marked = isMark(f, ink, longer, f.apply('Max', rows, columns));
  const radius = wideningOf(f, ink, f.apply('Div', longer, FIT_SIDE));
  const margins = [0, WIDEST, WIDEST, 0, WIDEST, WIDEST];
  const wide = widened(f, f.pad(ink, margins, 0), radius);
  const grown = ({ start, length }: Span): Span => ({
    start: f.apply('Sub', f.apply('Add', start, WIDEST), radius),
    length: f.apply('Add', length, f.apply('Mul', radius, 2)),
  });
  const [high, broad] = [grown(down), grown(across)];
  const side = f.apply('Max', high.length, broad.length);
  const isFitting = f.and(
    f.compare('GreaterOrEqual', side, LEAST_SIDE),
    f.compare('LessOrEqual', side, FIT_SIDE),
  );
  const cell = f.where(isFitting, 1, f.apply('Div', side, FIT_SIDE), 'cell');
  const averaging = (span: Span, extent: Term) => averages(f, span, cell, f.apply('Add', extent, 2 * WIDEST));
  const rowsAveraged = f.product(wide, f.turned(averaging(broad, columns)));
  const fitted = f.product(averaging(high, rows), rowsAveraged);
  const bright = brightened(f, fitted);
  const placed = [high, broad].map((span, index) => {
    const cells = f.apply(
      'Max',
      f.node('Ceil', [f.apply('Sub', f.apply('Div', span.length, cell), 1e-9)], {}),
      1,
    );
    return placement(f, bright, index === 0 ? 1 : 2, cells);
  });
  const centred = f.product(f.product(placed[0]!, bright), f.turned(placed[1]!), 'centred');
  return { fitted: centred, marked };
}

/** Where the ink lies along a dimension: from the first row or column with any to the last. */
function spanOf(f: Formula, ink: Term, axis: 1 | 2, extent: Term): Span {
  const isInked = f.compare('Greater', f.largest(ink, [3 - axis], 0), 0);
  const places = f.unsqueeze(f.cast(f.range(extent), 'float64'), 0);
  const end = f.cast(extent, 'float64');
  const start = f.smallest(f.where(isInked, places, end), [1]);
  const last = f.largest(f.where(isInked, places, -1), [1]);
  return { start, length: f.apply('Max', f.apply('Add', f.apply('Sub', last, start), 1), 1) };
}

/** Whether the ink is strong and large enough. */
function isMark(f: Formula, ink: Term, longer: Term, extent: Term): Term {
  const peak = f.largest(f.node('Flatten', [ink], { axis: 1 }), [1]);
  const least = f.apply('Max', f.apply('Mul', f.cast(extent, 'float64'), SIDE_OF_MARK), PIXELS_OF_MARK);
  return f.and(f.compare('GreaterOrEqual', peak, PEAK_OF_MARK), f.compare('GreaterOrEqual', longer, least));
}

/** By how many pixels strokes must grow on each side lest the fit lose them. */
function wideningOf(f: Formula, ink: Term, cell: Term): Term {
  const isInk = f.cast(f.compare('Greater', ink, 0.5), 'float32');
  const padded = f.pad(isInk, [0, 1, 1, 0, 1, 1], 0);
  const area = f.cast(f.sum(isInk, [1, 2], 0), 'float64');
  const end = f.whole(Number.MAX_SAFE_INTEGER);
  const steps = ([1, 2] as const).map((axis) => {
    const step = f.apply('Sub', f.slice(padded, axis, 1, end), f.slice(padded, axis, 0, -1));
    return f.sum(f.node('Abs', [step], {}), [1, 2], 0);
  });
  const outline = f.cast(f.apply('Add', steps[0]!, steps[1]!), 'float64');
  const mean = f.apply('Div', f.apply('Mul', area, 2), f.apply('Max', outline, 1));
  const width = f.unsqueeze(mean, 1);
  const isThin = f.compare('Less', width, f.apply('Mul', cell, THIN_STROKE));
  const lacking = f.apply('Sub', f.apply('Mul', cell, USUAL_STROKE), width);
  const radius = f.floor(f.apply('Add', f.apply('Div', lacking, 2), 0.5));
  return f.where(isThin, f.between(radius, 0, WIDEST), 0, 'widening');
}

/** The largest value within `radius` pixels each way; a square of any radius is squares of powers of two, one after another. */
function widened(f: Formula, ink: Term, radius: Term): Term {
  let plane = f.unsqueeze(ink, 1);
  for (const step of STEPS) {
    const halves = f.floor(f.apply('Div', radius, step));
    const isOdd = f.compare(
      'Greater',
      f.apply('Sub', halves, f.apply('Mul', f.floor(f.apply('Div', halves, 2)), 2)),
      0,
    );
    const size = 2 * step + 1;
    const across = f.node('MaxPool', [plane], { kernel_shape: [1, size], pads: [0, step, 0, step] });
    const both = f.node('MaxPool', [across], { kernel_shape: [size, 1], pads: [step, 0, step, 0] });
    plane = f.where(f.unsqueeze(isOdd, 2, 3), both, plane);
  }
  return f.node('Squeeze', [plane, f.vector(1)], {});
}

/** The share that each pixel has in each of 20 cells, a matrix that averages: float32 `[batch, 20, pixels]`. */
function averages(f: Formula, { start, length }: Span, cell: Term, extent: Term): Term {
  const places = f.unsqueeze(f.cast(f.range(extent), 'float64'), 0);
  const wide = (value: Term) => f.unsqueeze(value, 2);
  const cells = f.counting([1, FIT_SIDE, 1]);
  const first = f.apply('Mul', cells, wide(cell));
  const end = f.apply('Min', f.apply('Add', first, wide(cell)), wide(length));
  const place = f.unsqueeze(f.apply('Sub', places, start), 1);
  const overlap = f.apply('Sub', f.apply('Min', f.apply('Add', place, 1), end), f.apply('Max', place, first));
  return f.cast(f.apply('Div', f.apply('Max', overlap, 0), wide(cell)), 'float32', 'shares');
}

/** Raises faint ink so that its strongest value is 1. */
function brightened(f: Formula, fitted: Term): Term {
  const strongest = f.largest(fitted, [1, 2]);
  const isBright = f.compare('GreaterOrEqual', strongest, BRIGHT);
  const isEmpty = f.compare('Equal', strongest, 0);
  return f.apply('Div', fitted, f.where(f.or(isBright, isEmpty), 1, strongest), 'fitted');
}

/** Where each of 20 rows or columns goes among 28, so that their centre of mass goes to the middle: `[batch, 28, 20]`, 0 and 1. */
function placement(f: Formula, fitted: Term, axis: 1 | 2, cells: Term): Term {
  const mass = f.cast(f.sum(fitted, [3 - axis], 0), 'float64');
  const places = f.counting([1, FIT_SIDE]);
  const moment = f.sum(f.apply('Mul', mass, places), [1]);
  const centre = f.apply('Div', moment, f.apply('Max', f.sum(mass, [1]), 1e-30));
  const nearest = f.floor(f.apply('Add', f.apply('Sub', CENTRE, centre), 0.5));
  const first = f.between(nearest, 0, f.apply('Sub', INPUT_SIDE, cells));
  const targets = f.counting([1, INPUT_SIDE, 1]);
  const sources = f.unsqueeze(f.apply('Add', places, first), 1);
  return f.cast(f.compare('Equal', targets, sources), 'float32', 'placement');
}
