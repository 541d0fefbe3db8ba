import { int64 } from '../../onnx/tensor.js';
import {
  type Arrangement,
  asLayers,
  channelsLeading,
  isSame,
  movesNothing,
  storedShape,
} from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { type Converter, inputOf } from './layer-call.js';

function flat(draft: Draft, value: Value, name: string): Value {
  if (value.shape.length === 1) return value;
  const size = value.shape.reduce((product, extent) => product * extent, 1);
  const flattened = movesNothing(value) ? null : { shape: value.shape, axes: value.axes };
  return draft.node('Flatten', [value], { axis: 1 }, { name, arrangement: asLayers([size]), flattened });
}

/** A value with the same elements, in Layers' order, under another shape. */
export function reshaped(draft: Draft, value: Value, shape: readonly number[], name: string): Value {
  if (isSame(value.shape, shape)) return value;
  if (shape.length === 1) return flat(draft, value, name);
  const { flattened } = value;
  // What was flattened as it was stored goes back without a change of order.
  if (flattened && isSame(flattened.shape, shape)) return under(draft, value, flattened, name);
  const isOrdered = !flattened && movesNothing(value);
  const ordered = isOrdered ? value : draft.inLayersOrder(value, `${name}/ordered`);
  const leading = channelsLeading(shape, 'channelsLast');
  return under(draft, ordered, movesNothing(leading) ? leading : asLayers(shape), name);
}

/** The stored elements, in the order in which they stand, as another arrangement. */
function under(draft: Draft, value: Value, arrangement: Arrangement, name: string): Value {
  const stored = storedShape(arrangement);
  if (isSame(stored, storedShape(value))) return { ...value, ...arrangement, flattened: null };
  return draft.node('Reshape', [value, int64([0, ...stored])], {}, { name, arrangement });
}

export const reshape: Converter<'Reshape'> = (call, draft) =>
  reshaped(draft, inputOf(call), call.outputShape, call.name);

/** Layers puts the channels last before it flattens, which moves nothing in the graph. */
export const flatten: Converter<'Flatten'> = (call, draft) => {
  const input = inputOf(call);
  const dimensions = input.shape.length;
  const channelsLast = input.shape.map((_, axis) => ((axis + 1) % dimensions) + 1);
  const value = call.config.dataFormat === 'channelsFirst' ? permuted(input, channelsLast) : input;
  return flat(draft, value, call.name);
};

/** The same value, whose dimensions Layers counts in another order; `dims` counts from 1, as Layers does. */
function permuted(value: Value, dims: readonly number[]): Value {
  return {
    ...value,
    shape: dims.map((dim) => value.shape[dim - 1]!),
    axes: value.axes.map((axis) => dims.indexOf(axis + 1)),
  };
}

export const permute: Converter<'Permute'> = (call) => permuted(inputOf(call), call.config.dims);

export const repeatVector: Converter<'RepeatVector'> = (call, draft) => {
  const { n } = call.config;
  const row = draft.inLayersOrder(inputOf(call), `${call.name}/ordered`);
  const shape = [1, ...row.shape];
  const one = draft.node(
    'Unsqueeze',
    [row, int64([1])],
    {},
    {
      name: `${call.name}/row`,
      arrangement: asLayers(shape),
    },
  );
  return draft.node(
    'Tile',
    [one, int64([1, n, 1])],
    {},
    {
      name: call.name,
      arrangement: asLayers(call.outputShape),
    },
  );
};
