import { BLUE, GREEN, RED, WEIGHTS, WORKING_SIDE } from '../../core/luma.js';
import { FAINTEST_DENSITY } from '../../core/page.js';
import { float32 } from '../../onnx/tensor.js';
import type { Formula, Term } from './formula.js';

/** A batch of pictures as brightness. */
export interface Levels {
  /** `[batch, rows, columns]`, whole numbers 0 to 255, at most 512 a side. */
  levels: Term;
  /** Scalars: the plane's extents, and those of the pictures. */
  rows: Term;
  columns: Term;
  height: Term;
  width: Term;
  /** `[batch, 1]`: whether any pixel lets the page show through. */
  translucent: Term;
}

/** With less between its darkest and its brightest pixel a page has no contrast. */
const FAINTEST_LEVELS = Math.ceil(255 * FAINTEST_DENSITY);

/** What each channel of a picture adds to its brightness and to its alpha: of grey, of grey and alpha, of RGB, of RGBA. */
const MIXING = [
  [
    [WEIGHTS, 0, 0, 0],
    [0, 0, 0, 0],
  ],
  [
    [WEIGHTS, 0, 0, 0],
    [0, 1, 0, 0],
  ],
  [
    [RED, GREEN, BLUE, 0],
    [0, 0, 0, 0],
  ],
  [
    [RED, GREEN, BLUE, 0],
    [0, 0, 0, 1],
  ],
];
/** The alpha of pictures that have none. */
const OPAQUE = [255, 0, 255, 0];

/**
 * Brightness over an even page: white, but black where that shows nothing and the picture is translucent.
 * @param picture uint8 `[batch, height, width, channels]`: grey, grey and alpha, RGB, or RGBA.
 */
export function toLevels(formula: Formula, picture: Term): Levels {
  const f = formula.within('levels');
  const shape = f.node('Shape', [picture], {}, { type: 'int64' });
  const extent = (axis: number) => f.node('Gather', [shape, f.whole(axis)], { axis: 0 });
  const [height, width] = [extent(1), extent(2)];
  const channels = extent(3);
  const kind = f.apply('Sub', channels, 1);
  const choose = (table: readonly number[], shape: readonly number[]) =>
    f.node('Gather', [f.constant(float32(table, shape)), kind], { axis: 0 });
  const mixing = f.slice(choose(MIXING.flat(2), [4, 2, 4]), 1, 0, channels);
  const pixels = f.reshape(f.cast(picture, 'float32'), -1, channels);
  const mixed = f.product(mixing, f.node('Transpose', [pixels], { perm: [1, 0] }), 'mixed');
  const part = (index: number) => f.reshape(f.slice(mixed, 0, index, index + 1), -1, height, width);
  const weighted = part(0);
  const alpha = f.apply('Add', part(1), choose(OPAQUE, [4]), 'alpha');
  const isClear = f.compare('Less', alpha, 255);
  const translucent = f.compare('Greater', f.sum(isClear, [1, 2], 0), 0);
  const plane = reduction(f, height, width);
  const over = (page: Term) => {
    const behind = f.apply('Mul', page, f.apply('Sub', 255, alpha));
    const seen = f.apply('Div', f.apply('Add', f.apply('Mul', weighted, alpha), behind), 255);
    return plane.averaged(f.where(isClear, seen, weighted));
  };
  const white = 255 * WEIGHTS;
  const onWhite = over(f.constant({ type: 'float32', shape: [1, 1, 1], data: Float32Array.of(white) }));
  const range = f.apply('Sub', f.largest(onWhite, [1, 2]), f.smallest(onWhite, [1, 2]));
  const page = f.where(f.compare('Less', range, FAINTEST_LEVELS), 0, white);
  return {
    levels: over(f.cast(page, 'float32')),
    rows: plane.rows,
    columns: plane.columns,
    height,
    width,
    translucent: f.unsqueeze(translucent, 1),
  };
}

/** Averages over squares of as many pixels a side as bring the longer one to 512 or less. */
function reduction(f: Formula, height: Term, width: Term) {
  const longest = f.apply('Max', height, width);
  const side = f.apply('Div', f.apply('Add', longest, WORKING_SIDE - 1), WORKING_SIDE);
  const cellsOf = (extent: Term) => f.apply('Div', f.apply('Sub', f.apply('Add', extent, side), 1), side);
  const [rows, columns] = [cellsOf(height), cellsOf(width)];
  const lacking = (cells: Term, extent: Term) => f.apply('Sub', f.apply('Mul', cells, side), extent);
  const padding = [0, 0, 0, 0, lacking(rows, height), lacking(columns, width)];
  /** Pixels of each cell: the last one's may be fewer. */
  const pixelsOf = (cells: Term, extent: Term) =>
    f.apply('Min', f.apply('Sub', extent, f.apply('Mul', f.range(cells), side)), side);
  const pixels = f.apply(
    'Mul',
    f.unsqueeze(pixelsOf(rows, height), 1),
    f.unsqueeze(pixelsOf(columns, width), 0),
  );
  const total = f.apply('Mul', f.cast(pixels, 'float32'), WEIGHTS);
  return {
    rows,
    columns,
    averaged(weighted: Term): Term {
      const cells = f.reshape(f.pad(weighted, padding, 0), -1, rows, side, columns, side);
      const sums = f.sum(cells, [2, 4], 0);
      return f.floor(f.apply('Div', f.apply('Add', sums, f.apply('Div', total, 2)), total));
    },
  };
}
