import * as tf from '@tensorflow/tfjs-core';
import type { MATMUL } from '../../../../train/ort-backend/lowerings/matmul.js';
import { type Case, type CaseTable, check, float, named } from '../case.js';

interface Place {
  a: number[];
  b: number[];
  transposeA?: boolean;
  transposeB?: boolean;
}

const PLACES: readonly Place[] = [
  { a: [3, 4], b: [4, 2] },
  { a: [4, 3], b: [4, 2], transposeA: true },
  { a: [3, 4], b: [2, 4], transposeB: true },
  { a: [4, 3], b: [2, 4], transposeA: true, transposeB: true },
  { a: [1, 4], b: [4, 1] },
  { a: [2, 3, 4], b: [2, 4, 5] },
  { a: [2, 4, 3], b: [2, 4, 5], transposeA: true },
  { a: [2, 3, 4], b: [2, 5, 4], transposeB: true },
  { a: [2, 2, 3, 4], b: [2, 2, 4, 3] },
  { a: [2, 2, 4, 3], b: [2, 2, 3, 4], transposeA: true, transposeB: true },
  { a: [1, 3, 4], b: [1, 4, 2] },
];

/** One factor for many: TensorFlow.js has no gradient that sums over the repeated one. */
const BROADCAST: readonly Place[] = [
  { a: [1, 3, 4], b: [2, 4, 5] },
  { a: [2, 3, 4], b: [4, 5] },
];

const product = (
  { a, b, transposeA = false, transposeB = false }: Place,
  options: Partial<Case> = {},
): Case =>
  check(
    `${named(a)}${transposeA ? ' transposed' : ''} by ${named(b)}${transposeB ? ' transposed' : ''}`,
    [float(a), float(b)],
    (x, y) => tf.matMul(x, y, transposeA, transposeB),
    options,
  );

type Fused = Omit<Parameters<typeof tf.fused.matMul>[0], 'a' | 'b'>;

/** Where only the shape is new: how an input is kept has been tried. */
const REPEATED: Partial<Case> = { origins: ['convolved', 'repeated'] };

const fused = (
  title: string,
  options: Partial<Fused>,
  bias: number[] | null = [5],
  slope: number[] | null = null,
): Case => {
  const shapes = [bias, slope].filter((shape) => shape !== null);
  return check(
    title,
    [float([3, 4]), float([4, 5]), ...shapes.map((shape) => float(shape))],
    (a, b, ...rest) => {
      const [offset, weights] = bias ? rest : [undefined, ...rest];
      return tf.fused.matMul({ a, b, ...options, bias: offset!, preluActivationWeights: weights! });
    },
    REPEATED,
  );
};

export const MATMUL_CASES: CaseTable<keyof typeof MATMUL> = {
  BatchMatMul: [
    product(PLACES[0]!),
    ...PLACES.slice(1).map((place) => product(place, REPEATED)),
    ...BROADCAST.map((place) =>
      product(place, { ...REPEATED, withoutGradient: 'TensorFlow.js has none that broadcasts' }),
    ),
    check('after a flatten', [float([2, 3, 4, 3]), float([36, 5])], (x, weights) =>
      tf.matMul(tf.reshape(x, [2, 36]), weights),
    ),
  ],
  _FusedMatMul: [
    fused('alone', {}, null),
    fused('bias', {}),
    fused('bias of a whole matrix', {}, [3, 5]),
    fused('relu', { activation: 'relu' }),
    fused('relu6', { activation: 'relu6' }),
    fused('elu', { activation: 'elu' }),
    fused('sigmoid', { activation: 'sigmoid' }),
    fused('leaky relu', { activation: 'leakyrelu', leakyreluAlpha: 0.3 }),
    fused('prelu', { activation: 'prelu' }, [5], [5]),
  ],
};
