import { backend_util } from '@tensorflow/tfjs-core';
import { float32 } from '../../../onnx/tensor.js';
import type { LazyGraph } from '../lazy-graph.js';
import { permuted, sizeOf, type Value } from '../value.js';
import { multiply, zeros } from './elementwise.js';
import type { Table } from './kernels.js';
import { withoutStart } from './max-pool.js';
import { slice } from './shape.js';

type Info = backend_util.Conv3DInfo;
type Five = [number, number, number, number, number];
type Strides = [number, number, number] | number;

/** `[batch, depth, height, width, channels]` -> `[batch, channels, depth, height, width]`, as ONNX takes volumes. */
const FIRST = [0, 4, 1, 2, 3] as const;
const LAST = [0, 2, 3, 4, 1] as const;

const turned = (graph: LazyGraph, x: Value, perm: readonly number[]): Value =>
  graph.emit('Transpose', [graph.logical(x)], { perm }, { shape: permuted(x.shape, perm) });

interface Windows {
  kernel: number[];
  strides: number[];
  dilations: number[];
  before: number[];
  after: number[];
  /** How much of the volume lies before the first window: TensorFlow.js has paddings below 0 where strides are longer than windows. */
  skipped: number[];
  /** The rest of the volume. */
  input: number[];
  output: number[];
}

/** A convolution's or pool's windows along depth, height and width; padding that they reach beyond is added behind. */
function windowsOf(info: Info): Windows {
  const { padInfo } = info;
  const kernel = [info.filterDepth, info.filterHeight, info.filterWidth];
  const strides = [info.strideDepth, info.strideHeight, info.strideWidth];
  const dilations = [info.dilationDepth, info.dilationHeight, info.dilationWidth];
  const paddings = [padInfo.front, padInfo.top, padInfo.left];
  const before = paddings.map((padding) => Math.max(0, padding));
  const skipped = paddings.map((padding) => Math.max(0, -padding));
  const input = [info.inDepth, info.inHeight, info.inWidth].map((size, axis) => size - skipped[axis]!);
  const output = [info.outDepth, info.outHeight, info.outWidth];
  const after = [padInfo.back, padInfo.bottom, padInfo.right].map((given, axis) => {
    const reach = (output[axis]! - 1) * strides[axis]! + dilations[axis]! * (kernel[axis]! - 1) + 1;
    return Math.max(0, given, reach - before[axis]! - input[axis]!);
  });
  return { kernel, strides, dilations, before, after, skipped, input, output };
}

/** What windows reach of a volume whose axes are `perm`, the last three of them depth, height and width. */
function reached(graph: LazyGraph, x: Value, perm: readonly number[], { skipped, input }: Windows): Value {
  const whole = turned(graph, x, perm);
  if (skipped.every((size) => size === 0)) return whole;
  return slice(graph, whole, [0, 0, ...skipped], [...whole.shape.slice(0, 2), ...input]);
}

/** The gradient of a volume, of which that of {@link reached} is `gradient`. */
function ofWhole(graph: LazyGraph, gradient: Value, info: Info, { skipped }: Windows): Value {
  const shape = permuted(info.inShape, FIRST);
  if (skipped.every((size) => size === 0)) return turned(graph, gradient, LAST);
  const before = graph.ints(0, 0, ...skipped, 0, 0, 0, 0, 0);
  return turned(graph, graph.emit('Pad', [gradient, before], {}, { shape }), LAST);
}

const attributesOf = ({ kernel, strides, dilations, before, after }: Windows) => ({
  kernel_shape: kernel,
  strides,
  dilations,
  pads: [...before, ...after],
});

const poolAttributes = ({ kernel, strides, before, after }: Windows) => ({
  kernel_shape: kernel,
  strides,
  pads: [...before, ...after],
});

const convolution = (
  input: readonly number[],
  filter: readonly number[],
  strides: Strides,
  pad: 'valid' | 'same',
  dilations: Strides = 1,
): Info => backend_util.computeConv3DInfo(input as Five, filter as Five, strides, dilations, pad) as Info;

