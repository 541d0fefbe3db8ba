import type { TensorData } from '../../onnx/tensor.js';
import { CHANNELS_FIRST, permuted, sameShape, sizeOf, type Value } from './value.js';

/**
 * The data of a value that exists, `shape` in TensorFlow.js's order, or null where it is still to be computed. What
 * lies channels-first or is kept once for many places is written out.
 */
export function concreteData(value: Value): TensorData | null {
  const { source, shape } = value;
  if (source.kind === 'node') return null;
  const data = source.kind === 'leaf' ? source.data : source.constant.data;
  const isPlain = value.layout === 'logical' && sameShape(value.stored, shape);
  return isPlain ? data : writtenOut(data, shape, stridesOf(value));
}

/** For each axis that TensorFlow.js sees, how far apart its elements lie in memory; 0 where one stands for all. */
function stridesOf({ stored, shape, layout }: Value): number[] {
  if (stored.length === 0) return shape.map(() => 0);
  const strides = stored.map((size, axis) => (size === 1 ? 0 : sizeOf(stored.slice(axis + 1))));
  if (layout === 'logical') return strides;
  const inMemory = permuted([0, 1, 2, 3], CHANNELS_FIRST);
  return shape.map((_, axis) => strides[inMemory.indexOf(axis)]!);
}

function writtenOut(data: TensorData, shape: readonly number[], strides: readonly number[]): TensorData {
  const size = sizeOf(shape);
  const Typed = data.constructor as new (length: number) => TensorData;
  const result = new Typed(size);
  const place = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < size; to++) {
    result[to] = data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++place[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}
