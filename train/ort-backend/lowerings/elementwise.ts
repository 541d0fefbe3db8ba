import { backend_util, type DataType, upcastType } from '@tensorflow/tfjs-core';
import type { Operator, Operators } from '../../../onnx/operators.js';
import type { ElementType } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { isNoGradient, type Layout, sizeOf, uniformValue, type Value } from '../value.js';
import type { BinaryKernel, Table, UnaryKernel } from './kernels.js';

/** Operators that take their inputs alone. */
type Plain = { [O in Operator]: Record<never, never> extends Operators[O] ? O : never }[Operator];

/** Applies an operator element by element: same shape, same layout. */
export function unary<O extends Operator>(
  graph: LazyGraph,
  operator: O,
  x: Value,
  attributes: Operators[O],
  type: ElementType = x.type,
): Value {
  const { inner, rename } = graph.beforeView(x);
  const { shape, layout, stored } = inner;
  return rename(graph.emit(operator, [inner], attributes, { shape, layout, stored, type }));
}

/** The layout that spares the most work: what a convolution made stays as it is. */
function commonLayout(values: readonly Value[]): Layout {
  const pictures = values.filter(({ stored }) => stored.length === 4);
  const has = (layout: Layout) => pictures.some((picture) => picture.layout === layout);
  return has('batch-last') ? 'batch-last' : has('channels-first') ? 'channels-first' : 'logical';
}

/** Brings values to one layout and rank so that ONNX's broadcasting gives what TensorFlow.js's would. */
export function align(
  graph: LazyGraph,
  values: readonly Value[],
): { values: Value[]; shape: number[]; layout: Layout } {
  const shape = values.reduce<number[]>(
    (known, value) => backend_util.assertAndGetBroadcastShape(known, [...value.shape]),
    [],
  );
  const layout = shape.length === 4 ? commonLayout(values) : 'logical';
  return {
    values: values.map((value) => graph.inLayout(graph.broadcast(value, shape), layout)),
    shape,
    layout,
  };
}

/** Applies an operator to values that broadcast. */
export function elementwise<O extends Plain>(
  graph: LazyGraph,
  operator: O,
  inputs: readonly Value[],
  type?: ElementType,
  attributes: Operators[O] = {} as Operators[O],
): Value {
  const { values, shape, layout } = align(graph, inputs);
  const stored = values.reduce<number[]>(
    (known, value) => backend_util.assertAndGetBroadcastShape(known, [...value.stored]),
    [],
  );
  const emitted = { shape, layout, stored, type: type ?? values.at(-1)!.type };
  const isScalar = (value: Value) => value.stored.length === 0;
  const isOneBesideScalars = stored.at(-1) === 1 && values.filter((value) => !isScalar(value)).length === 1;
  if (!isOneBesideScalars) return graph.emit(operator, values, attributes, emitted);
  // ONNX Runtime would go through it number by number: it broadcasts over runs of the last axis, which is 1.
  const flat = [sizeOf(stored)];
  const line = values.map((value) => (isScalar(value) ? value : graph.view(value, flat)));
  return graph.view(
    graph.emit(operator, line, attributes, { ...emitted, shape: flat, stored: flat, layout: 'logical' }),
    stored,
    emitted,
  );
}

/** One value where a condition holds, else the other. */
export function where(graph: LazyGraph, condition: Value, then: Value, otherwise: Value): Value {
  if (then.type !== 'bool') return elementwise(graph, 'Where', [condition, then, otherwise]);
  // ONNX Runtime chooses among numbers only.
  const numbers = [then, otherwise].map((value) => graph.cast(value, 'int32'));
  return graph.cast(elementwise(graph, 'Where', [condition, ...numbers]), 'bool');
}

/** `value` where broadcasting does not change its shape, else its broadcast. */
function broadcastTo(graph: LazyGraph, value: Value, other: Value): Value {
  const shape = backend_util.assertAndGetBroadcastShape([...value.shape], [...other.shape]);
  return graph.broadcast(value, shape);
}

/** The greatest float32. */
export const GREATEST = 2 ** 128 * (1 - 2 ** -24);

const isZero = (value: Value) => uniformValue(value) === 0;
const isOne = (value: Value) => uniformValue(value) === 1;

export function zeros(graph: LazyGraph, { shape, type }: Pick<Value, 'shape' | 'type'>): Value {
  return graph.uniform(0, type, shape);
}

