import { int64 } from '../../onnx/tensor.js';
import type { Draft } from '../draft.js';
import type { FeatureMap, Value } from '../intermediate.js';
import { type Converter, inputOf, requireChannelsLast } from './layer-call.js';

/** How a feature map's elements go once it is flattened as stored; null where that is Layers' order as well. */
function flattenedAs([height, width, channels]: readonly number[]): FeatureMap | null {
  const map = { height: height!, width: width!, channels: channels! };
  return map.channels === 1 || map.height * map.width === 1 ? null : map;
}

function flat(draft: Draft, value: Value, name: string): Value {
  if (value.shape.length === 1) return value;
  const size = value.shape.reduce((product, extent) => product * extent, 1);
  const flattened = value.shape.length === 3 ? flattenedAs(value.shape) : null;
  return draft.node('Flatten', [value], { axis: 1 }, { name, shape: [size], flattened });
}

const isSame = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);

/** A value with the same elements, in Layers' order, under another shape. */
export function reshaped(draft: Draft, value: Value, shape: readonly number[], name: string): Value {
  if (isSame(value.shape, shape)) return value;
  if (shape.length === 1) return flat(draft, value, name);
  const [height, width, channels] = shape;
  const target = shape.length === 3 ? flattenedAs(shape) : null;
  const stored = value.shape.length === 3 ? flattenedAs(value.shape) : value.flattened;
  const keepsOrder = JSON.stringify(stored) === JSON.stringify(target);
  if (keepsOrder) {
    const dimensions = shape.length === 3 ? [channels!, height!, width!] : shape;
    return draft.node('Reshape', [value, int64([0, ...dimensions])], {}, { name, shape });
  }
  const ordered = stored ? draft.inLayersOrder(flat(draft, value, `${name}/flat`), `${name}/ordered`) : value;
  if (!target) return reshaped(draft, ordered, shape, name);
  // A real change from rows of features to channels: the one place where values must move.
  const rows = draft.node(
    'Reshape',
    [ordered, int64([0, ...shape])],
    {},
    {
      name: `${name}/rows`,
      shape: [width!, channels!, height!], // which is stored as height, width, channels
    },
  );
  return draft.node('Transpose', [rows], { perm: [0, 3, 1, 2] }, { name, shape });
}

export const reshape: Converter<'Reshape'> = (call, draft) =>
  reshaped(draft, inputOf(call), call.outputShape, call.name);

export const flatten: Converter<'Flatten'> = (call, draft) => {
  requireChannelsLast(call, call.config.dataFormat);
  return flat(draft, inputOf(call), call.name);
};

export const zeroPadding2D: Converter<'ZeroPadding2D'> = (call, draft) => {
  requireChannelsLast(call, call.config.dataFormat);
  const [[top, bottom], [left, right]] = call.config.padding;
  const pads = int64([0, 0, top, left, 0, 0, bottom, right]);
  return draft.node('Pad', [inputOf(call), pads], {}, { name: call.name, shape: call.outputShape });
};
