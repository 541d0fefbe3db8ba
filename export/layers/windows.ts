import type { Pads } from '../intermediate.js';
import { type LayerCall, unsupported } from './layer-call.js';

/** The layers that slide a window over height and width. */
export type WindowClass = 'AveragePooling2D' | 'Conv2D' | 'DepthwiseConv2D' | 'MaxPooling2D';

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

/**
 * The explicit pads of a windowed layer.
 * @throws TenfoldError `bad-input` for channels first and for a padding that is neither `valid` nor `same`.
 */
export function windowPads(
  call: LayerCall<WindowClass>,
  window: readonly [number, number],
  dilations: readonly [number, number],
): Pads {
  const { padding, strides, dataFormat } = call.config;
  if (dataFormat !== 'channelsLast') throw unsupported(call, 'dataFormat', 'channelsLast', dataFormat);
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding !== 'same') throw unsupported(call, 'padding', 'valid or same', padding);
  const [height, width] = call.inputs[0]!.shape;
  const vertical = { size: height!, window: window[0], stride: strides[0], dilation: dilations[0] };
  const horizontal = { size: width!, window: window[1], stride: strides[1], dilation: dilations[1] };
  const [top, bottom] = samePadding(vertical);
  const [left, right] = samePadding(horizontal);
  return [top, left, bottom, right];
}
