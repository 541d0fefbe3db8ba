import { int64 } from '../../../../onnx/tensor.js';
import type { LazyGraph } from '../../lazy-graph.js';
import type { Value } from '../../value.js';
import { slice } from '../shape.js';
import { ofAllWindows, withAllWindows } from '../windows.js';
import { filterGradient } from './filter-gradient.js';
import { filterAs, type Info, inputImage, isDense, type Method, outputImage } from './method.js';

const pads = ({ padInfo: { top, left, bottom, right } }: Info) => [top, left, bottom, right];

/** `[out, in, height, width]`, as Conv takes it. */
const forwardFilter = (graph: LazyGraph, filter: Value) => filterAs(graph, filter, [3, 2, 0, 1]);

/** ONNX's own operators, channels first: any convolution. */
export const DIRECT: Method = {
  forward(graph, x, filter, info) {
    const attributes = {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pads: pads(info),
    };
    const inputs = [graph.channelsFirst(x), forwardFilter(graph, filter)];
    const all = graph.emit('Conv', inputs, attributes, outputImage(withAllWindows(info)).channelsFirst);
    return slice(graph, all, [0, 0, 0, 0], info.outShape);
  },
  inputGradient,
  filterGradient,
};

/** Where the stride is 1, a convolution with the filter turned around. */
function inputGradient(graph: LazyGraph, dy: Value, filter: Value, counted: Info): Value {
  const info = withAllWindows(counted);
  const { filterHeight, filterWidth, inChannels, outChannels, padInfo } = info;
  const gradient = graph.channelsFirst(ofAllWindows(graph, dy, info));
  const image = inputImage(info).channelsFirst;
  if (isDense(info)) {
    const taps = filterHeight * filterWidth;
    const turned = graph.emit(
      'Gather',
      [
        graph.view(graph.logical(filter), [taps, inChannels, outChannels]),
        graph.fixed(int64(Array.from({ length: taps }, (_, tap) => taps - 1 - tap))),
      ],
      { axis: 0 },
      { shape: [taps, inChannels, outChannels] },
    );
    const shape = [filterHeight, filterWidth, inChannels, outChannels];
    const kernel = filterAs(graph, graph.view(turned, shape), [2, 3, 0, 1]);
    const [top, left] = [filterHeight - 1 - padInfo.top, filterWidth - 1 - padInfo.left];
    const [bottom, right] = [filterHeight - 1 - padInfo.bottom, filterWidth - 1 - padInfo.right];
    if (Math.min(top, left, bottom, right) >= 0) {
      const attributes = { kernel_shape: [filterHeight, filterWidth], pads: [top, left, bottom, right] };
      return graph.emit('Conv', [gradient, kernel], attributes, image);
    }
  }
  const [height, width] = [grown(info, 'Height'), grown(info, 'Width')];
  const attributes = {
    kernel_shape: [filterHeight, filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    pads: pads(info),
    output_padding: [info.inHeight - height, info.inWidth - width],
  };
  return graph.emit('ConvTranspose', [gradient, forwardFilter(graph, filter)], attributes, image);
}

/** What ConvTranspose makes of the output's extent without padding it; rows that no window reached are missing. */
function grown(info: Info, side: 'Height' | 'Width'): number {
  const { top, bottom, left, right } = info.padInfo;
  const padding = side === 'Height' ? top + bottom : left + right;
  return info[`stride${side}`] * (info[`out${side}`] - 1) + info[`effectiveFilter${side}`] - padding;
}