/** A convolution adds its bias, and what ONNX Runtime fuses to that, without another pass over memory. */
function withBias(graph: LazyGraph, x: Value, bias: Value): Value | null {
  const { inner, rename } = graph.beforeView(x);
  const { source, shape, layout, stored } = inner;
  const isFree = source.kind === 'node' && source.operator === 'Conv' && source.inputs.length === 2;
  const isOfChannels = bias.shape.length === 1 && bias.shape[0] === x.shape.at(-1) && x.layout !== 'logical';
  if (!isFree || !isOfChannels) return null;
  const inputs = [...source.inputs, graph.full(bias)];
  return rename(
    graph.emit('Conv', inputs, source.attributes as Operators['Conv'], { shape, layout, stored }),
  );
}

/** 1 where a Relu's output is above 0, else 0. In one pass: what is above 0 is far above 1 times the greatest number. */
export const stepOfRectified = (graph: LazyGraph, rectified: Value): Value =>
  unary(graph, 'HardSigmoid', rectified, { alpha: GREATEST, beta: 0 });

/** The same numbers with the greatest one in infinity's place. */
export function finite(graph: LazyGraph, x: Value): Value {
  const { shape, layout, stored } = x;
  const bounds = [number(graph, -GREATEST, x), number(graph, GREATEST, x)];
  return graph.emit('Clip', [x, ...bounds], {}, { shape, layout, stored });
}

/** The Relu's output that `step` was made of by `stepOfRectified`, or null. */
function rectifiedOf(graph: LazyGraph, step: Value): Value | null {
  const { source } = graph.beforeView(step).inner;
  return source.kind === 'node' && source.operator === 'HardSigmoid' ? source.inputs[0]! : null;
}

/** What was rectified, or null where `x` is not a Relu's output. */
export function beforeRelu(graph: LazyGraph, x: Value): Value | null {
  const { inner, rename } = graph.beforeView(x);
  const { source } = inner;
  if (source.kind !== 'node' || source.operator !== 'Relu') return null;
  return rename(source.inputs[0]!);
}

/** Sums, with 0 left out: TensorFlow.js adds gradients that are 0 for good. */
export function add(graph: LazyGraph, a: Value, b: Value): Value {
  if (isZero(a)) return broadcastTo(graph, b, a);
  if (isZero(b)) return broadcastTo(graph, a, b);
  return withBias(graph, a, b) ?? elementwise(graph, 'Add', [a, b]);
}

/** Products, with 1 left out, and no gradient. Zeros are multiplied: times infinity they are no number. */
export function multiply(graph: LazyGraph, a: Value, b: Value): Value {
  if (isNoGradient(a) || isOne(b)) return broadcastTo(graph, a, b);
  if (isNoGradient(b) || isOne(a)) return broadcastTo(graph, b, a);
  const rectified = rectifiedOf(graph, b);
  if (rectified && graph.isMasked(a, rectified)) return a;
  return elementwise(graph, 'Mul', [a, b]);
}

export function subtract(graph: LazyGraph, a: Value, b: Value): Value {
  return isZero(b) ? broadcastTo(graph, a, b) : elementwise(graph, 'Sub', [a, b]);
}

export function divide(graph: LazyGraph, a: Value, b: Value): Value {
  return isNoGradient(a) || isOne(b) ? broadcastTo(graph, a, b) : elementwise(graph, 'Div', [a, b]);
}

/** `x` where it is above 0, else `x * slope`; the operator broadcasts the slope to x, not x to the slope. */
export const prelu = (graph: LazyGraph, x: Value, slope: Value): Value =>
  elementwise(graph, 'PRelu', [graph.full(graph.cast(x, 'float32')), graph.cast(slope, 'float32')]);

export const number = (graph: LazyGraph, value: number, like: Pick<Value, 'type'>): Value =>
  graph.uniform(value, like.type, []);

const one =
  (operator: Plain) =>
  (graph: LazyGraph, { x }: { x: Value }) =>
    unary(graph, operator, x, {});
/** What leaves whole numbers as they are. */
const rounded =
  (operator: Plain) =>
  (graph: LazyGraph, { x }: { x: Value }) =>
    x.type === 'float32' ? unary(graph, operator, x, {}) : x;

/** `x` with another number where it is not one. */
export function withoutNaN(graph: LazyGraph, x: Value, instead: Value): Value {
  if (x.type !== 'float32') return x;
  return where(graph, unary(graph, 'IsNaN', x, {}, 'bool'), instead, x);
}

/** ONNX's operator is for float32 only. */
const oneFloat =
  (operator: Plain) =>
  (graph: LazyGraph, { x }: { x: Value }) =>
    unary(graph, operator, graph.cast(x, 'float32'), {});

