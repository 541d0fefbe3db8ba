import * as tf from '@tensorflow/tfjs-core';
import type { GATHER } from '../../../../train/ort-backend/lowerings/gather.js';
import type { SCATTER } from '../../../../train/ort-backend/lowerings/scatter.js';
import type { SELECTION } from '../../../../train/ort-backend/lowerings/selection.js';
import {
  bool,
  type Case,
  type CaseTable,
  check,
  DISCRETE,
  exactly,
  float,
  type InputSpec,
  int,
  named,
} from '../case.js';

const IMAGE = [2, 3, 4, 3];

const whole = (values: number[], shape?: number[]): InputSpec => exactly(values, shape, 'int32');

const gathered = (shape: number[], indices: InputSpec, axis: number, batchDims = 0): Case =>
  check(
    `${named(shape, indices.shape)} along ${axis}${batchDims ? `, ${batchDims} of them batch` : ''}`,
    [float(shape), indices],
    (x, places) => tf.gather(x, places as tf.Tensor1D, axis, batchDims),
    batchDims ? { withoutGradient: "TensorFlow.js's leaves the batch out" } : {},
  );

const NONE = { withoutGradient: 'TensorFlow.js has none' };

export const GATHER_CASES: CaseTable<keyof typeof GATHER> = {
  GatherNd: [
    check('rows', [float([3, 4]), whole([2, 0, 2], [3, 1])], tf.gatherND, NONE),
    check('elements', [float([3, 4]), whole([2, 0, 1, 3], [2, 2])], tf.gatherND, NONE),
    check('of a picture', [float(IMAGE), whole([1, 2, 0, 1], [2, 1, 2])], tf.gatherND, NONE),
    check(
      'of a matrix computed',
      [float([3, 4]), int([2, 1], 0, 2)],
      (x, at) => tf.gatherND(tf.exp(x), at),
      NONE,
    ),
  ],
  GatherV2: [
    gathered([5], whole([3, 0, 3]), 0),
    gathered([4, 3], whole([2, 0]), 1),
    gathered([4, 3], whole([2, 0, 1, 1], [2, 2]), 0),
    gathered(IMAGE, whole([0, 2, 1, 2], [2, 2]), 1),
    gathered(IMAGE, whole([1]), -1),
    gathered([2, 3], whole([2, 0, 1, 1], [2, 2]), 1, 1),
    gathered(IMAGE, whole([2, 0, 1, 1], [2, 2]), 1, 1),
    gathered(IMAGE, whole([2, 0, 1, 1], [2, 2]), 2, 1),
    gathered([2, 3, 4], whole([2, 0, 1, 1, 3, 0], [2, 3]), 2, 2),
  ],
};

const counted = (title: string, x: InputSpec, weights: InputSpec, size: number): Case =>
  check(
    title,
    [x, weights],
    (numbers, shares) => tf.bincount(numbers as tf.Tensor1D, shares as tf.Tensor1D, size),
    NONE,
  );

const densely = (title: string, x: InputSpec, weights: InputSpec, binary: boolean): Case =>
  check(
    title,
    [x, weights],
    (numbers, shares) => tf.denseBincount(numbers as tf.Tensor2D, shares as tf.Tensor2D, 4, binary),
    NONE,
  );

const NO_WEIGHTS = exactly([], [0]);

const TRUTHS = exactly([1, 1, 0, 1], [4], 'bool');

/** Weights that count as 0 and 1; the cpu backend calls what it sums of them bools. */
const truly = (one: Case): Case => ({
  ...one,
  reference: (numbers, shares) => one.compute(numbers!, tf.cast(shares!, 'int32')),
});