interface PoolAttributes {
  filterSize: Strides;
  strides: Strides;
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

const pool = (
  shape: readonly number[],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): Info => backend_util.computePool3DInfo(shape as Five, filterSize, strides, 1, pad, dimRoundingMode);

/** What a transposed convolution makes of the output, and what is missing to the input behind it. */
function outputPadding({ kernel, strides, dilations, before, after, input, output }: Windows): number[] {
  return input.map((size, axis) => {
    const reach = (output[axis]! - 1) * strides[axis]! + dilations[axis]! * (kernel[axis]! - 1) + 1;
    return size - (reach - before[axis]! - after[axis]!);
  });
}

/** `[depth, height, width, in, out]` -> `[out, in, depth, height, width]` */
const filterFirst = (graph: LazyGraph, filter: Value): Value => turned(graph, filter, [4, 3, 0, 1, 2]);

/**
 * The gradient for the filter as a convolution of the input with the output's gradient, batch and channels exchanged;
 * strides and dilations exchange with them.
 */
function filterGradient(graph: LazyGraph, x: Value, dy: Value, info: Info): Value {
  const windows = windowsOf(info);
  const { kernel, strides, dilations, before, after, input, output } = windows;
  const extent = input.map((size, axis) => {
    const room = size + before[axis]! + after[axis]! - (strides[axis]! * (output[axis]! - 1) + 1);
    return Math.floor(room / dilations[axis]!) + 1;
  });
  const inputs = [reached(graph, x, [4, 0, 1, 2, 3], windows), turned(graph, dy, [4, 0, 1, 2, 3])];
  const attributes = {
    kernel_shape: output,
    strides: dilations,
    dilations: strides,
    pads: [...before, ...after],
  };
  const channels = [info.inChannels, info.outChannels];
  const correlated = graph.emit('Conv', inputs, attributes, { shape: [...channels, ...extent] });
  const isWhole = extent.every((size, axis) => size === kernel[axis]);
  const bounds = [graph.ints(0, 0, 0), graph.ints(...kernel), graph.ints(2, 3, 4)];
  const cut = isWhole
    ? correlated
    : graph.emit('Slice', [correlated, ...bounds], {}, { shape: [...channels, ...kernel] });
  return turned(graph, cut, [2, 3, 4, 0, 1]);
}

/** Whether a window did not fit in its volume, of which nothing comes then, and on which nothing depends. */
const isNothing = (shape: readonly number[]): boolean => sizeOf(shape) === 0;

function maxPool(graph: LazyGraph, x: Value, info: Info): Value {
  const windows = windowsOf(info);
  return graph.emit('MaxPool', [reached(graph, x, FIRST, windows)], poolAttributes(windows), {
    shape: permuted(info.outShape, FIRST),
  });
}

/** Each window's gradient goes to the place of its maximum, which the pool names in its second output. */
function maxPoolGradient(graph: LazyGraph, dy: Value, x: Value, info: Info): Value {
  const windows = windowsOf(info);
  const indices = graph.sibling(maxPool(graph, x, info), 1, 'int64');
  const shape = [info.batchSize, info.inChannels, ...windows.input];
  const size = sizeOf(shape);
  const flat = [sizeOf(dy.shape)];
  const inputs = [
    graph.full(graph.uniform(0, 'float32', [size])),
    graph.view(indices, flat),
    graph.view(turned(graph, dy, FIRST), flat),
  ];
  const added = graph.emit('ScatterElements', inputs, { axis: 0, reduction: 'add' }, { shape: [size] });
  return ofWhole(graph, graph.view(added, shape), info, windows);
}

/** For each window 1 over the number of elements that it holds, padding not counted; 0 where it holds none. */
function sharesOf({ kernel, strides, before, input, output }: Windows): number[] {
  const covered = output.map((count, axis) =>
    Array.from({ length: count }, (_, index) => {
      const start = index * strides[axis]! - before[axis]!;
      return Math.max(0, Math.min(input[axis]!, start + kernel[axis]!) - Math.max(0, start));
    }),
  ) as [number[], number[], number[]];
  const share = (count: number) => (count === 0 ? 0 : 1 / count);
  return covered[0].flatMap((depth) =>
    covered[1].flatMap((height) => covered[2].map((width) => share(depth * height * width))),
  );
}

function averagePool(graph: LazyGraph, x: Value, info: Info): Value {
  const windows = windowsOf(info);
  const { kernel, before, after, output } = windows;
  const shape = permuted(info.outShape, FIRST);
  const first = reached(graph, x, FIRST, windows);
  const isWide = kernel.some((size, axis) => before[axis]! >= size || after[axis]! >= size);
  if (!isWide) return graph.emit('AveragePool', [first], poolAttributes(windows), { shape });
  // AveragePool takes no padding as wide as its window; a convolution with ones, which sums, does.
  const attributes = { ...attributesOf(windows), group: info.inChannels };
  const sums = graph.emit('Conv', [first, ones(graph, info)], attributes, { shape });
  return multiply(graph, sums, graph.fixed(float32(sharesOf(windows), [1, 1, ...output])));
}

/** A filter for each channel that sums its windows. */
const ones = (graph: LazyGraph, { inChannels, filterDepth, filterHeight, filterWidth }: Info): Value =>
  graph.full(graph.uniform(1, 'float32', [inChannels, 1, filterDepth, filterHeight, filterWidth]));

/** Each window's gradient is shared by all that it averaged. */
function averagePoolGradient(graph: LazyGraph, dy: Value, info: Info): Value {
  const windows = windowsOf(info);
  const share = graph.fixed(float32(sharesOf(windows), [1, 1, ...windows.output]));
  const attributes = {
    ...attributesOf(windows),
    group: info.inChannels,
    output_padding: outputPadding(windows),
  };
  const shared = graph.full(multiply(graph, turned(graph, dy, FIRST), share));
  const shape = [info.batchSize, info.inChannels, ...windows.input];
  const spread = graph.emit('ConvTranspose', [shared, ones(graph, info)], attributes, { shape });
  return ofWhole(graph, spread, info, windows);
}

export const VOLUME: Table<
  | 'AvgPool3D'
  | 'AvgPool3DGrad'
  | 'Conv3D'
  | 'Conv3DBackpropFilterV2'
  | 'Conv3DBackpropInputV2'
  | 'MaxPool3D'
  | 'MaxPool3DGrad'
> = {
  AvgPool3D: (graph, { x }, attributes) => {
    const info = pool(x.shape, attributes);
    return isNothing(info.outShape)
      ? zeros(graph, { ...x, shape: info.outShape })
      : turned(graph, averagePool(graph, x, info), LAST);
  },
  AvgPool3DGrad: (graph, { dy, input }, attributes) =>
    isNothing(dy.shape) ? zeros(graph, input) : averagePoolGradient(graph, dy, pool(input.shape, attributes)),
  Conv3D: (graph, { x, filter }, { strides, pad, dilations }) => {
    const info = convolution(x.shape, filter.shape, strides, pad, dilations);
    if (isNothing(info.outShape)) return zeros(graph, { ...x, shape: info.outShape });
    const windows = windowsOf(info);
    const inputs = [reached(graph, x, FIRST, windows), filterFirst(graph, filter)];
    const shape = permuted(info.outShape, FIRST);
    return turned(graph, graph.emit('Conv', inputs, attributesOf(windows), { shape }), LAST);
  },
  Conv3DBackpropFilterV2: (graph, { x, dy }, { strides, pad, filterShape }) =>
    isNothing(dy.shape)
      ? zeros(graph, { ...x, shape: filterShape })
      : filterGradient(graph, x, dy, convolution(x.shape, filterShape, strides, pad)),
  Conv3DBackpropInputV2: (graph, { dy, filter }, { strides, pad, inputShape }) => {
    if (isNothing(dy.shape)) return zeros(graph, { ...dy, shape: inputShape });
    const info = convolution(inputShape, filter.shape, strides, pad);
    const windows = windowsOf(info);
    const inputs = [turned(graph, dy, FIRST), filterFirst(graph, filter)];
    const attributes = { ...attributesOf(windows), output_padding: outputPadding(windows) };
    const shape = [info.batchSize, info.inChannels, ...windows.input];
    return ofWhole(graph, graph.emit('ConvTranspose', inputs, attributes, { shape }), info, windows);
  },
  MaxPool3D: (graph, { x }, attributes) => {
    const info = pool(x.shape, attributes);
    return isNothing(info.outShape)
      ? zeros(graph, { ...x, shape: info.outShape })
      : turned(graph, withoutStart(graph, maxPool(graph, x, info)), LAST);
  },
  MaxPool3DGrad: (graph, { dy, input }, attributes) =>
    isNothing(dy.shape)
      ? zeros(graph, input)
      : maxPoolGradient(graph, dy, input, pool(input.shape, attributes)),
};
