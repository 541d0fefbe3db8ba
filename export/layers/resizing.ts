import { float32, int64 } from '../../onnx/tensor.js';
import { channelsLeading, type DataFormat } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { spatialAxes } from './borders.js';
import { type Converter, type Interpolation, inputOf, spatialExtents } from './layer-call.js';

/** Rows, then columns. */
type Size = readonly [height: number, width: number];

interface Target {
  name: string;
  size: Size;
  dataFormat: DataFormat;
}

/** The input's shape with another height and width. */
function sized({ shape }: Value, size: Size, dataFormat: DataFormat): readonly number[] {
  return dataFormat === 'channelsFirst' ? [shape[0]!, ...size] : [...size, shape[2]!];
}

/** A float32 factor whose product with the one size is the other once it is rounded down, as ONNX says. */
function scale(from: number, to: number): number {
  const factor = Math.fround(to / from);
  return factor * from < to ? Math.fround(factor * (1 + 2 ** -23)) : factor;
}

function resized(
  input: Value,
  { name, size, dataFormat }: Target,
  { mode, corners }: { mode: 'linear' | 'nearest'; corners: 'align_corners' | 'asymmetric' },
  draft: Draft,
): Value {
  const arrangement = channelsLeading(sized(input, size, dataFormat), dataFormat);
  const first = draft.arranged(input, arrangement.axes, `${name}/channels-first`);
  const from = spatialExtents(input.shape, dataFormat);
  const scales = float32([1, 1, scale(from[0]!, size[0]), scale(from[1]!, size[1])], [4]);
  const attributes = {
    mode,
    coordinate_transformation_mode: corners,
    ...(mode === 'nearest' && { nearest_mode: 'floor' as const }),
  };
  // The second input is a region of interest, which only cropping reads.
  return draft.node('Resize', [first, float32([], [0]), scales], attributes, { name, arrangement });
}

/** Picks rows and columns: a slice where they are neighbours. */
function picked(
  input: Value,
  { name, size, dataFormat }: Target,
  [rows, columns]: readonly [rows: readonly number[], columns: readonly number[]],
  draft: Draft,
): Value {
  const axes = spatialAxes(input, dataFormat);
  const arrangement = { shape: sized(input, size, dataFormat), axes: input.axes };
  const areNeighbours = [rows, columns].every((list) =>
    list.every((place, index) => place === list[0]! + index),
  );
  if (areNeighbours) {
    const starts = int64([rows[0]!, columns[0]!]);
    const ends = int64([rows.at(-1)! + 1, columns.at(-1)! + 1]);
    return draft.node('Slice', [input, starts, ends, int64(axes)], {}, { name, arrangement });
  }
  const width = spatialExtents(input.shape, dataFormat)[1]!;
  const lines = draft.node(
    'Gather',
    [input, int64(rows)],
    { axis: axes[0] },
    {
      name: `${name}/rows`,
      arrangement: { shape: sized(input, [size[0], width], dataFormat), axes: input.axes },
    },
  );
  return draft.node('Gather', [lines, int64(columns)], { axis: axes[1] }, { name, arrangement });
}

/** By whole factors. */
export const upSampling2D: Converter<'UpSampling2D'> = (call, draft) => {
  const input = inputOf(call);
  const { size, dataFormat, interpolation } = call.config;
  const [height, width] = spatialExtents(input.shape, dataFormat);
  const target = { name: call.name, size: [height! * size[0]!, width! * size[1]!] as const, dataFormat };
  const mode = interpolation === 'nearest' ? 'nearest' : 'linear';
  return resized(input, target, { mode, corners: 'asymmetric' }, draft);
};

/** The place in the input that TensorFlow.js's nearest neighbour takes for each place in the output. */
function nearest(from: number, to: number, alignCorners: boolean): number[] {
  const aligned = alignCorners && to > 1;
  const ratio = aligned ? (from - 1) / (to - 1) : from / to;
  return Array.from({ length: to }, (_, place) => {
    const exact = ratio * place;
    return Math.min(from - 1, alignCorners ? Math.round(exact) : Math.floor(exact));
  });
}

/** Interpolation by the name that the layer has for it. */
const RESIZE: {
  readonly [I in Interpolation]: (input: Value, target: Target, alignCorners: boolean, draft: Draft) => Value;
} = {
  bilinear: (input, target, alignCorners, draft) =>
    resized(input, target, { mode: 'linear', corners: alignCorners ? 'align_corners' : 'asymmetric' }, draft),
  // Places are picked beforehand: computed in float32, one that falls between two could come out otherwise.
  nearest: (input, target, alignCorners, draft) => {
    const [height, width] = spatialExtents(input.shape, target.dataFormat);
    const rows = nearest(height!, target.size[0], alignCorners);
    return picked(input, target, [rows, nearest(width!, target.size[1], alignCorners)], draft);
  },
};

/** TensorFlow.js aligns the corners where it does not crop, and does not crop where it is asked to. */
export const resizing: Converter<'Resizing'> = (call, draft) => {
  const { height, width, interpolation, cropToAspectRatio } = call.config;
  const target = { name: call.name, size: [height, width] as const, dataFormat: 'channelsLast' as const };
  return RESIZE[interpolation](inputOf(call), target, !cropToAspectRatio, draft);
};

/**
 * The places that TensorFlow.js takes: it asks `cropAndResize`, whose boxes are shares of the picture in float32, for the nearest
 * pixels, so that near the edges some may be left out; and where the widths differ it begins in column 1 at least.
 */
function centred(from: number, to: number, start: number): number[] {
  const [first, last] = [Math.fround(start / from), Math.fround((to + start) / from)];
  const step = to > 1 ? ((last - first) * (from - 1)) / (to - 1) : 0;
  return Array.from({ length: to }, (_, place) =>
    Math.round(to > 1 ? first * (from - 1) + place * step : 0.5 * (first + last) * (from - 1)),
  );
}

/** A picture that is smaller than the crop in one direction is stretched in both. */
export const centerCrop: Converter<'CenterCrop'> = (call, draft) => {
  const input = inputOf(call);
  const { height, width } = call.config;
  const [from, across] = spatialExtents(input.shape, 'channelsLast') as [number, number];
  const target = { name: call.name, size: [height, width] as const, dataFormat: 'channelsLast' as const };
  if (from < height || across < width) return RESIZE.bilinear(input, target, false, draft);
  const top = Math.floor((from - height) / 2);
  const left = across === width ? 0 : Math.max(1, Math.floor((across - width) / 2));
  return picked(input, target, [centred(from, height, top), centred(across, width, left)], draft);
};