export const SCATTER_CASES: CaseTable<keyof typeof SCATTER> = {
  Bincount: [
    counted('without weights', int([9], 0, 4), NO_WEIGHTS, 5),
    counted('with weights', int([9], 0, 4), float([9]), 5),
    counted('past the end', whole([0, 7, 2, 2]), NO_WEIGHTS, 3),
    truly(counted('with bools', whole([1, 1, 0, 0]), TRUTHS, 3)),
  ],
  DenseBincount: [
    densely('a vector', int([9], 0, 5), NO_WEIGHTS, false),
    densely('a vector, weighted', int([9], 0, 5), float([9]), false),
    densely('rows', int([2, 5], 0, 5), NO_WEIGHTS, false),
    densely('rows, weighted', int([2, 5], 0, 5), float([2, 5]), false),
    densely('rows, whether at all', int([2, 5], 0, 5), NO_WEIGHTS, true),
    densely('no rows', int([0, 5], 0, 5), NO_WEIGHTS, false),
    truly(densely('a vector, with bools', whole([1, 1, 0, 0]), TRUTHS, false)),
    truly(densely('rows, with bools, whether at all', whole([1, 2, 0, 3], [2, 2]), bool([2, 2]), true)),
  ],
  ScatterNd: [
    check(
      'rows, some twice',
      [whole([1, 0, 1], [3, 1]), float([3, 2])],
      (at, x) => tf.scatterND(at, x, [4, 2]),
      NONE,
    ),
    check(
      'elements',
      [whole([1, 0, 2, 1], [2, 2]), float([2])],
      (at, x) => tf.scatterND(at, x, [3, 2]),
      NONE,
    ),
    check('int32', [whole([1, 0, 1], [3, 1]), int([3])], (at, x) => tf.scatterND(at, x, [4])),
  ],
  SparseToDense: [
    check(
      'with a default',
      [whole([1, 3]), float([2]), float([])],
      (at, values, rest) => tf.sparseToDense(at, values, [5], rest as tf.Scalar),
      NONE,
    ),
    check(
      'of a matrix',
      [whole([0, 1, 2, 0], [2, 2]), float([2]), float([])],
      (at, values, rest) => tf.sparseToDense(at, values, [3, 2], rest as tf.Scalar),
      NONE,
    ),
    check(
      'one number for all',
      [whole([1, 3]), float([]), float([])],
      (at, values, rest) => tf.sparseToDense(at, values, [5], rest as tf.Scalar),
      NONE,
    ),
  ],
  TensorScatterUpdate: [
    check('rows', [float([4, 2]), whole([1, 3], [2, 1]), float([2, 2])], tf.tensorScatterUpdate, NONE),
    check('elements, int32', [int([3, 2]), whole([1, 0, 2, 1], [2, 2]), int([2])], tf.tensorScatterUpdate),
  ],
  UnsortedSegmentSum: [
    check('a vector', [float([5]), whole([0, 2, 0, 1, 2])], (x, rows) =>
      tf.unsortedSegmentSum(x, rows as tf.Tensor1D, 4),
    ),
    check('rows', [float([4, 3]), whole([1, 0, 1, 2])], (x, rows) =>
      tf.unsortedSegmentSum(x, rows as tf.Tensor1D, 3),
    ),
    check('pictures', [float(IMAGE), whole([1, 1])], (x, rows) =>
      tf.unsortedSegmentSum(x, rows as tf.Tensor1D, 2),
    ),
    check(
      'numbers out of range',
      [float([4]), whole([1, -1, 9, 0])],
      (x, rows) => tf.unsortedSegmentSum(x, rows as tf.Tensor1D, 2),
      { withoutGradient: 'gathers what is out of range' },
    ),
    check(
      'bool',
      [TRUTHS, whole([1, 1, 0, 0])],
      (x, rows) => tf.unsortedSegmentSum(x, rows as tf.Tensor1D, 2),
      // The cpu backend gives float32, of whole numbers too.
      { reference: (x, rows) => tf.cast(tf.unsortedSegmentSum(x, rows as tf.Tensor1D, 2), 'int32') },
    ),
  ],
};

const einsum = (equation: string, ...shapes: number[][]): Case =>
  check(
    `${equation} of ${named(...shapes)}`,
    shapes.map((shape) => float(shape)),
    (...inputs) => tf.einsum(equation, ...inputs),
    { ...NONE, tolerance: { within: 1e-5, because: 'float32 sums in another order' } },
  );

/** The cpu backend gives the type of the input that comes last, which must be one that holds all. */
const einsumOf = (equation: string, ...inputs: InputSpec[]): Case =>
  check(
    `${equation} of ${inputs.map(({ dtype }) => dtype).join(' and ')}`,
    inputs,
    (...tensors) => tf.einsum(equation, ...tensors),
    NONE,
  );

const topped = (spec: InputSpec, k: number, sorted = true): Case =>
  check(
    `${spec.dtype} ${k} of ${named(spec.shape)}`,
    [spec],
    (x) => {
      const { values, indices } = tf.topk(x, k, sorted);
      return [values, indices];
    },
    DISCRETE,
  );

export const PICKING_CASES: CaseTable<keyof typeof SELECTION> = {
  Diag: [
    check('a vector', [float([3])], tf.diag, NONE),
    check('a matrix', [int([2, 2])], tf.diag, NONE),
    check('bool', [bool([3])], tf.diag, NONE),
  ],
  Einsum: [
    einsum('ij,jk->ik', [2, 3], [3, 4]),
    einsum('bij,bjk->bik', [2, 2, 3], [2, 3, 4]),
    einsum('ij->ji', [2, 3]),
    einsum('ij->', [2, 3]),
    einsum('i,j->ij', [2], [3]),
    einsumOf('ij,jk->ik', int([2, 3]), float([3, 4])),
    {
      ...einsumOf('ij,jk->ik', float([2, 3]), int([3, 4])),
      reference: (x, y) => tf.einsum('ij,jk->ik', x, tf.cast(y, 'float32')),
    },
    einsumOf('ij,j->i', bool([2, 3]), int([3])),
    einsumOf('ij,j->i', bool([2, 3]), bool([3])),
    einsumOf('ij->i', bool([2, 3])),
    {
      ...einsum('bhwc,hkc->bkh', IMAGE, [3, 2, 3]),
      // The cpu backend mistakes the axes where one is summed that only one input has.
      reference: (x, y) => {
        const rows = tf.reshape(tf.sum(x, 2), [2, 1, 3, 3]);
        return tf.sum(tf.mul(rows, tf.reshape(tf.transpose(y, [1, 0, 2]), [1, 2, 3, 3])), 3);
      },
    },
  ],
  TopK: [
    topped(float([7]), 3),
    topped(float([2, 5]), 1),
    topped(int([3, 6], 0, 2), 4),
    topped(float(IMAGE), 2),
    topped(float([4]), 0),
  ],
};
