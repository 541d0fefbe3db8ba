import * as tf from '@tensorflow/tfjs-core';
import type { KernelName, UnaryKernel } from '../../../../train/ort-backend/lowerings/kernels.js';
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

type Operation = (x: tf.Tensor) => tf.Tensor;

const SHAPES = [[], [2, 3, 4, 3]];

/** Every shape, with numbers from `low` to `high`. */
const over = (low: number, high: number, compute: Operation, options: Partial<Case> = {}): Case[] =>
  SHAPES.map((shape) => check(`float32 ${named(shape)}`, [float(shape, low, high)], compute, options));

const whole = (compute: Operation): Case => check('int32', [int([2, 2, 3, 3])], compute);

/** Numbers at which a formula may overflow, cancel or divide by 0. */
const at = (values: readonly number[], compute: Operation, options: Partial<Case> = {}): Case =>
  check(`at ${values}`, [exactly(values)], compute, options);

const ODD = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e30, -7];
const FAR = [-1000, -100, -20, -1e-6, 0, 1e-6, 20, 100, 1000];
/** Where a difference from 1 has few digits left. */
const NEAR_ZERO = [1e-12, -1e-8, 1e-8, -1e-5, 9e-5, -2e-4, 1e-3, -0];
const enlarged =
  (compute: Operation): Operation =>
  (x) =>
    tf.mul(compute(x), 1e12);
const FLAT = { withoutGradient: 'TensorFlow.js has none' };

export const UNARY_CASES: CaseTable<UnaryKernel> = {
  Abs: [...over(-2, 2, tf.abs), whole(tf.abs)],
  Acos: over(-0.9, 0.9, tf.acos),
  Acosh: over(1.2, 4, tf.acosh),
  Asin: over(-0.9, 0.9, tf.asin),
  Asinh: over(-3, 3, tf.asinh),
  Atan: over(-3, 3, tf.atan),
  Atanh: over(-0.9, 0.9, tf.atanh),
  Ceil: [...over(-3, 3, tf.ceil), at([-1.5, -0.5, 0.5, 1, 2.5], tf.ceil)],
  Cos: over(-4, 4, tf.cos),
  Cosh: over(-2, 2, tf.cosh),
  Elu: [...over(-2, 2, tf.elu), at(FAR, tf.elu)],
  Erf: over(-3, 3, tf.erf),
  Exp: [...over(-3, 2, tf.exp), at([-1000, -100, 0, 80, 1000, Number.NaN], tf.exp)],
  Expm1: [...over(-2, 2, tf.expm1), at(FAR, tf.expm1), at(NEAR_ZERO, enlarged(tf.expm1))],
  Floor: [...over(-3, 3, tf.floor), at([-1.5, -0.5, 0.5, 1, 2.5], tf.floor)],
  Identity: [...over(-2, 2, tf.clone), whole(tf.clone)],
  IsFinite: [at(ODD, tf.isFinite, DISCRETE), ...over(-2, 2, tf.isFinite, DISCRETE)],
  IsInf: [at(ODD, tf.isInf, DISCRETE), ...over(-2, 2, tf.isInf, DISCRETE)],
  IsNan: [at(ODD, tf.isNaN, DISCRETE), ...over(-2, 2, tf.isNaN, DISCRETE)],
  Log: [...over(0.2, 4, tf.log), at([0, 1, -1], tf.log, { withoutGradient: 'infinite at 0' })],
  Log1p: [
    ...over(-0.8, 4, tf.log1p),
    at([-0.999, 1e10, Number.POSITIVE_INFINITY], tf.log1p, DISCRETE),
    at(NEAR_ZERO, enlarged(tf.log1p)),
  ],
  LogicalNot: [[4], [2, 3, 4, 3]].map((shape) => check(named(shape), [bool(shape)], tf.logicalNot)),
  Neg: [...over(-2, 2, tf.neg), whole(tf.neg)],
  OnesLike: [...over(-2, 2, tf.onesLike), whole(tf.onesLike)],
  Reciprocal: over(0.3, 3, tf.reciprocal),
  Relu: [...over(-2, 2, tf.relu), whole(tf.relu), at([-1, -0, 0, 1], tf.relu)],
  Relu6: [...over(-2, 9, tf.relu6), at([-1, 0, 6, 7], tf.relu6)],
  Round: [...over(-3, 3, tf.round), at([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], tf.round)],
  Rsqrt: over(0.3, 4, tf.rsqrt),
  Selu: [...over(-2, 2, tf.selu), at(FAR, tf.selu)],
  Sigmoid: [...over(-4, 4, tf.sigmoid), at(FAR, tf.sigmoid)],
  Sign: [...over(-2, 2, tf.sign), at([-3, -0, 0, 3], tf.sign)],
  Sin: over(-4, 4, tf.sin),
  Sinh: over(-2, 2, tf.sinh),
  Softplus: [...over(-4, 4, tf.softplus), at(FAR, tf.softplus)],
  Sqrt: over(0.2, 4, tf.sqrt),
  Square: [...over(-2, 2, tf.square), whole(tf.square)],
  Tan: over(-1.2, 1.2, tf.tan),
  Tanh: [...over(-3, 3, tf.tanh), at(FAR, tf.tanh)],
  ZerosLike: [...over(-2, 2, tf.zerosLike), whole(tf.zerosLike)],
};

type Parametric = 'Cast' | 'ClipByValue' | 'LeakyRelu' | 'Step';

const casts = (spec: InputSpec): Case[] =>
  (['float32', 'int32', 'bool'] as const).map((dtype) =>
    check(`${spec.dtype} to ${dtype} ${named(spec.shape)}`, [spec], (x) => tf.cast(x, dtype), DISCRETE),
  );

export const PARAMETRIC_CASES: CaseTable<Parametric & KernelName> = {
  Cast: [
    ...[float([2, 3, 4, 3], -3, 3), int([5]), bool([2, 3])].flatMap(casts),
    check(
      'of what int32 does not hold',
      [exactly([...ODD, 3e9, -3e9, 2147483648, 2 ** 53 + 2 ** 30])],
      (x) => tf.cast(x, 'int32'),
      DISCRETE,
    ),
    check('float32 from a comparison', [float([6])], (x) => tf.cast(tf.greater(x, 0), 'float32'), FLAT),
  ],
  ClipByValue: [
    ...over(-2, 2, (x) => tf.clipByValue(x, -0.7, 1.1)),
    ...[
      [0, Number.POSITIVE_INFINITY],
      [-1e10, 1e10],
      [-2.5, 2.5],
    ].map(([low, high]) =>
      check(`int32 from ${low} to ${high}`, [int([2, 3, 4, 3])], (x) => tf.clipByValue(x, low!, high!)),
    ),
  ],
  LeakyRelu: over(-2, 2, (x) => tf.leakyRelu(x, 0.3)),
  Step: [...over(-2, 2, (x) => tf.step(x)), ...over(-2, 2, (x) => tf.step(x, 0.3))],
};
