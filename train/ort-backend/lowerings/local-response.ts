import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { add, elementwise, multiply, number, subtract } from './elementwise.js';
import type { Table } from './kernels.js';

/** The sum of each element and of those at most `radius` away from it along the last axis. */
function windowSum(graph: LazyGraph, x: Value, radius: number): Value {
  const channels = x.shape.at(-1)!;
  const extent = 2 * radius + 1;
  const rows = graph.view(graph.full(graph.logical(x)), [sizeOf(x.shape) / channels, 1, channels]);
  // Padded apart: AveragePool takes no padding as wide as its window.
  const padded = graph.emit(
    'Pad',
    [rows, graph.ints(0, 0, radius, 0, 0, radius), number(graph, 0, x)],
    {},
    { shape: [rows.shape[0]!, 1, channels + 2 * radius] },
  );
  const means = graph.emit('AveragePool', [padded], { kernel_shape: [extent] }, { shape: rows.shape });
  return graph.view(multiply(graph, means, number(graph, extent, means)), x.shape);
}

interface Response {
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

/** `bias + alpha * (the squares around)`: the formula of Krizhevsky et al. 2012, section 3.3. */
function norm(graph: LazyGraph, x: Value, { depthRadius, bias, alpha }: Response): Value {
  const squares = windowSum(graph, elementwise(graph, 'Mul', [x, x]), depthRadius);
  return add(graph, multiply(graph, squares, number(graph, alpha, x)), number(graph, bias, x));
}

const power = (graph: LazyGraph, x: Value, exponent: number): Value =>
  elementwise(graph, 'Pow', [x, number(graph, exponent, x)]);

export const LOCAL_RESPONSE: Table<'LRN' | 'LRNGrad'> = {
  LRN: (graph, { x }, attributes) =>
    multiply(graph, x, power(graph, norm(graph, x, attributes), -attributes.beta)),
  LRNGrad: (graph, { x, y, dy }, attributes) => {
    const { alpha, beta, depthRadius } = attributes;
    const divisor = norm(graph, x, attributes);
    const shares = elementwise(graph, 'Div', [multiply(graph, dy, y), divisor]);
    const around = multiply(graph, x, windowSum(graph, shares, depthRadius));
    const own = multiply(graph, dy, power(graph, divisor, -beta));
    return subtract(graph, own, multiply(graph, around, number(graph, 2 * alpha * beta, x)));
  },
};
