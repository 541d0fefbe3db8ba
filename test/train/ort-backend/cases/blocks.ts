import * as tf from '@tensorflow/tfjs-core';
import type { BLOCKS } from '../../../../train/ort-backend/lowerings/blocks.js';
import { type Case, type CaseTable, check, float, int, named } from '../case.js';

type Operation = (x: tf.Tensor) => tf.Tensor;

const IMAGE = [2, 4, 4, 3];
const NONE = { withoutGradient: 'TensorFlow.js has none' };

/** The same for float32 and int32. */
const moved = (title: string, shape: number[], compute: Operation, options: Partial<Case> = {}): Case[] =>
  [float(shape), int(shape)].map((spec) =>
    check(`${spec.dtype} ${named(shape)} ${title}`, [spec], compute, options),
  );

const mirrored = (shape: number[], paddings: [number, number][]): Case[] =>
  (['reflect', 'symmetric'] as const).flatMap((mode) =>
    moved(`${mode} by (${paddings.join('; ')})`, shape, (x) => tf.mirrorPad(x, paddings, mode)),
  );

const strided = (
  title: string,
  shape: number[],
  begin: number[],
  end: number[],
  strides: number[],
  ...masks: number[]
): Case[] => moved(title, shape, (x) => tf.stridedSlice(x, begin, end, strides, ...masks), NONE);

export const BLOCKS_CASES: CaseTable<keyof typeof BLOCKS> = {
  BatchToSpaceND: [
    ...moved('by 2 and 2', [4, 2, 3, 3], (x) =>
      tf.batchToSpaceND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ),
    ...moved('cropped', [6, 2, 3, 2], (x) =>
      tf.batchToSpaceND(
        x,
        [2, 3],
        [
          [1, 0],
          [1, 2],
        ],
      ),
    ),
  ],
  DepthToSpace: [
    check('by 2', [float([2, 2, 3, 8])], (x) => tf.depthToSpace(x as tf.Tensor4D, 2), NONE),
    check('by 3', [float([1, 2, 2, 9])], (x) => tf.depthToSpace(x as tf.Tensor4D, 3), NONE),
  ],
  FlipLeftRight: [check(named(IMAGE), [float(IMAGE)], (x) => tf.image.flipLeftRight(x as tf.Tensor4D), NONE)],
  MirrorPad: [
    ...mirrored([5], [[2, 1]]),
    ...mirrored(
      [3, 4],
      [
        [0, 2],
        [1, 3],
      ],
    ),
    ...mirrored(IMAGE, [
      [0, 0],
      [1, 2],
      [3, 0],
      [0, 0],
    ]),
  ],
  SpaceToBatchND: [
    ...moved('by 2 and 2', IMAGE, (x) =>
      tf.spaceToBatchND(
        x,
        [2, 2],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    ),
    ...moved('padded', [2, 3, 4, 2], (x) =>
      tf.spaceToBatchND(
        x,
        [2, 3],
        [
          [1, 0],
          [0, 2],
        ],
      ),
    ),
  ],
  StridedSlice: [
    ...strided('every second', [7], [1], [6], [2]),
    ...strided('backwards', [7], [5], [0], [-2]),
    ...strided('backwards to the start', [7], [-1], [-8], [-1]),
    ...strided('of a matrix', [4, 5], [0, 4], [4, 0], [2, -2]),
    ...strided('of a picture', IMAGE, [0, 1, 0, 0], [2, 4, 4, 3], [1, 2, 3, 1]),
    ...strided('with masks', [3, 4], [1, 1], [2, 3], [1, 1], 1, 2),
    ...strided('of one row', [3, 4], [1, 0], [2, 4], [1, 1], 0, 0, 0, 0, 1),
    ...strided('of nothing', [3, 4], [2, 3], [1, 0], [1, 2]),
  ],
};
