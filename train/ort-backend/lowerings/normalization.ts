import type { LazyGraph } from '../lazy-graph.js';
import type { Value } from '../value.js';
import { add, align, multiply, number, subtract, unary, zeros } from './elementwise.js';
import type { Attributes, Table } from './kernels.js';
import { beforePerChannel, perChannel } from './per-channel.js';
import { sum } from './reduce.js';

/** The axes of a picture's statistics: batch, height and width. */
const STATISTIC_AXES = [0, 1, 2];

const mean = (graph: LazyGraph, x: Value): Value =>
  sum(graph, x, STATISTIC_AXES, false, 1 / elementsPerChannel(x));

const elementsPerChannel = ({ shape }: Value): number => shape[0]! * shape[1]! * shape[2]!;

const centered = (graph: LazyGraph, x: Value, average: Value): Value =>
  subtract(graph, x, perChannel(graph, average));

const inverseDeviation = (graph: LazyGraph, variance: Value, epsilon: number): Value =>
  unary(
    graph,
    'Reciprocal',
    unary(graph, 'Sqrt', add(graph, variance, number(graph, epsilon, variance)), {}),
    {},
  );

/** The picture with its channels where BatchNormalization looks for them, in the second dimension. */
function channelsSecond(graph: LazyGraph, x: Value): { image: Value; restore: (result: Value) => Value } {
  const image = x.layout === 'batch-last' ? graph.full(x) : graph.channelsFirst(x);
  const { shape, layout, stored } = image;
  const restore = (result: Value) => graph.view(result, stored, { shape, layout });
  if (layout !== 'batch-last') return { image, restore };
  const [height, width, channels, batch] = stored as [number, number, number, number];
  return { image: graph.view(image, [height * width, channels, batch]), restore };
}

function normalize(graph: LazyGraph, x: Value, vectors: readonly Value[], epsilon: number): Value {
  const { image, restore } = channelsSecond(graph, x);
  const inputs = [image, ...vectors.map((vector) => graph.logical(vector))];
  return restore(graph.emit('BatchNormalization', inputs, { epsilon }, { shape: image.stored }));
}

/** What is normalised by its own statistics does not feel the bias that a convolution adds. */
function beforeBias(graph: LazyGraph, x: Value): { picture: Value; bias: Value | null } {
  const { picture, numbers } = beforePerChannel(graph, x, 'Add');
  return { picture, bias: numbers };
}

/** Whether `value` is computed from one of `others`. */
function dependsOn(value: Value, others: readonly Value[]): boolean {
  const targets = new Set<object>(others.map(({ source }) => source));
  const seen = new Set<object>();
  const stack: (Value | null)[] = [value];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const source = next?.source;
    if (!source || seen.has(source)) continue;
    if (targets.has(source)) return true;
    seen.add(source);
    if (source.kind === 'node') stack.push(...source.inputs);
  }
  return false;
}

/**
 * Normalises by the batch's own statistics, which the same operator computes: they replace `average` and `variance`, which
 * would take four passes over memory.
 */
