import assert from 'node:assert/strict';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { maxAbsDifference, PARITY_TOLERANCE } from '../../export/verify.js';

/** A tensor that a graph takes or gives, as the graph stores it. */
export interface Port {
  name: string;
  type: 'float32' | 'int32';
  shape: readonly number[];
  values: Float32Array | Int32Array;
}

/** A graph, what is fed to it, and what TensorFlow.js gives for that. */
export interface Example {
  bytes: Uint8Array;
  inputs: readonly Port[];
  outputs: readonly Port[];
}

/** Runs a graph; its outputs by their names. */
export type Runtime = (
  bytes: Uint8Array,
  inputs: readonly Port[],
) => Promise<Record<string, { dims: readonly number[]; data: Float32Array }>>;

/** Both have the interface of onnxruntime-common, and neither the other's types. */
type Library = typeof node | typeof web;

const runtimeOf =
  ({ InferenceSession, Tensor }: Library, executionProvider: 'cpu' | 'wasm'): Runtime =>
  async (bytes, inputs) => {
    const session = await InferenceSession.create(bytes, { executionProviders: [executionProvider] });
    try {
      const feeds = inputs.map(({ name, type, shape, values }) => [
        name,
        new Tensor(type, values as Float32Array, shape),
      ]);
      const outputs = await session.run(Object.fromEntries(feeds));
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { dims, data }]) => [name, { dims, data: data as Float32Array }]),
      );
    } finally {
      await session.release();
    }
  };

export const ON_NODE = runtimeOf(node, 'cpu');

// Threads need a page that is isolated from others' origins; most have one thread.
web.env.wasm.numThreads = 1;
/** What browsers run, WebAssembly, here in Node. */
export const ON_WEB = runtimeOf(web, 'wasm');

/** The largest difference over all outputs, each taken of its largest value where that is above 1. */
export async function largestDifference(
  { bytes, inputs, outputs }: Example,
  runtime: Runtime,
): Promise<number> {
  const computed = await runtime(bytes, inputs);
  const differences = outputs.map(({ name, shape, values }) => {
    const { dims, data } = computed[name]!;
    assert.deepEqual([...dims], [...shape], `the shape of ${name}`);
    const largest = (values as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    return maxAbsDifference(data, values as Float32Array) / largest;
  });
  // NaN, which Math.max passes on, is no agreement.
  return Math.max(...differences);
}

export async function assertAgreement(example: Example, runtime: Runtime): Promise<void> {
  const difference = await largestDifference(example, runtime);
  assert.ok(difference <= PARITY_TOLERANCE, `differs by ${difference} of the largest value`);
}
