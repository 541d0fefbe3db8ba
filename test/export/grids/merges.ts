import { grid, type Layer, l } from '../support.js';
import { type Case, IMAGE, ofFlattened, ofInputs, ROW, SEQUENCE } from './case.js';

/** Shapes that can be combined element by element: equal, of three, repeated along some dimensions, with fewer dimensions. */
const TOGETHER = [
  ...[ROW, SEQUENCE, IMAGE, [2, 3, 4, 5]].flatMap((shape) => [
    [shape, shape],
    [shape, shape, shape, shape],
  ]),
  [IMAGE, [9, 8, 1]],
  [[1, 1, 3], IMAGE],
  [[9, 1, 3], [1, 8, 1], IMAGE],
  [IMAGE, [3]],
  [[3], IMAGE, [8, 3]],
  [SEQUENCE, [3]],
  [[1], ROW],
];

const elementwise = (make: () => Layer): Case[] => [
  ...TOGETHER.map((shapes) => ofInputs(shapes, make)),
  ofFlattened(
    [
      [2, 3, 4],
      [2, 3, 4],
    ],
    make,
  ),
  ofFlattened(
    [
      [2, 3, 4],
      [4, 3, 2],
    ],
    make,
  ),
];

const along = (axis: number | undefined) => () => l.concatenate(axis === undefined ? {} : { axis });

const concatenate: Case[] = [
  ...[undefined, -1, 3].map((axis) => ofInputs([IMAGE, [9, 8, 2], [9, 8, 1]], along(axis), `axis ${axis}`)),
  ...[
    [9, 2, 3],
    [9, 1, 3],
  ].map((other) => ofInputs([IMAGE, other], along(2), 'axis 2')),
  ...[
    [2, 8, 3],
    [1, 8, 3],
  ].map((other) => ofInputs([IMAGE, other], along(1), 'axis 1')),
  ...[undefined, 2].map((axis) => ofInputs([SEQUENCE, [10, 4]], along(axis), `axis ${axis}`)),
  ofInputs([SEQUENCE, [4, 3]], along(1), 'axis 1'),
  ...[undefined, 1].map((axis) => ofInputs([ROW, [3], [1]], along(axis), `axis ${axis}`)),
  ofFlattened(
    [
      [2, 3, 4],
      [4, 3, 1],
      [1, 2, 2],
    ],
    along(undefined),
  ),
];

const dots = (shapes: [number[], number[]], axes: (number | [number, number])[]): Case[] =>
  grid({ axes, normalize: [false, true] }).map((options) =>
    ofInputs(shapes, () => l.dot(options), JSON.stringify(options)),
  );

export const MERGES = {
  Add: elementwise(() => l.add()),
  Average: elementwise(() => l.average()),
  Concatenate: concatenate,
  Dot: [
    ...dots([ROW, ROW], [1, -1, [1, 1], [-1, -1]]),
    ...dots([SEQUENCE, SEQUENCE], [1, 2, -1, [1, 1], [2, 2]]),
    ...dots(
      [
        [4, 5],
        [5, 6],
      ],
      [[2, 1]],
    ),
    ...dots(
      [
        [5, 4],
        [6, 5],
      ],
      [[1, 2]],
    ),
    ...dots([[4, 5], [5]], [[2, 1]]),
    ...dots([[5], [5, 4]], [1, [1, 1]]),
    ...dots([[5], [4, 5]], [-1, [1, 2]]),
    ofFlattened(
      [
        [2, 3, 4],
        [4, 3, 2],
      ],
      () => l.dot({ axes: 1 }),
    ),
  ],
  Maximum: elementwise(() => l.maximum()),
  Minimum: elementwise(() => l.minimum()),
  Multiply: elementwise(() => l.multiply()),
};