function normalizeByOwn(
  graph: LazyGraph,
  x: Value,
  { gain, shift, average, variance }: Record<'gain' | 'shift' | 'average' | 'variance', Value>,
  epsilon: number,
): Value {
  const { picture, bias } = beforeBias(graph, x);
  const { image, restore } = channelsSecond(graph, picture);
  // ONNX Runtime writes the statistics over the old ones, even where those are constants: each run needs vectors of its own.
  // With a momentum of 0 their values do not count.
  const corner = image.stored.map((size, axis) => (axis === 1 ? size : 1));
  const bounds = [graph.ints(...corner.map(() => 0)), graph.ints(...corner)];
  const some = graph.emit('Slice', [image, ...bounds], {}, { shape: corner });
  const old = graph.view(some, average.shape);
  const fresh = graph.emit('Neg', [old], {}, { shape: average.shape });
  const result = graph.emit(
    'BatchNormalization',
    [image, gain, shift, old, fresh],
    { epsilon, momentum: 0, training_mode: 1 },
    { shape: image.stored },
  );
  const { shape } = average;
  const statistic = { shape, stored: shape, layout: 'logical' } as const;
  const unbiased = { ...graph.sibling(result, 1, 'float32'), ...statistic };
  graph.replace(average, bias ? add(graph, unbiased, bias) : unbiased);
  graph.replace(variance, { ...graph.sibling(result, 2, 'float32'), ...statistic });
  return restore(result);
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

/** Up to so many channels, all their products with each other cost less than a pass over memory. */
const MOST_CHANNELS = 32;

/** The sum of `a * b` for each channel. As the diagonal of a matrix product it needs no memory for the products. */
function productPerChannel(graph: LazyGraph, a: Value, b: Value): Value {
  const channels = a.shape.at(-1)!;
  const { values, layout } = align(graph, [a, b]);
  if (channels > MOST_CHANNELS || layout !== 'batch-last') {
    return sum(graph, multiply(graph, a, b), STATISTIC_AXES, false);
  }
  const [height, width, , batch] = graph.full(values[0]!).stored as [number, number, number, number];
  const [left, right] = values.map((value) => {
    return graph.view(graph.full(value), [height * width, channels, batch]);
  }) as [Value, Value];
  const turned = graph.emit(
    'Transpose',
    [right],
    { perm: [0, 2, 1] },
    { shape: [height * width, batch, channels] },
  );
  const shape = [height * width, channels, channels];
  const products = sum(graph, graph.emit('MatMul', [left, turned], {}, { shape }), [0], false);
  const diagonal = graph.ints(...Array.from({ length: channels }, (_, channel) => channel * (channels + 1)));
  const flat = graph.view(products, [channels * channels]);
  return graph.emit('Gather', [flat, diagonal], { axis: 0 }, { shape: [channels] });
}

interface Normalized {
  dy: Value;
  x: Value;
  mean: Value;
  variance: Value;
  scale: Value;
}

/**
 * The gradients for x, scale, offset, mean and variance. Where the statistics are the batch's own and the gradient goes
 * through them, that way is part of x's gradient (Ioffe and Szegedy 2015, section 3), and theirs are 0.
 */
function gradients(
  graph: LazyGraph,
  { dy, x, mean: average, variance, scale }: Normalized,
  { varianceEpsilon: epsilon, isThroughStatistics }: Attributes<'batchNormGradient'>,
): Value[] {
  const isOwn = isThroughStatistics && areMomentsOf(graph, x, average, variance);
  const { picture, bias } = isOwn ? beforeBias(graph, x) : { picture: x, bias: null };
  const center = bias ? subtract(graph, average, bias) : average;
  const inverse = inverseDeviation(graph, variance, epsilon);
  const sumOfGradient = sum(graph, dy, STATISTIC_AXES, false);
  const sumOfProduct = subtract(
    graph,
    productPerChannel(graph, dy, picture),
    multiply(graph, center, sumOfGradient),
  );
  const gain = multiply(graph, scale, inverse);
  const gradientOfScale = multiply(graph, sumOfProduct, inverse);
  if (isOwn) {
    const share = number(graph, -1 / elementsPerChannel(x), x);
    const [slope, shift] = [gradientOfScale, sumOfGradient].map((sums) => multiply(graph, sums, share));
    const correction = normalize(graph, picture, [slope!, shift!, center, variance], epsilon);
    // The gain comes last, so that a convolution before can take it into its filter instead.
    const gradient = multiply(graph, add(graph, correction, dy), perChannel(graph, gain));
    // A shift of a channel is normalised away, so that its gradient is 0: that of the bias before, which need not be summed.
    graph.markSums(gradient, zeros(graph, x));
    return [gradient, gradientOfScale, sumOfGradient, graph.noGradient(average), graph.noGradient(variance)];
  }
  const slope = multiply(graph, multiply(graph, gain, inverse), gradientOfScale);
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
    const gain = graph.logical(scale ?? graph.uniform(1, 'float32', channels.shape));
    const shift = graph.logical(offset ?? zeros(graph, channels));
    // WebGPU's provider refuses BatchNormalization's training mode. What the statistics scale cannot make them.
    const isFree = graph.isForCpu && ![gain, shift].some((vector) => dependsOn(vector, [average, variance]));
    if (isFree && areMomentsOf(graph, x, average, variance)) {
      return normalizeByOwn(graph, x, { gain, shift, average, variance }, varianceEpsilon);
    }
    return normalize(graph, x, [gain, shift, average, variance], varianceEpsilon);
  },
  Softmax: (graph, { logits }, { dim }) => {
    const x = graph.logical(logits);
    const axis = dim === -1 ? x.shape.length - 1 : dim;
    return graph.emit('Softmax', [x], { axis }, { shape: x.shape });
  },
  batchNormGradient: gradients,
};
