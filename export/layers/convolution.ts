import type { Draft } from '../draft.js';
import type { Value } from '../intermediate.js';
import { activate } from './activations.js';
import { type Converter, inputOf, type LayerCall, unsupported, type Weight } from './layer-call.js';
import { windowPads } from './windows.js';

/** `[height, width, inputs, outputs]` -> `[outputs, inputs, height, width]` */
export function outputsFirst({ shape, values }: Weight): {
  kernel: Float64Array;
  kernelShape: [number, number, number, number];
} {
  const [height, width, inputs, outputs] = shape as [number, number, number, number];
  const pixels = height * width;
  const kernel = new Float64Array(values.length);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let input = 0; input < inputs; input++) {
      for (let output = 0; output < outputs; output++) {
        kernel[(output * inputs + input) * pixels + pixel] =
          values[(pixel * inputs + input) * outputs + output]!;
      }
    }
  }
  return { kernel, kernelShape: [outputs, inputs, height, width] };
}

function convolve(
  call: LayerCall<'Conv2D' | 'DepthwiseConv2D'>,
  draft: Draft,
  weights: ReturnType<typeof outputsFirst>,
  groups: number,
): Value {
  const { kernelSize, dilationRate, strides, useBias } = call.config;
  const linear = draft.convolution(inputOf(call), {
    ...weights,
    name: call.name,
    shape: call.outputShape,
    bias: useBias ? call.weight('bias').values : null,
    strides,
    pads: windowPads(call, kernelSize, dilationRate),
    dilations: dilationRate,
    groups,
  });
  return activate(call, draft, linear);
}

export const conv2D: Converter<'Conv2D'> = (call, draft) =>
  convolve(call, draft, outputsFirst(call.weight('kernel')), 1);

export const depthwiseConv2D: Converter<'DepthwiseConv2D'> = (call, draft) => {
  const { dilationRate } = call.config;
  if (dilationRate.some((rate) => rate > 1)) {
    // TensorFlow.js reads the option and computes without it, so that neither result would be what was meant.
    throw unsupported(call, 'dilationRate', '[1, 1]', `[${dilationRate}]`);
  }
  const { shape, values } = call.weight('depthwise_kernel');
  const [height, width, channels, multiplier] = shape as [number, number, number, number];
  // Output `channel * multiplier + m` reads one channel only: a kernel with one input, in as many groups as channels.
  const kernel = outputsFirst({ shape: [height, width, 1, channels * multiplier], values });
  return convolve(call, draft, kernel, channels);
};
