import type { LazyGraph } from '../lazy-graph.js';
import { permuted, type Value } from '../value.js';
import { CONVOLUTION } from './convolution/index.js';
import type { Attributes, Inputs, Table } from './kernels.js';
import { transpose } from './shape.js';

/** `[batch, channels, height, width]` -> `[batch, height, width, channels]`. */
const CHANNELS_LAST = [0, 2, 3, 1] as const;

type Format = 'NHWC' | 'NCHW';
type Pads = 'valid' | 'same' | number | readonly unknown[];

/**
 * `[batch, channels, height, width]` as the picture that it is to TensorFlow.js otherwise: channels-first is how our pictures
 * lie in memory, so nothing moves.
 */
function asPicture(graph: LazyGraph, x: Value): Value {
  const shape = permuted(x.shape, CHANNELS_LAST);
  return { ...graph.logical(x), shape, layout: 'channels-first' };
}

/** The way back. */
function asPlanes(graph: LazyGraph, picture: Value): Value {
  const { stored, ...rest } = graph.channelsFirst(picture);
  return { ...rest, stored, shape: stored, layout: 'logical' };
}

/** `[channels, height, width]` with the channels last, as a bias or slopes are added to pictures. */
const perChannel = (graph: LazyGraph, value: Value): Value =>
  value.shape.length === 3 ? transpose(graph, value, [1, 2, 0]) : value;

/** Explicit pads name every axis; the channels' are 0. */
const padsLast = <P extends Pads>(pad: P): P =>
  (Array.isArray(pad) ? CHANNELS_LAST.map((axis) => (pad as readonly unknown[])[axis]) : pad) as P;

const isPlanes = ({ dataFormat }: { dataFormat: Format }): boolean => dataFormat === 'NCHW';

const last = <A extends { pad: Pads }>(attributes: A) => ({
  ...attributes,
  pad: padsLast(attributes.pad),
  dataFormat: 'NHWC' as const,
});

type Forward = 'Conv2D' | 'FusedConv2D';

/** A convolution of planes as one of pictures. */
function ofPlanes<K extends Forward>(name: K) {
  return (graph: LazyGraph, inputs: Inputs<K>, attributes: Attributes<K>): Value => {
    const lower = CONVOLUTION[name] as (graph: LazyGraph, inputs: unknown, attributes: unknown) => Value;
    if (!isPlanes(attributes)) return lower(graph, inputs, attributes);
    const given = Object.entries<Value>(inputs).map(([key, value]): [string, Value] => {
      if (key === 'x') return [key, asPicture(graph, value)];
      return [key, key === 'filter' ? value : perChannel(graph, value)];
    });
    return asPlanes(graph, lower(graph, Object.fromEntries(given), last(attributes)));
  };
}

/** The convolutions, in either of TensorFlow.js's orders of the axes. */
export const CONVOLUTION_IN_ANY_FORMAT: Table<keyof typeof CONVOLUTION> = {
  Conv2D: ofPlanes('Conv2D'),
  Conv2DBackpropFilter: (graph, { x, dy }, attributes) => {
    if (!isPlanes(attributes)) return CONVOLUTION.Conv2DBackpropFilter(graph, { x, dy }, attributes);
    const pictures = { x: asPicture(graph, x), dy: asPicture(graph, dy) };
    return CONVOLUTION.Conv2DBackpropFilter(graph, pictures, last(attributes));
  },
  Conv2DBackpropInput: (graph, { dy, filter }, attributes) => {
    if (!isPlanes(attributes)) return CONVOLUTION.Conv2DBackpropInput(graph, { dy, filter }, attributes);
    const inputShape = permuted(attributes.inputShape, CHANNELS_LAST) as [number, number, number, number];
    const inputs = { dy: asPicture(graph, dy), filter };
    const gradient = CONVOLUTION.Conv2DBackpropInput(graph, inputs, { ...last(attributes), inputShape });
    return asPlanes(graph, gradient as Value);
  },
  FusedConv2D: ofPlanes('FusedConv2D'),
};
