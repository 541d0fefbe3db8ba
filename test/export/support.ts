import assert from 'node:assert/strict';
import { fromBinary } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { type GraphProto, ModelProtoSchema } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Conversion, convertNetwork } from '../../export/convert.js';
import { PARITY_TOLERANCE } from '../../export/verify.js';

export const l = tfl.layers;
export type Layer = tfl.layers.Layer;

/** Uniform numbers in [0, 1): mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fills every weight with seeded values as a trained network has them: no statistic or scale is trivial. */
export function randomize(model: LayersModel, seed = 1): LayersModel {
  const random = seeded(seed);
  for (const variable of model.weights) {
    const { shape, originalName } = variable as unknown as { shape: number[]; originalName: string };
    const size = shape.reduce((product, extent) => product * extent, 1);
    const fanIn = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
    const next = originalName.endsWith('moving_variance')
      ? () => 0.5 + random()
      : originalName.endsWith('gamma')
        ? (_: unknown, index: number) => (index === 0 ? -1 : 1) * (0.5 + random())
        : shape.length > 1
          ? () => ((random() * 2 - 1) * 1.7) / Math.sqrt(fanIn)
          : () => random() - 0.5;
    variable.write(tf.tensor(Float32Array.from({ length: size }, next), shape));
  }
  return model;
}

export function randomImages(shape: readonly number[], seed = 7): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random() * 2 - 1);
}

export async function runGraph(
  bytes: Uint8Array,
  values: Float32Array,
  shape: readonly number[],
): Promise<Record<string, { data: Float32Array; dims: readonly number[] }>> {
  const session = await InferenceSession.create(bytes);
  try {
    const outputs = await session.run({ input: new Tensor('float32', values, [...shape]) });
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data, dims }]) => [name, { data: data as Float32Array, dims }]),
    );
  } finally {
    await session.release();
  }
}

export function parseGraph(bytes: Uint8Array): GraphProto {
  return fromBinary(ModelProtoSchema, bytes).graph!;
}

export function operatorsOf(bytes: Uint8Array): string[] {
  return parseGraph(bytes).node.map(({ opType }) => opType);
}

export function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  assert.equal(actual.length, expected.length);
  return Array.from(actual).reduce((most, value, index) => {
    const difference = Math.abs(value - expected[index]!);
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }, 0);
}

/** As the graph stores a value: a feature map's channels first. */
export function stored(tensor: tf.Tensor): { values: Float32Array; shape: number[] } {
  const moved = tensor.rank === 4 ? tf.transpose(tensor, [0, 3, 1, 2]) : tensor;
  return { values: moved.dataSync<'float32'>(), shape: moved.shape };
}

/** Runs a network with seeded weights in both engines and holds the difference to the tolerance of DESIGN.md. */
export async function assertParity(
  model: LayersModel,
  { batch = 2, seed = 1 } = {},
): Promise<{ conversion: Conversion; operators: string[] }> {
  await tf.setBackend('cpu');
  randomize(model, seed);
  const shape = [batch, ...(model.inputs[0]!.shape.slice(1) as number[])];
  const conversion = convertNetwork(model);
  const input = tf.tensor(randomImages(shape, seed + 100), shape);
  const expected = stored(model.predict(input) as tf.Tensor);
  const fed = stored(input);
  const { output } = await runGraph(conversion.bytes, fed.values, fed.shape);
  assert.deepEqual([...output!.dims], expected.shape);
  const largest = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const difference = maxDifference(output!.data, expected.values) / largest;
  assert.ok(difference <= PARITY_TOLERANCE, `differs by ${difference} of the largest value`);
  return { conversion, operators: operatorsOf(conversion.bytes) };
}

/** A network of these layers one after another. */
export function chain(inputShape: number[], ...layers: Layer[]): LayersModel {
  const input = tfl.input({ shape: inputShape });
  const output = layers.reduce((value, layer) => layer.apply(value) as tfl.SymbolicTensor, input);
  return tfl.model({ inputs: input, outputs: output });
}

/** Every combination of the options. */
export function grid<T extends Record<string, readonly unknown[]>>(
  options: T,
): { [K in keyof T]: T[K][number] }[] {
  let combinations: Record<string, unknown>[] = [{}];
  for (const [key, values] of Object.entries(options)) {
    combinations = combinations.flatMap((combination) =>
      values.map((value) => ({ ...combination, [key]: value })),
    );
  }
  return combinations as { [K in keyof T]: T[K][number] }[];
}
