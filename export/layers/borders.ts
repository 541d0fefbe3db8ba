import { int64 } from '../../onnx/tensor.js';
import { type DataFormat, storedAxis } from '../arrangement.js';
import type { Value } from '../intermediate.js';
import { type Converter, inputOf } from './layer-call.js';

/** Where the graph stores rows and columns. */
export function spatialAxes(value: Value, dataFormat: DataFormat): readonly [rows: number, columns: number] {
  const first = dataFormat === 'channelsFirst' ? 2 : 1;
  return [storedAxis(value, first), storedAxis(value, first + 1)];
}

export const zeroPadding2D: Converter<'ZeroPadding2D'> = (call, draft) => {
  const input = inputOf(call);
  const { padding, dataFormat } = call.config;
  const rank = input.shape.length + 1;
  const pads = new Array<number>(2 * rank).fill(0);
  spatialAxes(input, dataFormat).forEach((axis, index) => {
    [pads[axis], pads[axis + rank]] = padding[index]!;
  });
  const arrangement = { shape: call.outputShape, axes: input.axes };
  return draft.node('Pad', [input, int64(pads)], {}, { name: call.name, arrangement });
};

export const cropping2D: Converter<'Cropping2D'> = (call, draft) => {
  const input = inputOf(call);
  const { cropping, dataFormat } = call.config;
  const axes = spatialAxes(input, dataFormat);
  const extents = axes.map((axis) => input.shape[input.axes[axis - 1]!]!);
  const starts = cropping.map(([before]) => before);
  const ends = cropping.map(([, after], index) => extents[index]! - after);
  const arrangement = { shape: call.outputShape, axes: input.axes };
  return draft.node(
    'Slice',
    [input, int64(starts), int64(ends), int64(axes)],
    {},
    { name: call.name, arrangement },
  );
};
