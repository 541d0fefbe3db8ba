import type { LogEvent } from '../../../train/tensorboard/events.js';
import type { GraphNode } from '../../../train/tensorboard/graph.js';

// Provenance: written by TensorBoard 2.21.0, `SerializeToString(deterministic=True)` of the `Event` and `GraphDef` of
// `tensorboard.compat.proto` with the same contents, in hexadecimal.

export const EVENTS: { name: string; event: LogEvent; bytes: string }[] = [
  {
    name: "the file's version",
    event: { wallTime: 1700000000.25, step: 0, kind: 'fileVersion', content: 'brain.Event:2' },
    bytes: '0900001040fc54d9411a0d627261696e2e4576656e743a32',
  },
  {
    name: 'scalars',
    event: {
      wallTime: 1700000001.5,
      step: 118,
      kind: 'summary',
      content: [
        { tag: 'step/loss', scalar: 0.125 },
        { tag: 'step/learning_rate', scalar: 1e-3 },
      ],
    },
    bytes: [
      '0900006040fc54d94110762a2d0a100a09737465702f6c6f7373150000003e0a190a12737465702f6c6561726e696e67',
      '5f72617465156f12833a',
    ].join(''),
  },
  {
    name: 'a picture, at a step beyond 32 bits',
    event: {
      wallTime: 1700000002,
      step: 5_000_000_000,
      kind: 'summary',
      content: [
        {
          tag: 'wrong/01 4 read as 9, 99.00%, image 247',
          picture: { width: 3, height: 2, png: Uint8Array.of(0x89, 0x50, 0, 255) },
        },
      ],
    },
    bytes: [
      '0900008040fc54d9411080e497d0122a390a370a2777726f6e672f30312034207265616420617320392c2039392e3030',
      '252c20696d61676520323437220c0802100318012204895000ff',
    ].join(''),
  },
  {
    name: 'a graph',
    event: { wallTime: 1700000003, step: 1, kind: 'graph', content: Uint8Array.of(0x0a, 0) },
    bytes: '090000c040fc54d941100122020a00',
  },
  {
    name: 'the beginning of a process that goes on',
    event: { wallTime: 1700000004, step: 7, kind: 'start', content: true },
    bytes: '0900000041fc54d94110073a020801',
  },
];

const NODES: GraphNode[] = [
  { name: 'image', op: 'InputLayer', inputs: [], shape: [null, 28, 28, 1], attributes: {} },
  {
    name: 'conv2d_1/Conv2D',
    op: 'Conv2D',
    inputs: ['image', 'conv2d_1/kernel'],
    shape: [null, 24, 24, 8],
    // In the order of their names, as protobuf's deterministic writer has them.
    attributes: {
      activation: 'relu',
      kernelSize: [5, 300],
      momentum: 0.9,
      parameters: 208,
      useBias: true,
      zero: false,
    },
  },
];

export const GRAPH: { nodes: GraphNode[]; bytes: string } = {
  nodes: NODES,
  bytes: [
    '0a440a05696d616765120a496e7075744c617965722a2f0a0e5f6f75747075745f736861706573121d0a1b3a19120b08',
    'ffffffffffffffffff011202081c1202081c120208010ad0010a0f636f6e7632645f312f436f6e7632441206436f6e76',
    '32441a05696d6167651a0f636f6e7632645f312f6b65726e656c2a2f0a0e5f6f75747075745f736861706573121d0a1b',
    '3a19120b08ffffffffffffffffff011202081812020818120208082a140a0a61637469766174696f6e1206120472656c',
    '752a150a0a6b65726e656c53697a6512070a051a0305ac022a110a086d6f6d656e74756d1205256666663f2a110a0a70',
    '6172616d6574657273120318d0012a0d0a0775736542696173120228012a0a0a047a65726f12022800',
  ].join(''),
};
