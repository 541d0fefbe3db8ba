import { LocalResponseNormalization } from '../../../train/models/local-response.js';
import { grid, l } from '../support.js';
import { behind, cases, IMAGE, ROW, SEQUENCE } from './case.js';

const flat = () => [l.flatten()];
const TRAINED = grid({ center: [true, false], scale: [true, false], epsilon: [1e-3, 0.1] });

export const NORMALIZATIONS = {
  BatchNormalization: [
    ...cases(
      IMAGE,
      grid({ center: [true, false], scale: [true, false], axis: [-1, 3] }),
      l.batchNormalization,
    ),
    ...cases(IMAGE, TRAINED, l.batchNormalization),
    ...cases(SEQUENCE, [...TRAINED, { axis: 2 }], l.batchNormalization),
    ...cases(ROW, [...TRAINED, { axis: 1 }], l.batchNormalization),
    ...behind([4, 3, 2], flat, TRAINED, l.batchNormalization),
  ],
  LayerNormalization: [
    ...cases(
      IMAGE,
      grid({
        axis: [-1, 1, 2, 3, [1, 2], [2, 3], [3, 1], [1, 2, 3], [-1, -3]] as (number | number[])[],
        center: [true, false],
        scale: [true, false],
      }),
      l.layerNormalization,
    ),
    ...cases(
      SEQUENCE,
      grid({ axis: [-1, 1, [1, 2]] as (number | number[])[], epsilon: [1e-3, 0.1] }),
      l.layerNormalization,
    ),
    ...cases(ROW, TRAINED, l.layerNormalization),
    ...behind([4, 3, 2], flat, TRAINED, l.layerNormalization),
  ],
  // AlexNet's own, and windows wider than there are channels.
  LocalResponseNormalization: [IMAGE, [2, 2, 20]].flatMap((input) =>
    cases(
      input,
      [
        { depthRadius: 4, bias: 1, alpha: 0.001 / 9, beta: 0.75 },
        ...grid({ depthRadius: [0, 1, 5], bias: [1, 2], alpha: [0.5], beta: [0.5, 0.75] }),
      ],
      (options) => new LocalResponseNormalization(options),
    ),
  ),
  Rescaling: [
    ...[IMAGE, SEQUENCE, ROW, [2, 3, 4, 5]].flatMap((input) =>
      cases(input, grid({ scale: [1, 2, 1 / 255], offset: [0, -1] }), l.rescaling),
    ),
    ...behind([4, 3, 2], flat, [{ scale: 2, offset: -1 }], l.rescaling),
  ],
};
