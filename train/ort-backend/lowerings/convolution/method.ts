import type { backend_util } from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../../lazy-graph.js';
import type { Value } from '../../value.js';

/** What TensorFlow.js works out about a convolution: sizes, strides, padding. */
export type Info = backend_util.Conv2DInfo;

/**
 * One way of computing a convolution and its gradients. Pictures are `[batch, height, width, channels]`, filters
 * `[height, width, in, out]`, in any layout.
 */
export interface Method {
  forward(graph: LazyGraph, x: Value, filter: Value, info: Info): Value;
  inputGradient(graph: LazyGraph, dy: Value, filter: Value, info: Info): Value;
  filterGradient(graph: LazyGraph, x: Value, dy: Value, info: Info): Value;
}

const image = (shape: readonly [number, number, number, number]) => {
  const [batch, height, width, channels] = shape;
  return {
    channelsFirst: {
      shape,
      stored: [batch, channels, height, width],
      layout: 'channels-first' as const,
    },
    batchLast: { shape, stored: [height, width, channels, batch], layout: 'batch-last' as const },
  };
};

/** The shape of the output, in either layout. */
export const outputImage = ({ batchSize, outHeight, outWidth, outChannels }: Info) =>
  image([batchSize, outHeight, outWidth, outChannels]);

/** The shape of the input, in either layout. */
export const inputImage = ({ batchSize, inHeight, inWidth, inChannels }: Info) =>
  image([batchSize, inHeight, inWidth, inChannels]);

/** `[height, width, in, out]` in another order of its axes. */
export function filterAs(graph: LazyGraph, filter: Value, perm: readonly number[]): Value {
  const shape = perm.map((axis) => filter.shape[axis]!);
  return graph.emit('Transpose', [graph.logical(filter)], { perm }, { shape });
}

export const isDense = (info: Info): boolean =>
  info.strideHeight === 1 && info.strideWidth === 1 && info.dilationHeight === 1 && info.dilationWidth === 1;
