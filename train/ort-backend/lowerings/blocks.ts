import { backend_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { LazyGraph } from '../lazy-graph.js';
import { sizeOf, type Value } from '../value.js';
import { number } from './elementwise.js';
import type { Table } from './kernels.js';
import { slice, transpose } from './shape.js';

type Paddings = readonly (readonly [number, number])[];

function pad(graph: LazyGraph, x: Value, paddings: Paddings): Value {
  const shape = x.shape.map((size, axis) => size + paddings[axis]![0] + paddings[axis]![1]);
  const pads = graph.ints(...paddings.map(([before]) => before), ...paddings.map(([, after]) => after));
  return graph.emit('Pad', [graph.logical(x), pads, number(graph, 0, x)], {}, { shape });
}

/** Reshapes, permutes and reshapes again. */
function regroup(
  graph: LazyGraph,
  x: Value,
  split: readonly number[],
  perm: readonly number[],
  shape: readonly number[],
): Value {
  return graph.reshape(transpose(graph, graph.reshape(x, split), perm), shape);
}

/** The place in `[size]` from which each place of the padded axis is taken. */
function mirrored(size: number, [before, after]: readonly [number, number], offset: 0 | 1): number[] {
  return Array.from({ length: before + size + after }, (_, place) => {
    const at = place - before;
    if (at < 0) return -at - offset;
    return at < size ? at : 2 * (size - 1) - at + offset;
  });
}

export const BLOCKS: Table<
  'BatchToSpaceND' | 'DepthToSpace' | 'FlipLeftRight' | 'MirrorPad' | 'SpaceToBatchND' | 'StridedSlice'
> = {
  BatchToSpaceND: (graph, { x }, { blockShape, crops }) => {
    const blocks = sizeOf(blockShape);
    const split = backend_util.getReshaped([...x.shape], blockShape, blocks);
    const perm = backend_util.getPermuted(split.length, blockShape.length);
    const joined = backend_util.getReshapedPermuted([...x.shape], blockShape, blocks);
    const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
    const size = backend_util.getSliceSize(joined, crops, blockShape.length);
    const starts = joined.map((_, axis) => begin[axis] ?? 0);
    return slice(
      graph,
      regroup(graph, x, split, perm, joined),
      starts,
      joined.map((whole, axis) => size[axis] ?? whole),
    );
  },
  DepthToSpace: (graph, { x }, { blockSize, dataFormat }) => {
    util.assert(dataFormat === 'NHWC', () => `Only NHWC is supported for depthToSpace. Got ${dataFormat}`);
    const [batch, height, width, depth] = x.shape as [number, number, number, number];
    const inner = depth / (blockSize * blockSize);
    return regroup(
      graph,
      x,
      [batch, height, width, blockSize, blockSize, inner],
      [0, 1, 3, 2, 4, 5],
      [batch, height * blockSize, width * blockSize, inner],
    );
  },
  FlipLeftRight: (graph, { image }) => {
    const inputs = [
      graph.logical(image),
      graph.ints(-1),
      graph.ints(-(2 ** 31)),
      graph.ints(2),
      graph.ints(-1),
    ];
    return graph.emit('Slice', inputs, {}, { shape: image.shape });
  },
  MirrorPad: (graph, { x }, { paddings, mode }) =>
    paddings.reduce((padded, around, axis) => {
      if (around[0] + around[1] === 0) return padded;
      const from = mirrored(x.shape[axis]!, around, mode === 'reflect' ? 0 : 1);
      const shape = padded.shape.with(axis, from.length);
      return graph.emit('Gather', [graph.logical(padded), graph.ints(...from)], { axis }, { shape });
    }, x),
  SpaceToBatchND: (graph, { x }, { blockShape, paddings }) => {
    const blocks = sizeOf(blockShape);
    const around = x.shape.map((_, axis): [number, number] => {
      const [before, after] = paddings[axis - 1] ?? [0, 0];
      return [before!, after!];
    });
    const padded = pad(graph, x, around);
    const split = backend_util.getReshaped([...padded.shape], blockShape, blocks, false);
    const perm = backend_util.getPermuted(split.length, blockShape.length, false);
    const shape = backend_util.getReshapedPermuted([...padded.shape], blockShape, blocks, false);
    return regroup(graph, padded, split, perm, shape);
  },
  StridedSlice: (graph, { x }, attributes) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
    const info = slice_util.sliceInfo(
      [...x.shape],
      begin,
      end,
      strides,
      beginMask,
      endMask,
      ellipsisMask,
      newAxisMask,
      shrinkAxisMask,
    );
    if (info.isIdentity) return graph.reshape(x, info.finalShape);
    const sparse = slice_util.computeOutShape(info.begin, info.end, info.strides);
    if (sizeOf(sparse) === 0) return graph.uniform(0, x.type, info.finalShape);
    // Backwards to before the first element, which -1 would not name.
    const ends = info.end.map((stop) => (stop < 0 ? -(2 ** 31) : stop));
    const inputs = [
      graph.logical(x),
      graph.ints(...info.begin),
      graph.ints(...ends),
      graph.ints(...info.begin.keys()),
      graph.ints(...info.strides),
    ];
    const cut = graph.emit('Slice', inputs, {}, { shape: sparse });
    return graph.reshape(cut, info.finalShape);
  },
};