/** `x + curvature * x²` where that is as near as float32 can be, which a difference from 1 is not; else `far`, of float64. */
function nearZero(graph: LazyGraph, x: Value, curvature: number, far: Value): Value {
  const isNear = elementwise(graph, 'Less', [unary(graph, 'Abs', x, {}), number(graph, 1e-4, x)], 'bool');
  const factor = add(graph, multiply(graph, x, number(graph, curvature, x)), number(graph, 1, x));
  return where(graph, isNear, multiply(graph, x, factor), graph.cast(far, 'float32'));
}

export const UNARY: Table<UnaryKernel | 'Cast' | 'ClipByValue' | 'LeakyRelu' | 'Step'> = {
  Abs: one('Abs'),
  Acos: oneFloat('Acos'),
  Acosh: oneFloat('Acosh'),
  Asin: oneFloat('Asin'),
  Asinh: oneFloat('Asinh'),
  Atan: oneFloat('Atan'),
  Atanh: oneFloat('Atanh'),
  Cast: (graph, { x }, { dtype }) => graph.cast(x, dtype as ElementType),
  Ceil: rounded('Ceil'),
  ClipByValue: (graph, { x }, { clipValueMin, clipValueMax }) => {
    const { shape, layout, stored } = x;
    const held = (bound: number) =>
      x.type === 'int32' ? Math.min(Math.max(bound, -(2 ** 31)), 2 ** 31 - 1) : bound;
    const bounds = [number(graph, held(clipValueMin), x), number(graph, held(clipValueMax), x)];
    return graph.emit('Clip', [x, ...bounds], {}, { shape, layout, stored });
  },
  Cos: oneFloat('Cos'),
  Cosh: oneFloat('Cosh'),
  Elu: (graph, { x }) => unary(graph, 'Elu', x, { alpha: 1 }),
  Erf: oneFloat('Erf'),
  // Whole numbers in float64, so that their large powers come out as TensorFlow.js rounds them.
  Exp: (graph, { x }) =>
    x.type === 'float32'
      ? unary(graph, 'Exp', x, {})
      : graph.cast(unary(graph, 'Exp', graph.cast(x, 'float64'), {}), 'float32'),
  Expm1: (graph, { x: given }) => {
    const x = graph.cast(given, 'float32');
    const wide = graph.cast(x, 'float64');
    const far = subtract(graph, unary(graph, 'Exp', wide, {}), number(graph, 1, wide));
    return nearZero(graph, x, 0.5, far);
  },
  Floor: rounded('Floor'),
  Identity: (_graph, { x }) => x,
  IsFinite: (graph, { x }) => {
    const number = graph.cast(x, 'float32');
    const isOdd = [unary(graph, 'IsInf', number, {}, 'bool'), unary(graph, 'IsNaN', number, {}, 'bool')];
    return unary(graph, 'Not', elementwise(graph, 'Or', isOdd), {});
  },
  IsInf: (graph, { x }) => unary(graph, 'IsInf', graph.cast(x, 'float32'), {}, 'bool'),
  IsNan: (graph, { x }) => unary(graph, 'IsNaN', graph.cast(x, 'float32'), {}, 'bool'),
  LeakyRelu: (graph, { x }, { alpha }) => unary(graph, 'LeakyRelu', graph.cast(x, 'float32'), { alpha }),
  Log: oneFloat('Log'),
  Log1p: (graph, { x: given }) => {
    const x = graph.cast(given, 'float32');
    const wide = graph.cast(x, 'float64');
    const far = unary(graph, 'Log', add(graph, wide, number(graph, 1, wide)), {});
    return nearZero(graph, x, -0.5, far);
  },
  LogicalNot: one('Not'),
  Neg: (graph, { x }) => (isZero(x) ? x : unary(graph, 'Neg', x, {})),
  OnesLike: (graph, { x }) => graph.uniform(1, x.type, x.shape),
  Reciprocal: oneFloat('Reciprocal'),
  Relu: one('Relu'),
  Relu6: (graph, { x }) => {
    const { shape, layout, stored } = x;
    return graph.emit('Clip', [x, number(graph, 0, x), number(graph, 6, x)], {}, { shape, layout, stored });
  },
  Round: rounded('Round'),
  Rsqrt: (graph, { x }) => unary(graph, 'Reciprocal', unary(graph, 'Sqrt', graph.cast(x, 'float32'), {}), {}),
  Selu: oneFloat('Selu'),
  Sigmoid: oneFloat('Sigmoid'),
  Sign: (graph, { x }) => unary(graph, 'Sign', withoutNaN(graph, x, number(graph, 0, x)), {}),
  Sin: oneFloat('Sin'),
  Sinh: oneFloat('Sinh'),
  Softplus: oneFloat('Softplus'),
  Sqrt: oneFloat('Sqrt'),
  Square: (graph, { x }) => elementwise(graph, 'Mul', [x, x]),
  Step: (graph, { x }, { alpha }) => {
    const rectified = graph.known('Relu', x) ?? (beforeRelu(graph, x) ? x : null);
    if (rectified && !alpha && x.type === 'float32') return stepOfRectified(graph, rectified);
    const isPositive = graph.cast(
      elementwise(graph, 'Greater', [rectified ?? x, number(graph, 0, x)], 'bool'),
      x.type === 'int32' ? 'int32' : 'float32',
    );
    const slope = number(graph, alpha, isPositive);
    const rest = () => multiply(graph, subtract(graph, number(graph, 1, isPositive), isPositive), slope);
    const step = alpha ? add(graph, isPositive, rest()) : isPositive;
    // As a factor of a Relu's gradient it need not say once more what is no number.
    if (rectified || x.type !== 'float32') return step;
    return where(graph, unary(graph, 'IsNaN', x, {}, 'bool'), x, step);
  },
  Tan: oneFloat('Tan'),
  Tanh: oneFloat('Tanh'),
  ZerosLike: (graph, { x }) => zeros(graph, x),
};

