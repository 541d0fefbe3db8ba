import { INPUT_SIDE } from '../../core/image.js';
import { FURTHEST, LEAST_SIDE_IN_PLACE } from '../../core/in-place.js';
import { GraphBuilder } from '../../onnx/graph.js';
import { fitInk } from './fit.js';
import { Formula, type Term } from './formula.js';
import { findInk } from './ink.js';
import { type Levels, toLevels } from './levels.js';

/** What a graph with preprocessing takes and what it gives beside the classifier's own outputs. */
export const PICTURE = {
  name: 'picture',
  type: 'uint8',
  /** Grey, grey and alpha, RGB, or RGBA: 1 to 4 channels, the same for all pictures of a batch, as are the extents. */
  shape: ['batch', 'height', 'width', 'channels'],
} as const;
export const READABLE = { name: 'readable', type: 'bool', shape: ['batch', 1] } as const;

const MIDDLE = INPUT_SIDE / 2;

/**
 * Pictures to the model's input by ONNX operators alone: `core/preprocess.ts` for pages of one even brightness on which nothing but one digit
 * is drawn. Uneven light, ruled lines, frames, underlines and specks are left as they are; small writing in a large picture
 * is not read again from nearer, nor the inside of a card or between bars by itself, nor ink as bright as its paper by its colour.
 * @param input what the model's input is called.
 */
export function preprocessing(name: string, input: string): GraphBuilder {
  const builder = new GraphBuilder(name);
  builder.input(PICTURE.name, PICTURE.type, PICTURE.shape);
  const f = new Formula(builder);
  const levels = toLevels(f, PICTURE);
  const { ink, corner, legible, visible } = findInk(f, levels);
  const { fitted, marked } = fitInk(f, ink, levels.rows, levels.columns);
  const inPlace = f.and(liesInPlace(f, corner, levels), visible);
  const isFound = f.and(legible, marked);
  const wide = (condition: Term) => f.unsqueeze(condition, 2);
  const chosen = f.where(wide(inPlace), corner, f.where(wide(isFound), fitted, 0));
  f.node('Unsqueeze', [chosen, f.vector(1)], {}, { name: input });
  f.node('Or', [inPlace, isFound], {}, { name: READABLE.name });
  builder.output(input, 'float32', ['batch', 1, INPUT_SIDE, INPUT_SIDE]);
  builder.output(READABLE.name, READABLE.type, READABLE.shape);
  return builder;
}

/** Whether a picture of the model's own size is read as it lies: what stands there is large enough and near enough to the middle. */
function liesInPlace(formula: Formula, corner: Term, { height, width, translucent }: Levels): Term {
  const f = formula.within('in-place');
  const places = f.counting([1, INPUT_SIDE]);
  const along = ([2, 1] as const).map((other) => {
    const isInked = f.compare('Greater', f.largest(corner, [other], 0), 0);
    const first = f.smallest(f.where(isInked, places, INPUT_SIDE), [1]);
    const last = f.largest(f.where(isInked, places, -1), [1]);
    const mass = f.cast(f.sum(corner, [other], 0), 'float64');
    const moment = f.sum(f.apply('Mul', mass, places), [1]);
    return {
      length: f.apply('Sub', last, first),
      middle: f.apply('Div', f.apply('Add', first, last), 2),
      centre: f.apply('Div', moment, f.apply('Max', f.sum(mass, [1]), 1e-30)),
    };
  });
  const isNear = (ends: Term[]) => {
    const off = ends.map((end) => f.node('Abs', [f.apply('Sub', end, MIDDLE)], {}));
    return f.compare('LessOrEqual', f.apply('Max', off[0]!, off[1]!), FURTHEST);
  };
  const isCentred = f.or(
    isNear(along.map(({ centre }) => centre)),
    isNear(along.map(({ middle }) => middle)),
  );
  const longer = f.apply('Max', along[0]!.length, along[1]!.length);
  return f.and(
    isCentred,
    f.compare('GreaterOrEqual', longer, LEAST_SIDE_IN_PLACE - 1),
    f.not(translucent),
    f.and(f.compare('Equal', height, INPUT_SIDE), f.compare('Equal', width, INPUT_SIDE)),
  );
}
