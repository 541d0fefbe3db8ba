import { float32 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';
import { add, multiply, number, subtract, unary, zeros } from './elementwise.js';
import type { Table } from './kernels.js';
import { sum } from './reduce.js';

/** The axes of a picture's statistics: batch, height and width. */
const STATISTIC_AXES = [0, 1, 2];

const mean = (graph: LazyGraph, x: Value): Value =>
  sum(graph, x, STATISTIC_AXES, false, 1 / elementsPerChannel(x));

const elementsPerChannel = ({ shape }: Value): number => shape[0]! * shape[1]! * shape[2]!;

/** `[channels]` so that it broadcasts over a picture. */
const perChannel = (graph: LazyGraph, vector: Value): Value =>
  graph.reshape(vector, [1, 1, 1, vector.shape.at(-1)!]);

const centered = (graph: LazyGraph, x: Value, average: Value): Value =>
  subtract(graph, x, perChannel(graph, average));

const inverseDeviation = (graph: LazyGraph, variance: Value, epsilon: number): Value =>
  unary(
    graph,
    'Reciprocal',
    unary(graph, 'Sqrt', add(graph, variance, number(graph, epsilon, variance)), {}),
    {},
  );

/** `x * scale + offset` for each channel, in one pass over memory: what ONNX's BatchNormalization does. */
function affine(graph: LazyGraph, x: Value, scale: Value, offset: Value): Value {
  const channels = x.shape.at(-1)!;
  const constant = (fill: number) => graph.fixed(float32(new Float32Array(channels).fill(fill), [channels]));
  return normalize(graph, x, [scale, offset, constant(0), constant(1)], 0);
}

function normalize(graph: LazyGraph, x: Value, vectors: readonly Value[], epsilon: number): Value {
  const image = graph.channelsFirst(x);
  const { shape, layout, stored } = image;
  const inputs = vectors.map((vector) => graph.logical(vector));
  return graph.emit('BatchNormalization', [image, ...inputs], { epsilon }, { shape, layout, stored });
}

/**
 * Whether `average` and `variance` are x's own, as TensorFlow.js's `moments` makes them. Asking the graph for x's moments
 * gives the very same nodes then, since equal nodes are made once.
 */
function areMomentsOf(graph: LazyGraph, x: Value, average: Value, variance: Value): boolean {
  const ownAverage = mean(graph, x);
  if (ownAverage.source !== average.source) return false;
  const deviation = centered(graph, x, ownAverage);
  return mean(graph, multiply(graph, deviation, deviation)).source === variance.source;
}

interface Normalized {
  dy: Value;
  x: Value;
  mean: Value;
  variance: Value;
  scale: Value;
}

/**
 * The gradients for x, scale, offset, mean and variance. Where the statistics are the batch's own, the way through them
 * is part of x's gradient (Ioffe and Szegedy 2015, section 3), and theirs are 0.
 */
function gradients(
  graph: LazyGraph,
  { dy, x, mean: average, variance, scale }: Normalized,
  epsilon: number,
): Value[] {
  const inverse = inverseDeviation(graph, variance, epsilon);
  const deviation = centered(graph, x, average);
  const sumOfGradient = sum(graph, dy, STATISTIC_AXES, false);
  const sumOfProduct = sum(graph, multiply(graph, dy, deviation), STATISTIC_AXES, false);
  const gain = multiply(graph, scale, inverse);
  const gradientOfScale = multiply(graph, sumOfProduct, inverse);
  const slope = multiply(graph, multiply(graph, gain, multiply(graph, inverse, inverse)), sumOfProduct);
  if (areMomentsOf(graph, x, average, variance)) {
    const share = number(graph, -1 / elementsPerChannel(x), x);
    const shift = multiply(graph, multiply(graph, gain, sumOfGradient), share);
    const along = multiply(graph, deviation, perChannel(graph, multiply(graph, slope, share)));
    const gradient = add(graph, affine(graph, dy, gain, shift), along);
    return [gradient, gradientOfScale, sumOfGradient, zeros(graph, average), zeros(graph, variance)];
  }
  return [
    multiply(graph, dy, perChannel(graph, gain)),
    gradientOfScale,
    sumOfGradient,
    unary(graph, 'Neg', multiply(graph, gain, sumOfGradient), {}),
    multiply(graph, slope, number(graph, -0.5, slope)),
  ];
}

export const NORMALIZATION: Table<'FusedBatchNorm' | 'Softmax' | 'batchNormGradient'> = {
  FusedBatchNorm: (graph, { x, mean: average, variance, offset, scale }, { varianceEpsilon }) => {
    if (average.shape.length !== 1) {
      const inverse = inverseDeviation(graph, variance, varianceEpsilon);
      const normal = multiply(graph, subtract(graph, x, average), inverse);
      const scaled = scale ? multiply(graph, normal, scale) : normal;
      return offset ? add(graph, scaled, offset) : scaled;
    }
    const channels = { shape: [x.shape.at(-1)!], type: x.type };
    const gain = scale ?? graph.full(graph.uniform(1, 'float32', channels.shape));
    const shift = offset ?? graph.full(zeros(graph, channels));
    return normalize(graph, x, [gain, shift, average, variance], varianceEpsilon);
  },
  Softmax: (graph, { logits }, { dim }) => {
    const x = graph.logical(logits);
    return unary(graph, 'Softmax', x, { axis: dim === -1 ? x.shape.length - 1 : dim });
  },
  batchNormGradient: (graph, inputs, { varianceEpsilon }) => gradients(graph, inputs, varianceEpsilon),
};
