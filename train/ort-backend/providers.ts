import type { InferenceSession } from 'onnxruntime-node';
import type { BuiltNode } from './program.js';

export const DEVICES = ['cpu', 'cuda', 'webgpu'] as const;

/** The execution provider of ONNX Runtime. */
export type Device = (typeof DEVICES)[number];

/** What every WebGPU device can bind in one shader; a node takes one a tensor. */
const LEAST_STORAGE_BUFFERS = 8;

const isVolume = ({ attributes: { kernel_shape = [] } }: BuiltNode): boolean => kernel_shape.length === 3;
const isGrouped = ({ attributes: { group = 1 } }: BuiltNode): boolean => group > 1;

/** Nodes that the WebGPU provider takes and then fails on (ONNX Runtime 1.30), by their operator. */
const BEYOND_WEBGPU: Record<string, (node: BuiltNode) => boolean> = {
  // "Conv3D does not support grouped convolution".
  Conv: (node) => isVolume(node) && isGrouped(node),
  // "Only Conv2d or Conv1d are supported"; groups give wrong numbers.
  ConvTranspose: (node) => isVolume(node) || isGrouped(node),
  // "The Indices output is not supported yet".
  MaxPool: ({ outputCount }) => outputCount > 1,
  // "Too many storage buffers in shader".
  Split: ({ outputCount }) => 1 + outputCount > LEAST_STORAGE_BUFFERS,
};

/** What ONNX Runtime is told of each device, given the nodes of a graph. */
export const PROVIDERS: {
  [D in Device]: (nodes: readonly BuiltNode[]) => InferenceSession.ExecutionProviderConfig;
} = {
  cpu: () => 'cpu',
  cuda: () => 'cuda',
  webgpu: (nodes) => {
    const onCpu = nodes.filter((node) => BEYOND_WEBGPU[node.operator]?.(node));
    // An empty list is refused.
    return onCpu.length === 0
      ? 'webgpu'
      : { name: 'webgpu', forceCpuNodeNames: onCpu.map(({ name }) => name) };
  },
};
