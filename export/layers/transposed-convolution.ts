import { channelsLeading } from '../arrangement.js';
import { activate } from './activations.js';
import { outputsFirst } from './convolution.js';
import { type Converter, inputOf, spatialExtents, unsupported } from './layer-call.js';
import { dataFormatOf, windowInput, windowPads } from './windows.js';

/** The gradient of a convolution by its input: that convolution's pads, and zeros where its windows did not reach. */
export const conv2DTranspose: Converter<'Conv2DTranspose'> = (call, draft) => {
  const { kernelSize, strides, useBias, dilationRate } = call.config;
  if (dilationRate.some((rate) => rate > 1)) {
    throw unsupported(call, 'dilationRate', '[1, 1] (TensorFlow.js ignores others)', `[${dilationRate}]`);
  }
  const dataFormat = dataFormatOf(call);
  const sizes = spatialExtents(inputOf(call).shape, dataFormat);
  const outputs = spatialExtents(call.outputShape, dataFormat);
  const pads = windowPads(call, kernelSize, [1, 1], outputs);
  const outputPadding = outputs.map((output, axis) => {
    const reached = (sizes[axis]! - 1) * strides[axis]! + kernelSize[axis]!;
    return output + pads[axis]! + pads[axis + 2]! - reached;
  });
  // Layers has `[height, width, outputs, inputs]`, which is what a convolution's kernel has the other way round.
  const linear = draft.transposedConvolution(windowInput(call, draft), {
    ...outputsFirst(call.weight('kernel')),
    name: call.name,
    arrangement: channelsLeading(call.outputShape, dataFormat),
    bias: useBias ? call.weight('bias').values : null,
    strides,
    pads,
    outputPadding,
  });
  return activate(call, draft, linear);
};
