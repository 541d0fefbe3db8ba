import type { InferenceSession } from 'onnxruntime-node';
import type { Operator } from '../../onnx/operators.js';
import type { BuiltNode } from './program.js';
import { sameShape } from './value.js';

export const DEVICES = ['cpu', 'cuda', 'webgpu'] as const;

/** The execution provider of ONNX Runtime. */
export type Device = (typeof DEVICES)[number];

/** What every WebGPU device can bind in one shader; a node takes one a tensor. */
const LEAST_STORAGE_BUFFERS = 8;

/** A node's input as it lies in memory. */
const shapeOf = ({ inputs }: BuiltNode, input: number): readonly number[] => inputs[input]?.stored ?? [];

/** The numbers of an input that belongs to the structure; none where it is absent. */
function numbersOf({ inputs }: BuiltNode, input: number): number[] {
  const source = inputs[input]?.source;
  return source?.kind === 'fixed' ? Array.from(source.constant.data, Number) : [];
}

const isVolume = ({ attributes: { kernel_shape = [] } }: BuiltNode): boolean => kernel_shape.length === 3;
const groupsOf = ({ attributes: { group = 1 } }: BuiltNode): number => group;
const isGrouped = (node: BuiltNode): boolean => groupsOf(node) > 1;
const isPlain = (node: BuiltNode): boolean => !isVolume(node) && !isGrouped(node);

/** How many numbers side by side the provider's shaders take at once. */
const lanes = (size: number): number => [4, 2].find((count) => size % count === 0) ?? 1;

/** Whether the provider takes a convolution for a matrix product; it looks only at the padding above and to the left. */
function isProduct(node: BuiltNode): boolean {
  const { kernel_shape: kernel = [], strides = [], pads: [top = 0, left = 0] = [] } = node.attributes;
  const isOfPoints = [...kernel, ...strides].every((size) => size === 1);
  return (isOfPoints || sameShape(kernel, shapeOf(node, 0).slice(2))) && top + left === 0;
}

type Rule = (node: BuiltNode) => boolean;

/** Nodes that the WebGPU provider takes and then fails on (ONNX Runtime 1.30), by their operator. */
const BEYOND_WEBGPU: Partial<Record<Operator, readonly Rule[]>> = {
  Conv: [
    // "Conv3D does not support grouped convolution".
    (node) => isVolume(node) && isGrouped(node),
    // Computes outputs side by side as if they were all of one group.
    (node) => {
      const outputs = shapeOf(node, 1)[0]!;
      const perGroup = outputs / groupsOf(node);
      return isGrouped(node) && perGroup >= 4 && perGroup % lanes(outputs) !== 0;
    },
    // Leaves out padding that is only below or to the right.
    (node) => isPlain(node) && isProduct(node) && (node.attributes.pads ?? []).some((size) => size > 0),
    // Reads the first three channels again where it should go on to the next three.
    (node) => {
      const [outputs, channels] = shapeOf(node, 1) as [number, number];
      const isByThrees = channels % 3 === 0 && channels % 4 !== 0 && outputs % 4 === 0;
      return isPlain(node) && !isProduct(node) && isByThrees && channels > 3;
    },
  ],
  ConvTranspose: [
    // "Only Conv2d or Conv1d are supported".
    isVolume,
    // Reads the filters of other groups where each makes one channel of an even number of them.
    (node) => {
      const [channels, perGroup] = shapeOf(node, 1) as [number, number];
      return isGrouped(node) && perGroup === 1 && (channels / groupsOf(node)) % 2 === 0;
    },
  ],
  // "The Indices output is not supported yet".
  MaxPool: [({ outputCount }) => outputCount > 1],
  Slice: [
    // Starts at the end wherever it goes backwards.
    (node) => {
      const [starts, axes, steps] = [numbersOf(node, 1), numbersOf(node, 3), numbersOf(node, 4)];
      return steps.some((step, index) => {
        const size = shapeOf(node, 0).at(axes[index]!)!;
        const start = starts[index]!;
        return step < 0 && (start < 0 ? start + size : start) < size - 1;
      });
    },
  ],
  // "Too many storage buffers in shader".
  Split: [({ outputCount }) => 1 + outputCount > LEAST_STORAGE_BUFFERS],
};

const isBeyondWebGpu = (node: BuiltNode): boolean =>
  BEYOND_WEBGPU[node.operator]?.some((applies) => applies(node)) ?? false;

/** What ONNX Runtime is told of each device, given the nodes of a graph. */
export const PROVIDERS: {
  [D in Device]: (nodes: readonly BuiltNode[]) => InferenceSession.ExecutionProviderConfig;
} = {
  cpu: () => 'cpu',
  cuda: () => 'cuda',
  webgpu: (nodes) => {
    const onCpu = nodes.filter(isBeyondWebGpu);
    // An empty list is refused.
    return onCpu.length === 0
      ? 'webgpu'
      : { name: 'webgpu', forceCpuNodeNames: onCpu.map(({ name }) => name) };
  },
};
