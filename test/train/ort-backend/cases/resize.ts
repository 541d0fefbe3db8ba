import * as tf from '@tensorflow/tfjs-core';
import type { LOCAL_RESPONSE } from '../../../../train/ort-backend/lowerings/local-response.js';
import type { RESIZE } from '../../../../train/ort-backend/lowerings/resize.js';
import { type Case, type CaseTable, check, float, int, named } from '../case.js';

type Size = [number, number];
type Resize = (x: tf.Tensor4D, size: Size, alignCorners?: boolean, halfPixelCenters?: boolean) => tf.Tensor4D;

const SIZES: readonly [number[], Size][] = [
  [
    [2, 3, 3, 3],
    [6, 6],
  ],
  [
    [2, 5, 5, 2],
    [3, 2],
  ],
  [
    [1, 4, 4, 1],
    [7, 5],
  ],
  [
    [2, 3, 3, 2],
    [3, 3],
  ],
  [
    [1, 4, 4, 2],
    [1, 1],
  ],
];

const SAMPLINGS: readonly [string, boolean, boolean][] = [
  ['by ratio', false, false],
  ['corners aligned', true, false],
  ['centres aligned', false, true],
];

/**
 * Gradients of squares only, and of nearest neighbours for one picture only: the cpu backend exchanges height and width, and
 * takes later pictures' gradients from the wrong place.
 */
const resized = (resize: Resize, mostPictures = 2): Case[] =>
  SIZES.flatMap(([shape, size]) =>
    SAMPLINGS.map(([title, alignCorners, halfPixels]) =>
      check(
        `${named(shape)} to ${size}, ${title}`,
        [float(shape)],
        (x) => resize(x as tf.Tensor4D, size, alignCorners, halfPixels),
        halfPixels
          ? { withoutGradient: "TensorFlow.js's does not know of centres" }
          : shape[0]! > mostPictures
            ? { withoutGradient: "the cpu backend's is wrong for more than one picture" }
            : {},
      ),
    ),
  );

const oblong = (resize: Resize): Case =>
  check('no square', [float([2, 3, 5, 2])], (x) => resize(x as tf.Tensor4D, [4, 9]), {
    withoutGradient: 'the cpu backend exchanges height and width',
  });

const enlarged = (resize: Resize, pictures = 2): Case[] => [
  check('after a product', [float([pictures, 3, 3, 2])], (x) => resize(tf.square(x) as tf.Tensor4D, [6, 6])),
  check('to less', [float([pictures, 5, 5, 2])], (x) => resize(tf.exp(x) as tf.Tensor4D, [3, 3], true)),
];

export const RESIZE_CASES: CaseTable<keyof typeof RESIZE> = {
  ResizeBilinear: [
    ...resized(tf.image.resizeBilinear),
    oblong(tf.image.resizeBilinear),
    check('int32', [int([1, 3, 3, 1])], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [5, 4])),
  ],
  ResizeBilinearGrad: enlarged(tf.image.resizeBilinear),
  ResizeNearestNeighbor: [
    ...resized(tf.image.resizeNearestNeighbor, 1),
    oblong(tf.image.resizeNearestNeighbor),
    check('int32', [int([1, 3, 3, 1])], (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [5, 4])),
  ],
  ResizeNearestNeighborGrad: enlarged(tf.image.resizeNearestNeighbor, 1),
};

const responding = (shape: number[], ...parameters: number[]): Case =>
  check(`${named(shape)} by ${parameters}`, [float(shape)], (x) =>
    tf.localResponseNormalization(x as tf.Tensor4D, ...parameters),
  );

export const LOCAL_RESPONSE_CASES: CaseTable<keyof typeof LOCAL_RESPONSE> = {
  LRN: [
    responding([2, 2, 3, 7], 2, 1, 0.5, 0.75),
    responding([1, 2, 2, 3], 5),
    responding([1, 2, 2, 5], 0, 2, 1, 1),
  ],
  LRNGrad: [
    check('after a product', [float([2, 2, 2, 5])], (x) =>
      tf.localResponseNormalization(tf.square(x) as tf.Tensor4D, 1, 1, 0.5, 0.5),
    ),
  ],
};
