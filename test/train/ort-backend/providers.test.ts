import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { LazyGraph } from '../../../train/ort-backend/lazy-graph.js';
import {
  type BuiltProgram,
  buildProgram,
  leafData,
  planProgram,
} from '../../../train/ort-backend/program.js';
import { PROVIDERS } from '../../../train/ort-backend/providers.js';
import { sizeOf, type Value } from '../../../train/ort-backend/value.js';
import { draw, TEST_DEVICE } from './compare.js';

// Each rule of what is kept off WebGPU, held to the provider: it must fail on what is kept from it, and on nothing that is
// not, on either side of every border. A rule that a later ONNX Runtime needs no more fails here.

/** One node, or the outputs of one. */
interface Sample {
  title: string;
  make(graph: LazyGraph): Value[];
  /** Whether the provider may manage it on a device that can do more than every device must. */
  dependsOnDevice?: boolean;
}

const leaf = (graph: LazyGraph, shape: readonly number[], name: string): Value => {
  const spec = { shape: [...shape], dtype: 'float32' as const, low: -1, high: 1 };
  return graph.leaf(Float32Array.from(draw(spec, sizeOf(shape), name)), 'float32', shape);
};

interface Convolution {
  channels: number;
  outputs: number;
  group?: number;
  size?: number[];
  kernel?: number[];
  pads?: number[];
  strides?: number[];
}

const titled = (operator: string, of: object): string => `${operator} ${JSON.stringify(of)}`;

function convolution(of: Convolution): Sample {
  const { channels, outputs, group = 1, size = [4, 5], kernel = [3, 3] } = of;
  const { pads = [...kernel, ...kernel].fill(0), strides = kernel.map(() => 1) } = of;
  const extent = size.map((length, axis) => {
    const padded = length + pads[axis]! + pads[axis + size.length]!;
    return Math.floor((padded - kernel[axis]!) / strides[axis]!) + 1;
  });
  return {
    title: titled('Conv', of),
    make: (graph) => {
      const inputs = [
        leaf(graph, [2, channels, ...size], 'x'),
        leaf(graph, [outputs, channels / group, ...kernel], 'w'),
      ];
      const attributes = { kernel_shape: kernel, pads, strides, group };
      return [graph.emit('Conv', inputs, attributes, { shape: [2, outputs, ...extent] })];
    },
  };
}

function transposedConvolution(of: Convolution): Sample {
  const { channels, outputs, group = 1, size = [4, 5], kernel = [3, 3] } = of;
  const shape = [2, outputs, ...size.map((length, axis) => length + kernel[axis]! - 1)];
  return {
    title: titled('ConvTranspose', of),
    make: (graph) => {
      const inputs = [
        leaf(graph, [2, channels, ...size], 'x'),
        leaf(graph, [channels, outputs / group, ...kernel], 'w'),
      ];
      return [graph.emit('ConvTranspose', inputs, { kernel_shape: kernel, group }, { shape })];
    },
  };
}

/** Cuts `[3, 7]` along its second axis, or along both. */
function slice(starts: number[], ends: number[], steps: number[], shape: number[]): Sample {
  const axes = starts.length === 1 ? [1] : [0, 1];
  return {
    title: titled('Slice', { starts, ends, steps }),
    make: (graph) => {
      const bounds = [starts, ends, axes, steps].map((numbers) => graph.ints(...numbers));
      return [graph.emit('Slice', [leaf(graph, [3, 7], 'x'), ...bounds], {}, { shape })];
    },
  };
}

const maxPool = (outputCount: 1 | 2): Sample => ({
  title: titled('MaxPool', { outputCount }),
  make: (graph) => {
    const x = leaf(graph, [2, 3, 4, 6], 'x');
    const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
    const most = graph.emit('MaxPool', [x], attributes, { shape: [2, 3, 2, 3] });
    return outputCount === 1 ? [most] : [most, graph.sibling(most, 1, 'int64')];
  },
});

const split = (outputs: number): Sample => ({
  title: titled('Split', { outputs }),
  make: (graph) => {
    const shape = [2, 3];
    const x = leaf(graph, [2, 3 * outputs], 'x');
    const sizes = graph.ints(...new Array<number>(outputs).fill(3));
    const first = graph.emit('Split', [x, sizes], { axis: 1 }, { shape });
    return Array.from({ length: outputs }, (_, output) => graph.sibling(first, output, 'float32'));
  },
  dependsOnDevice: true,
});

const volume = { size: [3, 4, 5], kernel: [2, 2, 2] };

const GROUPS = [2, 3].flatMap((group) => [1, 3, 4, 5, 6, 8].map((perGroup) => ({ group, perGroup })));

