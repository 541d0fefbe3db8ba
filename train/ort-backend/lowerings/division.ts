import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';
import { elementwise, number, unary, where } from './elementwise.js';
import type { Table } from './kernels.js';

const compareWithZero = (graph: LazyGraph, operator: 'Equal' | 'Greater' | 'Less', x: Value): Value =>
  elementwise(graph, operator, [x, number(graph, 0, x)], 'bool');

/** `floor(a / b)` as whole numbers, in float64: it holds every quotient of those, and rounds none of float32 up to the next. 0 where b is 0. */
function floorOfQuotient(graph: LazyGraph, a: Value, b: Value): Value {
  const quotient = elementwise(graph, 'Div', [graph.cast(a, 'float64'), graph.cast(b, 'float64')]);
  return graph.cast(unary(graph, 'Floor', quotient, {}), 'int32');
}

/** C's `fmod`, exact where `a - b * floor(a / b)` is not. */
const remainder = (graph: LazyGraph, a: Value, b: Value): Value =>
  elementwise(graph, 'Mod', [a, b], undefined, { fmod: 1 });

/** What is left of `a`, with the sign of `b`, as TensorFlow.js's cpu backend makes it; in float64, of which a sum has all digits. */
function floatModulus(graph: LazyGraph, given: { a: Value; b: Value }): Value {
  const [a, b] = [graph.cast(given.a, 'float64'), graph.cast(given.b, 'float64')];
  const rest = remainder(graph, a, b);
  const isNegative = (x: Value) => graph.cast(compareWithZero(graph, 'Less', x), 'int32');
  const isAlike = elementwise(graph, 'Equal', [isNegative(a), isNegative(b)], 'bool');
  const turned = remainder(graph, elementwise(graph, 'Add', [rest, b]), b);
  return graph.cast(where(graph, isAlike, rest, turned), 'float32');
}

/** Whether a number is below 0 or -0, whose reciprocal is. */
const hasMinus = (graph: LazyGraph, x: Value): Value =>
  compareWithZero(graph, 'Less', elementwise(graph, 'Add', [x, unary(graph, 'Reciprocal', x, {})]));

/** The angle of the point (b, a): the arctangent of `a / b`, half a turn further where b has a minus. */
function angle(graph: LazyGraph, a: Value, b: Value): Value {
  const isAsLong = elementwise(
    graph,
    'Equal',
    [unary(graph, 'Abs', a, {}), unary(graph, 'Abs', b, {})],
    'bool',
  );
  // Of two zeros or infinities there is no quotient; the product of signs is 0, 1 or -1.
  const signs = elementwise(graph, 'Mul', [unary(graph, 'Sign', a, {}), unary(graph, 'Sign', b, {})]);
  const slope = where(graph, isAsLong, signs, elementwise(graph, 'Div', [a, b]));
  const half = unary(graph, 'Atan', slope, {});
  const turn = where(graph, hasMinus(graph, a), number(graph, -Math.PI, a), number(graph, Math.PI, a));
  return where(graph, hasMinus(graph, b), elementwise(graph, 'Add', [half, turn]), half);
}

export const DIVISION: Table<'Atan2' | 'FloorDiv' | 'Mod'> = {
  Atan2: (graph, { a, b }) => angle(graph, graph.cast(a, 'float32'), graph.cast(b, 'float32')),
  FloorDiv: (graph, { a, b }) => floorOfQuotient(graph, a, b),
  Mod: (graph, { a, b }) => {
    if (a.type === 'float32') return floatModulus(graph, { a, b });
    const product = elementwise(graph, 'Mul', [floorOfQuotient(graph, a, b), b]);
    const rest = elementwise(graph, 'Sub', [a, product]);
    return where(graph, compareWithZero(graph, 'Equal', b), number(graph, 0, rest), rest);
  },
};
