import type { Operators } from '../../onnx/operators.js';
import type { TensorData } from '../../onnx/tensor.js';
import { type Node, permuted, STORED_AXES, sameShape, sizeOf, type Value } from './value.js';

/**
 * The data of a value that exists, in TensorFlow.js's order, or null where it is still to be computed. What lies
 * in another order or is kept once for many places is written out.
 */
export function concreteData({ source, ...value }: Value): TensorData | null {
  if (source.kind === 'node') return null;
  return inOrder(source.kind === 'leaf' ? source.data : source.constant.data, value);
}

/** As `concreteData`, also for what only picks from data that exists or renames it: slices, reshapes, transposes. */
export function pickedData({ source, ...value }: Value): TensorData | null {
  if (source.kind !== 'node') return concreteData({ source, ...value });
  const pick = PICKS[source.operator];
  const from = source.inputs[0];
  const data = pick && from ? pickedData(inMemory(from)) : null;
  return data && inOrder(pick!(data, from!.stored, source, value.stored), value);
}

/** A value as it lies in memory, so that nothing is written out on the way. */
const inMemory = (value: Value): Value => ({ ...value, shape: value.stored, layout: 'logical' });

function inOrder(data: TensorData, value: Omit<Value, 'source'>): TensorData {
  const isPlain = value.layout === 'logical' && sameShape(value.stored, value.shape);
  return isPlain ? data : collected(data, value.shape, broadcastStrides(value));
}

/** For each axis that TensorFlow.js sees, how far apart its elements lie in memory; 0 where one stands for all. */
function broadcastStrides({ stored, shape, layout }: Omit<Value, 'source'>): number[] {
  if (stored.length === 0) return shape.map(() => 0);
  const strides = stridesOf(stored).map((stride, axis) => (stored[axis] === 1 ? 0 : stride));
  if (layout === 'logical') return strides;
  return shape.map((_, axis) => strides[STORED_AXES[layout].indexOf(axis)]!);
}

const stridesOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));

/** The elements from `start` on that lie `strides` apart. */
function collected(
  data: TensorData,
  shape: readonly number[],
  strides: readonly number[],
  start = 0,
): TensorData {
  const size = sizeOf(shape);
  const Typed = data.constructor as new (length: number) => TensorData;
  const result = new Typed(size);
  const place = shape.map(() => 0);
  let from = start;
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

/** Takes the data of an operator's first input, of shape `from`, to that of its output, of shape `to`. */
type Pick = (data: TensorData, from: readonly number[], node: Node, to: readonly number[]) => TensorData;

/** The numbers of an input that belongs to the structure. */
const numbersOf = ({ inputs }: Node, input: number): number[] | null => {
  const source = inputs[input]?.source;
  return source?.kind === 'fixed' ? Array.from(source.constant.data, Number) : null;
};

/** Operators that move data and compute nothing. */
const PICKS: Partial<Record<keyof Operators, Pick>> = {
  Reshape: (data) => data,
  Slice: (data, from, node, to) => {
    const starts = numbersOf(node, 1)!;
    const axes = numbersOf(node, 3) ?? [...starts.keys()];
    const steps = numbersOf(node, 4) ?? starts.map(() => 1);
    const strides = stridesOf(from);
    let first = 0;
    axes.forEach((axis, index) => {
      const start = starts[index]!;
      first += strides[axis]! * Math.min(start < 0 ? start + from[axis]! : start, from[axis]! - 1);
      strides[axis] = strides[axis]! * steps[index]!;
    });
    return collected(data, to, strides, first);
  },
  Transpose: (data, from, { attributes }, to) => {
    const { perm } = attributes as Operators['Transpose'];
    return collected(data, to, permuted(stridesOf(from), perm));
  },
};