const SAMPLES: readonly Sample[] = [
  ...[3, 4, 6, 9, 10, 12, 15].flatMap((channels) =>
    [3, 4, 6, 8].map((outputs) => convolution({ channels, outputs })),
  ),
  ...[1, 2, 9].map((group) => convolution({ channels: 18, outputs: 36, group })),
  convolution({ channels: 6, outputs: 4, strides: [2, 2] }),
  convolution({ channels: 6, outputs: 4, kernel: [1, 1] }),
  convolution({ channels: 6, outputs: 4, kernel: [1, 1], strides: [1, 2] }),
  convolution({ channels: 6, outputs: 4, kernel: [4, 5] }),
  convolution({ channels: 6, outputs: 4, kernel: [4, 5], pads: [1, 1, 0, 0] }),
  ...[
    [0, 0, 1, 1],
    [0, 0, 0, 1],
    [0, 1, 0, 0],
    [1, 1, 1, 1],
  ].flatMap((pads) =>
    [
      [1, 1],
      [4, 5],
      [2, 2],
    ].map((kernel) => convolution({ channels: 4, outputs: 4, kernel, pads })),
  ),
  ...GROUPS.map(({ group, perGroup }) =>
    convolution({ channels: 2 * group, outputs: group * perGroup, group }),
  ),
  convolution({ channels: 4, outputs: 4, ...volume }),
  convolution({ channels: 6, outputs: 4, ...volume }),
  convolution({ channels: 4, outputs: 4, ...volume, kernel: [1, 1, 1], pads: [0, 0, 0, 1, 1, 1] }),
  convolution({ channels: 4, outputs: 4, group: 2, ...volume }),
  ...GROUPS.flatMap(({ group, perGroup }) =>
    [1, 2].map((outputs) =>
      transposedConvolution({ channels: group * perGroup, outputs: group * outputs, group }),
    ),
  ),
  transposedConvolution({ channels: 4, outputs: 1 }),
  transposedConvolution({ channels: 4, outputs: 4, ...volume }),
  maxPool(1),
  maxPool(2),
  slice([-1], [-8], [-1], [3, 7]),
  slice([6], [1], [-2], [3, 3]),
  slice([100], [-8], [-3], [3, 3]),
  slice([5], [1], [-2], [3, 2]),
  slice([-2], [-8], [-1], [3, 6]),
  slice([0], [6], [2], [3, 3]),
  slice([2, 6], [-4, -8], [-1, -2], [3, 4]),
  slice([1, 6], [-4, -8], [-1, -2], [2, 4]),
  slice([0, 5], [3, -8], [2, -1], [2, 6]),
  split(7),
  split(8),
  split(20),
];

type Providers = InferenceSession.ExecutionProviderConfig;

test('WebGPU is kept from the nodes that its provider fails on, and from no other', async (context) => {
  if (TEST_DEVICE !== 'webgpu') return context.skip('needs WebGPU: npm run test:webgpu');
  for (const { title, make, dependsOnDevice = false } of SAMPLES) {
    await context.test(title, async () => {
      const program = planProgram(make(new LazyGraph(false)));
      const built = buildProgram(program);
      const feeds = Object.fromEntries(
        program.inputs.map((input, index) => [
          built.inputNames[index]!,
          new Tensor('float32', leafData(input), input.stored),
        ]),
      );
      const chosen = PROVIDERS.webgpu(built.nodes);
      const expected = await run(built, 'cpu', feeds);
      assert.ok(isEqual(await run(built, chosen, feeds), expected), 'as we run it, it is wrong');
      if (dependsOnDevice) return;
      const alone = await run(built, 'webgpu', feeds).catch(() => null);
      const isRight = alone !== null && isEqual(alone, expected);
      const message = isRight ? 'the provider is right and still kept from it' : 'the provider fails on it';
      assert.equal(isRight, chosen === 'webgpu', message);
    });
  }
});

/** The model's outputs, one after the other. */
async function run(
  { model, outputNames }: BuiltProgram,
  providers: Providers,
  feeds: Record<string, Tensor>,
): Promise<number[]> {
  const options = { executionProviders: [providers], logSeverityLevel: 4 } as const;
  const session = await InferenceSession.create(model, options);
  try {
    const results = await session.run(feeds);
    return outputNames.flatMap((name) =>
      Array.from(results[name]!.data as ArrayLike<number | bigint>, Number),
    );
  } finally {
    await session.release();
  }
}

const isEqual = (actual: readonly number[], expected: readonly number[]): boolean =>
  actual.length === expected.length &&
  actual.every((value, index) => Math.abs(value - expected[index]!) < 1e-4);
