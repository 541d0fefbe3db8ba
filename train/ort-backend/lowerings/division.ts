import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';
import { divide, elementwise, number, unary, where } from './elementwise.js';
import type { Table } from './kernels.js';

const compareWithZero = (graph: LazyGraph, operator: 'Equal' | 'Greater' | 'Less', x: Value): Value =>
  elementwise(graph, operator, [x, number(graph, 0, x)], 'bool');

/** `floor(a / b)` of whole numbers in float64, which holds every such quotient; 0 where b is 0. */
function floorOfQuotient(graph: LazyGraph, a: Value, b: Value): Value {
  const quotient = elementwise(graph, 'Div', [graph.cast(a, 'float64'), graph.cast(b, 'float64')]);
  const whole = graph.cast(unary(graph, 'Floor', quotient, {}), 'int32');
  return where(graph, compareWithZero(graph, 'Equal', b), number(graph, 0, whole), whole);
}

/** C's `fmod`, exact where `a - b * floor(a / b)` is not. */
const remainder = (graph: LazyGraph, a: Value, b: Value): Value =>
  elementwise(graph, 'Mod', [a, b], undefined, { fmod: 1 });

/** What is left of `a`, with the sign of `b`, as TensorFlow.js's cpu backend makes it. */
function floatModulus(graph: LazyGraph, a: Value, b: Value): Value {
  const rest = remainder(graph, a, b);
  const isNegative = (x: Value) => graph.cast(compareWithZero(graph, 'Less', x), 'int32');
  const isAlike = elementwise(graph, 'Equal', [isNegative(a), isNegative(b)], 'bool');
  return where(graph, isAlike, rest, remainder(graph, elementwise(graph, 'Add', [rest, b]), b));
}

/** The angle of the point (b, a): the arctangent of `a / b`, half a turn further where b is negative. */
function angle(graph: LazyGraph, a: Value, b: Value): Value {
  const half = unary(graph, 'Atan', elementwise(graph, 'Div', [a, b]), {});
  const turn = where(
    graph,
    compareWithZero(graph, 'Less', a),
    number(graph, -Math.PI, a),
    number(graph, Math.PI, a),
  );
  const turned = elementwise(graph, 'Add', [half, turn]);
  const whole = where(graph, compareWithZero(graph, 'Less', b), turned, half);
  const distance = elementwise(graph, 'Add', [unary(graph, 'Abs', a, {}), unary(graph, 'Abs', b, {})]);
  return where(graph, compareWithZero(graph, 'Equal', distance), number(graph, 0, a), whole);
}

export const DIVISION: Table<'Atan2' | 'FloorDiv' | 'Mod'> = {
  Atan2: (graph, { a, b }) => angle(graph, graph.cast(a, 'float32'), graph.cast(b, 'float32')),
  FloorDiv: (graph, { a, b }) => {
    if (a.type !== 'float32') return floorOfQuotient(graph, a, b);
    return graph.cast(unary(graph, 'Floor', divide(graph, a, b), {}), 'int32');
  },
  Mod: (graph, { a, b }) => {
    if (a.type === 'float32') return floatModulus(graph, a, b);
    const product = elementwise(graph, 'Mul', [floorOfQuotient(graph, a, b), b]);
    const rest = elementwise(graph, 'Sub', [a, product]);
    return where(graph, compareWithZero(graph, 'Equal', b), number(graph, 0, rest), rest);
  },
};
