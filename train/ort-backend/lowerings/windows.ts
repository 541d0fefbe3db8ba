import { type backend_util, util } from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../lazy-graph.js';
import { sameShape, type Value } from '../value.js';

type Info = backend_util.Conv2DInfo;

/** Refuses windows so much larger than what they are to lie in that TensorFlow.js counts fewer than none of them. */
function assertCounted(outShape: readonly number[]): void {
  util.assert(
    outShape.every((size) => size >= 0),
    () => `The window is larger than what it is to lie in, which would give the shape [${outShape}].`,
  );
}

/**
 * Pads, below and to the right, what windows reach beyond the picture where their number was rounded up: ONNX's operators
 * count windows from the padding.
 */
export function padToWindows(info: Info): Info {
  assertCounted(info.outShape);
  const { top, bottom, left, right, type } = info.padInfo;
  const missing = (outputs: number, stride: number, extent: number, before: number, size: number) =>
    (outputs - 1) * stride + extent - before - size;
  const below = missing(info.outHeight, info.strideHeight, info.effectiveFilterHeight, top, info.inHeight);
  const beyond = missing(info.outWidth, info.strideWidth, info.effectiveFilterWidth, left, info.inWidth);
  return {
    ...info,
    padInfo: { top, left, bottom: Math.max(bottom, below), right: Math.max(right, beyond), type },
  };
}

/**
 * With all windows that fit in, as ONNX's operators count them. Where a padding is one number, TensorFlow.js counts those along the width by
 * the height of the window and its stride: too few, if these are no squares.
 */
export function withAllWindows(info: Info): Info {
  const { padInfo, batchSize, outChannels } = info;
  const count = (room: number, extent: number, stride: number) => Math.floor((room - extent) / stride) + 1;
  const tall = info.inHeight + padInfo.top + padInfo.bottom;
  const wide = info.inWidth + padInfo.left + padInfo.right;
  const outHeight = count(tall, info.effectiveFilterHeight, info.strideHeight);
  const outWidth = count(wide, info.effectiveFilterWidth, info.strideWidth);
  if (outHeight <= info.outHeight && outWidth <= info.outWidth) return info;
  return { ...info, outHeight, outWidth, outShape: [batchSize, outHeight, outWidth, outChannels] };
}

/** The gradient of all windows, of which some have one. */
export function ofAllWindows(graph: LazyGraph, dy: Value, { outShape: shape }: Info): Value {
  if (sameShape(dy.shape, shape)) return dy;
  const missing = shape.map((size, axis) => size - dy.shape[axis]!);
  return graph.emit('Pad', [graph.logical(dy), graph.ints(0, 0, 0, 0, ...missing)], {}, { shape });
}
