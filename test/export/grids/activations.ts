import { grid, l } from '../support.js';
import { behind, cases, IMAGE, ROW, SEQUENCE, TYPED_ACTIVATIONS } from './case.js';

const SHAPES = [IMAGE, SEQUENCE, ROW];
/** Past the bends of every function, 6 included. */
const WIDE = { feed: (uniform: number) => uniform * 8 };
const flat = () => [l.flatten()];

/** On every shape, and on a map that was flattened. */
const everywhere = <O extends object>(options: readonly O[], make: Parameters<typeof cases<O>>[2]) => [
  ...SHAPES.flatMap((input) => cases(input, options, make, WIDE)),
  ...behind([4, 3, 2], flat, options, make),
];

export const ACTIVATION_LAYERS = {
  Activation: everywhere(
    TYPED_ACTIVATIONS.map((activation) => ({ activation })),
    l.activation,
  ),
  ELU: everywhere([{}, { alpha: 1 }], l.elu),
  LeakyReLU: everywhere([{}, { alpha: 0.01 }, { alpha: 0 }, { alpha: 1.5 }], l.leakyReLU),
  PReLU: [
    ...cases(
      IMAGE,
      [{}, ...grid({ sharedAxes: [1, 2, 3, [1, 2], [2, 3], [1, 3], [1, 2, 3]] as (number | number[])[] })],
      l.prelu,
      WIDE,
    ),
    ...cases(SEQUENCE, [{}, { sharedAxes: 1 }, { sharedAxes: [2] }, { sharedAxes: [1, 2] }], l.prelu, WIDE),
    ...cases(ROW, [{}, { sharedAxes: 1 }], l.prelu, WIDE),
    ...behind([4, 3, 2], flat, [{}, { sharedAxes: 1 }], l.prelu),
  ],
  ReLU: everywhere([{}, { maxValue: 6 }, { maxValue: 0.5 }, { maxValue: 0 }], l.reLU),
  Softmax: [
    ...cases(
      IMAGE,
      grid({ axis: [3, -1, [3], [1, 2], [2, 3], [3, 1], [-2, -1], [1, 2, 3]] as number[] }),
      l.softmax,
      WIDE,
    ),
    ...cases(SEQUENCE, grid({ axis: [2, -1, [1, 2]] as number[] }), l.softmax, WIDE),
    ...cases(ROW, [{}, ...grid({ axis: [1, -1, [1]] as number[] })], l.softmax, WIDE),
    ...behind([4, 3, 2], flat, [{}, { axis: -1 }], l.softmax),
  ],
  ThresholdedReLU: everywhere([{}, { theta: 0.5 }, { theta: 0 }], l.thresholdedReLU),
};
