import type { GraphNode } from '../../onnx/graph.js';
import { graphNode, type Model } from '../../onnx/model.js';
import { type Constant, float32 } from '../../onnx/tensor.js';
import { planQuantization } from './plan.js';
import type { Range } from './ranges.js';

export interface QuantizeOptions {
  /** By value, of all that may be rounded. */
  ranges: ReadonlyMap<string, Range>;
  /** Names of nodes whose weights stay as they are. */
  floatNodes: ReadonlySet<string>;
}

/**
 * The largest weight in steps of its channel's scale: seven bits, sign included. Processors without VNNI instructions add pairs of products in 16
 * bits (`vpmaddubsw`), which hold 2 * 255 * 64 and not 2 * 255 * 127: with eight bits the same graph reads other digits there.
 */
export const LARGEST_WEIGHT = 64;

/** Steps of a value: uint8, as ONNX Runtime has the fastest kernels for unsigned values by signed weights. */
const LARGEST_STEP = 255;

/** A bias in steps of its channel, int32, with room for what is added to it. */
const LARGEST_BIAS = 2 ** 30;

/** The kernel's dimension that counts the outputs. */
const CHANNEL_AXIS: Readonly<Record<string, number>> = { Conv: 0, Gemm: 1, MatMul: 1 };

/** The distance between two steps, and the step that stands for 0. */
interface Steps {
  scale: number;
  zero: number;
}

/**
 * A graph whose values are rounded to eight bits wherever ONNX Runtime can compute with such: each is quantised and dequantised again
 * (QDQ), which ONNX Runtime fuses with the node between into an integer kernel, and which any other runtime can run as it stands.
 */
export function quantizeGraph(model: Model, { ranges, floatNodes }: QuantizeOptions): Model {
  const { rounded, weighted } = planQuantization(model, floatNodes);
  const constants = new Map(model.constants);
  const stepsOf = (value: string): Steps => stepsIn(ranges.get(rounded.get(value)!)!);

  const rounding = (value: string): GraphNode[] => {
    const source = rounded.get(value);
    if (source === undefined) return [];
    const { scale, zero } = stepsOf(value);
    // No names that layers have: a batch norm has a scale of its own.
    const steps = [`${source}/step`, `${source}/origin`] as const;
    constants.set(steps[0], float32([scale]));
    constants.set(steps[1], { type: 'uint8', shape: [], data: Uint8Array.of(zero) });
    return [
      graphNode('QuantizeLinear', [value, ...steps], `${value}/quantized`, {}),
      graphNode('DequantizeLinear', [`${value}/quantized`, ...steps], `${value}/rounded`, {}),
    ];
  };

  const stored = (name: string, quantized: Constant, scales: Float32Array, axis: number): GraphNode => {
    const zeros = quantized.type === 'int8' ? new Int8Array(scales.length) : new Int32Array(scales.length);
    constants.set(`${name}/quantized`, quantized);
    constants.set(`${name}/scale`, float32(scales, [scales.length]));
    constants.set(`${name}/zero`, { type: quantized.type, shape: [scales.length], data: zeros });
    const inputs = ['quantized', 'scale', 'zero'].map((part) => `${name}/${part}`);
    return graphNode('DequantizeLinear', inputs, `${name}/rounded`, { axis });
  };

  const withWeights = (node: GraphNode): GraphNode[] => {
    const [value, kernel, bias] = node.inputs as [string, string, string?];
    const { scale } = stepsOf(value);
    const axis = CHANNEL_AXIS[node.operator]!;
    const weights = model.constants.get(kernel)!;
    const biases = bias === undefined ? null : (model.constants.get(bias)!.data as Float32Array);
    const scales = channelScales(weights, axis, (channel) => Math.abs(biases?.[channel] ?? 0) / scale);
    const channelOf = channelsOf(weights, axis);
    // By the node: a kernel that two layers share has other scales where its inputs and biases are others.
    const names = { kernel: `${node.name}/kernel`, bias: `${node.name}/bias` };
    const rows = [
      stored(
        names.kernel,
        roundedTo('int8', weights, (i) => scales[channelOf(i)]!),
        scales,
        axis,
      ),
    ];
    if (biases) {
      const ofBias = scales.map((one) => one * scale);
      rows.push(
        stored(
          names.bias,
          roundedTo('int32', model.constants.get(bias!)!, (i) => ofBias[i]!),
          ofBias,
          0,
        ),
      );
    }
    return [...rows, { ...node, inputs: [`${value}/rounded`, ...rows.map(({ name }) => name)] }];
  };

  const nodes = model.nodes.flatMap((node): GraphNode[] => {
    const inputs = node.inputs.map((input) => (rounded.has(input) ? `${input}/rounded` : input));
    return [
      ...(weighted.has(node) ? withWeights(node) : [{ ...node, inputs }]),
      ...node.outputs.flatMap(rounding),
    ];
  });
  return { ...model, nodes: [...model.inputs.flatMap(({ name }) => rounding(name)), ...nodes], constants };
}

function stepsIn({ low, high }: Range): Steps {
  const scale = Math.fround((high - low) / LARGEST_STEP);
  return { scale, zero: Math.round(-low / scale) };
}

/** @param leastOf by channel, what the bias is in steps of its input. */
function channelScales(weights: Constant, axis: number, leastOf: (channel: number) => number): Float32Array {
  const channelOf = channelsOf(weights, axis);
  const largest = new Float64Array(weights.shape[axis]!);
  (weights.data as Float32Array).forEach((weight, index) => {
    const channel = channelOf(index);
    largest[channel] = Math.max(largest[channel]!, Math.abs(weight));
  });
  return Float32Array.from(largest, (size, channel) => {
    const scale = Math.max(size / LARGEST_WEIGHT, leastOf(channel) / LARGEST_BIAS);
    // A channel of zeros has no scale of its own.
    return scale > 0 ? scale : 1;
  });
}

/** From an index into the kernel to its output channel. */
function channelsOf({ shape }: Constant, axis: number): (index: number) => number {
  const inner = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  return (index) => Math.floor(index / inner) % shape[axis]!;
}

function roundedTo(
  type: 'int8' | 'int32',
  { shape, data }: Constant,
  scaleOf: (index: number) => number,
): Constant {
  const rounded = (data as Float32Array).map((value, index) => Math.round(value / scaleOf(index)));
  return { type, shape, data: type === 'int8' ? Int8Array.from(rounded) : Int32Array.from(rounded) };
}
