import assert from 'node:assert/strict';
import { fromBinary } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { type GraphProto, ModelProtoSchema, type TypeProto } from 'onnx-buf';
import type { DataFormat } from '../../export/arrangement.js';
import { convertNetwork, type EdgeValue, type NetworkConversion } from '../../export/convert.js';
import { assertAgreement, type Example, ON_NODE, type Port } from './example.js';

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
    const values = new Float32Array(shape.reduce((product, extent) => product * extent, 1));
    const fanIn = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
    const next = originalName.endsWith('moving_variance')
      ? () => 0.5 + random()
      : originalName.endsWith('gamma')
        ? (index: number) => (index === 0 ? -1 : 1) * (0.5 + random())
        : shape.length > 1
          ? () => ((random() * 2 - 1) * 1.7) / Math.sqrt(fanIn)
          : () => random() - 0.5;
    // Far faster than Float32Array.from, of the millions of numbers that some recipes have.
    for (let index = 0; index < values.length; index++) values[index] = next(index);
    variable.write(tf.tensor(values, shape));
  }
  return model;
}

export function randomImages(shape: readonly number[], seed = 7): Float32Array {
  const random = seeded(seed);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random() * 2 - 1);
}

export function parseGraph(bytes: Uint8Array): GraphProto {
  return fromBinary(ModelProtoSchema, bytes).graph!;
}

export function operatorsOf(bytes: Uint8Array): string[] {
  return parseGraph(bytes).node.map(({ opType }) => opType);
}

/** As the graph gives and takes a value: a feature map's channels first, all else as Layers has it. */
export function stored(
  tensor: tf.Tensor,
  dataFormat: DataFormat,
): { values: tf.TypedArray; shape: number[] } {
  const isMoved = tensor.rank === 4 && dataFormat === 'channelsLast';
  const moved = isMoved ? tf.transpose(tensor, [0, 3, 1, 2]) : tensor;
  return { values: moved.dataSync(), shape: moved.shape };
}

export interface ParityOptions {
  batch?: number;
  seed?: number;
  /** Where the layers of the model have their channels. */
  dataFormat?: DataFormat;
  /** One value of an input, from a number in [-1, 1). */
  feed?: (uniform: number) => number;
  /** In place of the model's own `predict`. */
  predict?: (model: LayersModel, inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

/** A network with seeded weights as a graph, seeded inputs, and what TensorFlow.js's cpu backend gives for them. */
export async function networkExample(
  model: LayersModel,
  {
    batch = 2,
    seed = 1,
    dataFormat = 'channelsLast',
    feed = (uniform) => uniform,
    predict = (whole, inputs) => whole.predict(inputs),
  }: ParityOptions = {},
): Promise<{ conversion: NetworkConversion; example: Example }> {
  await tf.setBackend('cpu');
  randomize(model, seed);
  const conversion = convertNetwork(model);
  const inputs = model.inputs.map(({ shape, dtype }, index) => {
    const full = [batch, ...(shape.slice(1) as number[])];
    return tf.tensor(randomImages(full, seed + 100 + index).map(feed), full, dtype);
  });
  const computed = [predict(model, inputs)].flat();
  const ports = (edges: readonly EdgeValue[], tensors: readonly tf.Tensor[]) =>
    edges.map(({ name, type }, index) => ({ name, type, ...stored(tensors[index]!, dataFormat) }) as Port);
  const outputs = ports(conversion.outputs, computed);
  const declared = parseGraph(conversion.bytes).output.map(({ type }) => declaredShape(type));
  assert.deepEqual(
    declared,
    outputs.map(({ shape }) => ['batch', ...shape.slice(1)]),
  );
  return {
    conversion,
    example: { bytes: conversion.bytes, inputs: ports(conversion.inputs, inputs), outputs },
  };
}

function declaredShape(type: TypeProto | undefined): (number | string)[] {
  assert.ok(type?.value.case === 'tensorType');
  return type.value.value.shape!.dim.map(({ value }) =>
    value.case === 'dimValue' ? Number(value.value) : String(value.value),
  );
}

/**
 * Runs a network with seeded weights in TensorFlow.js and in ONNX Runtime, and holds every difference to the tolerance of DESIGN.md,
 * taken of the largest value where that is above 1.
 */
export async function assertParity(
  model: LayersModel,
  options: ParityOptions = {},
): Promise<{ conversion: NetworkConversion; operators: string[] }> {
  const { conversion, example } = await networkExample(model, options);
  await assertAgreement(example, ON_NODE);
  return { conversion, operators: operatorsOf(conversion.bytes) };
}

/** Applies one layer after another: for Resizing, and CenterCrop where it stretches, which cannot read what `predict` hands them. */
export function layerByLayer(model: LayersModel, inputs: tf.Tensor[]): tf.Tensor {
  return model.layers.slice(1).reduce((value, layer) => layer.apply(value) as tf.Tensor, inputs[0]!);
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
