import { channelsLeading } from '../arrangement.js';
import type { Draft } from '../draft.js';
import type { Kernel, Value } from '../intermediate.js';
import { activate } from './activations.js';
import { type Converter, type LayerCall, unsupported, type Weight } from './layer-call.js';
import { dataFormatOf, windowInput, windowPads } from './windows.js';

export interface ShapedKernel {
  kernel: Kernel;
  kernelShape: readonly number[];
}

/** `[...window, inputs, outputs]` -> `[outputs, inputs, ...window]` */
export function outputsFirst(weight: Weight, shape = weight.shape): ShapedKernel {
  const [inputs, outputs] = shape.slice(-2) as [number, number];
  const window = shape.slice(0, -2);
  const pixels = window.reduce((product, extent) => product * extent, 1);
  const { stored } = weight;
  const kernel = (index: number) => {
    const pixel = index % pixels;
    const row = (index - pixel) / pixels;
    const input = row % inputs;
    const output = (row - input) / inputs;
    return stored[(pixel * inputs + input) * outputs + output]!;
  };
  return { kernel, kernelShape: [outputs, inputs, ...window] };
}

/** The kernel of one input in as many groups as channels: output `channel * multiplier + m` reads one channel only. */
function depthwiseKernel(weight: Weight): ShapedKernel & { channels: number } {
  const window = weight.shape.slice(0, -2);
  const [channels, multiplier] = weight.shape.slice(-2) as [number, number];
  return { ...outputsFirst(weight, [...window, 1, channels * multiplier]), channels };
}

type ConvolutionClass = 'Conv1D' | 'Conv2D' | 'DepthwiseConv2D';

function convolve(
  call: LayerCall<ConvolutionClass>,
  draft: Draft,
  { kernel, kernelShape }: ShapedKernel,
  groups: number,
): Value {
  requireRunnable(call);
  const { kernelSize, dilationRate, strides, useBias } = call.config;
  const linear = draft.convolution(windowInput(call, draft), {
    kernel,
    kernelShape,
    name: call.name,
    arrangement: channelsLeading(call.outputShape, dataFormatOf(call)),
    bias: useBias ? call.weight('bias').values : null,
    strides,
    pads: windowPads(call, kernelSize, dilationRate),
    dilations: dilationRate,
    groups,
  });
  return activate(call, draft, linear);
}

/** @throws TenfoldError `bad-input` for a convolution with both strides and dilations, which TensorFlow.js cannot run. */
function requireRunnable(call: LayerCall<ConvolutionClass | 'SeparableConv2D'>): void {
  const { strides, dilationRate } = call.config;
  const isBoth = [strides, dilationRate].every((factors) => factors.some((factor) => factor > 1));
  if (!isBoth) return;
  const got = `strides [${strides}] and dilationRate [${dilationRate}]`;
  throw unsupported(call, 'strides', '1 beside a dilationRate (TensorFlow.js runs no other)', got);
}

export const conv1D: Converter<'Conv1D'> = (call, draft) => {
  if (dataFormatOf(call) === 'channelsFirst') {
    // TensorFlow.js moves the channels of the input, not back those of the output, and says another shape than it gives.
    throw unsupported(
      call,
      'dataFormat',
      'channelsLast (TensorFlow.js gives others a wrong shape)',
      'channelsFirst',
    );
  }
  return convolve(call, draft, outputsFirst(call.weight('kernel')), 1);
};

export const conv2D: Converter<'Conv2D'> = (call, draft) =>
  convolve(call, draft, outputsFirst(call.weight('kernel')), 1);

export const depthwiseConv2D: Converter<'DepthwiseConv2D'> = (call, draft) => {
  const { dilationRate } = call.config;
  if (dilationRate.some((rate) => rate > 1)) {
    // It reads the option and computes without it, so that neither result would be what was meant.
    throw unsupported(call, 'dilationRate', '[1, 1] (TensorFlow.js ignores others)', `[${dilationRate}]`);
  }
  const kernel = depthwiseKernel(call.weight('depthwise_kernel'));
  return convolve(call, draft, kernel, kernel.channels);
};

/** A depthwise convolution, then one of single pixels over all channels. */
export const separableConv2D: Converter<'SeparableConv2D'> = (call, draft) => {
  requireRunnable(call);
  const { kernelSize, dilationRate, strides, useBias } = call.config;
  const dataFormat = dataFormatOf(call);
  if (useBias && dataFormat === 'channelsFirst') {
    throw unsupported(
      call,
      'useBias',
      'false with channelsFirst (TensorFlow.js adds it along the height)',
      'true',
    );
  }
  const depthwise = depthwiseKernel(call.weight('depthwise_kernel'));
  const pointwise = outputsFirst(call.weight('pointwise_kernel'));
  const [height, width] =
    dataFormat === 'channelsFirst' ? call.outputShape.slice(1) : call.outputShape.slice(0, -1);
  const shape = (channels: number) => channelsLeading([height!, width!, channels], 'channelsLast');
  const filtered = draft.convolution(windowInput(call, draft), {
    kernel: depthwise.kernel,
    kernelShape: depthwise.kernelShape,
    name: `${call.name}/depthwise`,
    arrangement: shape(depthwise.kernelShape[0]!),
    bias: null,
    strides,
    pads: windowPads(call, kernelSize, dilationRate),
    dilations: dilationRate,
    groups: depthwise.channels,
  });
  const linear = draft.convolution(filtered, {
    ...pointwise,
    name: call.name,
    arrangement: shape(pointwise.kernelShape[0]!),
    bias: useBias ? call.weight('bias').values : null,
    strides: [1, 1],
    pads: [0, 0, 0, 0],
    dilations: [1, 1],
    groups: 1,
  });
  // TensorFlow.js activates before it moves the channels, so that a softmax goes over them in both formats.
  const activated = activate(call, draft, linear);
  return { ...activated, ...channelsLeading(call.outputShape, dataFormat) };
};