type Binary = (graph: LazyGraph, inputs: { a: Value; b: Value }) => Value;
const two =
  (operator: Plain): Binary =>
  (graph, { a, b }) =>
    elementwise(graph, operator, [a, b]);
const compare =
  (operator: Plain): Binary =>
  (graph, { a, b }) =>
    elementwise(graph, operator, [a, b], 'bool');

export const BINARY: Table<
  Exclude<BinaryKernel, 'Atan2' | 'FloorDiv' | 'Mod'> | 'AddN' | 'EluGrad' | 'Prelu' | 'Select'
> = {
  Add: (graph, { a, b }) => add(graph, a, b),
  AddN: (graph, inputs) => inputs.reduce((sum, value) => add(graph, sum, value)),
  // The slope is 1 above 0 and e^x = y + 1 below.
  EluGrad: (graph, { dy, y }) => {
    const below = elementwise(graph, 'Min', [y, number(graph, 0, y)]);
    return multiply(graph, dy, add(graph, below, number(graph, 1, y)));
  },
  Equal: compare('Equal'),
  Greater: compare('Greater'),
  GreaterEqual: compare('GreaterOrEqual'),
  Less: compare('Less'),
  LessEqual: compare('LessOrEqual'),
  LogicalAnd: compare('And'),
  LogicalOr: compare('Or'),
  Maximum: two('Max'),
  Minimum: two('Min'),
  Multiply: (graph, { a, b }) => multiply(graph, a, b),
  NotEqual: (graph, { a, b }) => unary(graph, 'Not', elementwise(graph, 'Equal', [a, b], 'bool'), {}),
  Pow: (graph, { a, b }) => {
    if (a.type === 'float32') return elementwise(graph, 'Pow', [a, b]);
    // ONNX Runtime holds a whole number at the ends of its range, where TensorFlow.js keeps the lower half of it.
    const wide = [a, b].map((value) => graph.cast(value, 'float64'));
    return graph.cast(elementwise(graph, 'Pow', wide), 'int32');
  },
  Prelu: (graph, { x, alpha }) => prelu(graph, x, alpha),
  RealDiv: (graph, { a, b }) => divide(graph, graph.cast(a, 'float32'), graph.cast(b, 'float32')),
  Select: (graph, { condition, t, e }) => {
    const isRowWise = condition.shape.length === 1 && t.shape.length > 1;
    const shape = isRowWise
      ? [condition.shape[0]!, ...new Array(t.shape.length - 1).fill(1)]
      : condition.shape;
    const type = upcastType(t.type as DataType, e.type as DataType) as ElementType;
    return where(graph, graph.reshape(condition, shape), graph.cast(t, type), graph.cast(e, type));
  },
  SquaredDifference: (graph, { a, b }) => {
    const difference = elementwise(graph, 'Sub', [a, b]);
    return elementwise(graph, 'Mul', [difference, difference]);
  },
  Sub: (graph, { a, b }) => subtract(graph, a, b),
};
