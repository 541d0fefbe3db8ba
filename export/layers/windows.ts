import { channelsLeading, type DataFormat } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Pads, Value } from '../intermediate.js';
import { inputOf, type LayerCall, spatialExtents, unsupported } from './layer-call.js';

/** The layers that slide a window over their input. */
export type WindowClass =
  | 'AveragePooling1D'
  | 'AveragePooling2D'
  | 'Conv1D'
  | 'Conv2D'
  | 'Conv2DTranspose'
  | 'DepthwiseConv2D'
  | 'MaxPooling1D'
  | 'MaxPooling2D'
  | 'SeparableConv2D';

/** One spatial dimension under a window. */
interface Extent {
  size: number;
  window: number;
  stride: number;
  dilation: number;
}

/** `[before, after]` as TensorFlow pads for `same`: an odd total puts the larger part after. */
function samePadding({ size, window, stride, dilation }: Extent): [number, number] {
  const outputs = Math.ceil(size / stride);
  const reach = (outputs - 1) * stride + (window - 1) * dilation + 1;
  const total = Math.max(reach - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Where the layer has the channels. */
export function dataFormatOf({ config }: LayerCall<WindowClass>): DataFormat {
  return config.dataFormat ?? 'channelsLast';
}

/** The layer's input with the channels first in the graph, as every windowed operator takes it. */
export function windowInput(call: LayerCall<WindowClass>, draft: Draft): Value {
  const input = inputOf(call);
  const { axes } = channelsLeading(input.shape, dataFormatOf(call));
  return draft.arranged(input, axes, `${call.name}/channels-first`);
}

/**
 * The explicit pads of a window over so many rows and columns.
 * @throws TenfoldError `bad-input` for a padding that is neither `valid` nor `same`.
 */
export function windowPads(
  call: LayerCall<WindowClass>,
  window: readonly number[],
  dilations: readonly number[],
  sizes: readonly number[] = spatialExtents(inputOf(call).shape, dataFormatOf(call)),
): Pads {
  const { padding, strides } = call.config;
  if (padding === 'causal') {
    throw unsupported(call, 'padding', 'valid or same (TensorFlow.js has no causal one)', padding);
  }
  if (padding === 'valid') return sizes.flatMap(() => [0, 0]);
  const sides = sizes.map((size, axis) =>
    samePadding({ size, window: window[axis]!, stride: strides[axis]!, dilation: dilations[axis]! }),
  );
  return [...sides.map(([before]) => before), ...sides.map(([, after]) => after)];
}
