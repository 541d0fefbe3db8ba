import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// The gradients of TensorFlow.js are registered by this package only.
import '@tensorflow/tfjs-layers';
import {
  BACKEND_NAME,
  DEVICES,
  type Device,
  type OnnxRuntimeBackend,
  registerOnnxRuntimeBackend,
} from '../../../train/ort-backend/index.js';
import { LOWERINGS } from '../../../train/ort-backend/lowerings/index.js';
import { randomStream } from '../../../train/random.js';
import type { Case, InputSpec, Tolerance } from './case.js';
import { isWritten, type Origin, originOf } from './origins.js';

export const REFERENCE = 'cpu';

/** The device that our backend computes on in the tests: `TENFOLD_TEST_DEVICE`, cpu by default. */
export const TEST_DEVICE: Device =
  DEVICES.find((device) => device === process.env.TENFOLD_TEST_DEVICE) ?? 'cpu';

/** What a computation on the reference backend may differ by: float32 against float64 rounded at every operator. */
const TOLERANCES: { [D in Device]: Tolerance } = {
  cpu: { within: 1e-5, because: 'float32 sums in another order' },
  cuda: { within: 1e-5, because: 'float32 sums in another order' },
  webgpu: { within: 1e-3, because: 'WGSL asks of sin and cos only 2^-11, of exp, log and tan little more' },
};
const TOLERANCE = TOLERANCES[TEST_DEVICE];

/** WGSL lets an implementation assume that there are no NaNs. */
const HAS_NAN = TEST_DEVICE !== 'webgpu';

/** A tensor's data on this side. */
export interface Result {
  name: string;
  shape: readonly number[];
  dtype: string;
  values: readonly number[];
}

/**
 * Makes both backends selectable; called again, it gives a fresh one of ours. One thread, as the computations are
 * small.
 */
export function registerBackends(): void {
  // Without it the cpu backend's first use prints advice to install native bindings.
  tf.enableProdMode();
  registerOnnxRuntimeBackend({ threads: 1, device: TEST_DEVICE });
}

/** Makes our backend the current one. */
export async function useOurs(): Promise<OnnxRuntimeBackend> {
  await tf.setBackend(BACKEND_NAME);
  return tf.backend() as OnnxRuntimeBackend;
}

/** Notes the kernels that our backend is asked for from now on. Call it after {@link registerBackends}. */
export function recordKernels(): Set<string> {
  const asked = new Set<string>();
  for (const name of Object.keys(LOWERINGS)) {
    const config = tf.getKernel(name, BACKEND_NAME);
    tf.unregisterKernel(name, BACKEND_NAME);
    tf.registerKernel({
      ...config,
      kernelFunc: (call) => {
        asked.add(name);
        return config.kernelFunc(call);
      },
    });
  }
  return asked;
}

/** The numbers of an input; the same for equal arguments. */
export function draw(
  { dtype, low, high, values }: InputSpec,
  size: number,
  ...keys: (string | number)[]
): number[] {
  if (values) return [...values];
  const stream = randomStream(1, ...keys);
  const number =
    dtype === 'float32'
      ? () => low + (high - low) * stream.next()
      : () => low + stream.integer(high - low + 1);
  return Array.from({ length: size }, number);
}

const listed = (outputs: tf.Tensor | tf.Tensor[]) => (Array.isArray(outputs) ? outputs : [outputs]);

/** Reads tensors together, then disposes of them: one that cannot be computed must not be asked for by the next read. */
export async function read(tensors: Record<string, tf.Tensor>): Promise<Result[]> {
  try {
    return await Promise.all(
      Object.entries(tensors).map(async ([name, tensor]) => ({
        name,
        shape: tensor.shape,
        dtype: tensor.dtype,
        values: Array.from(await tensor.data<'float32' | 'int32' | 'bool'>()),
      })),
    );
  } finally {
    tf.dispose(tensors);
  }
}

/** Runs a case on a backend, its inputs of the given origins. */
export async function runCase(backend: string, one: Case, plan: readonly Origin[]): Promise<Result[]> {
  await tf.setBackend(backend);
  const compute = (backend === REFERENCE && one.reference) || one.compute;
  return read(tf.tidy(() => evaluate({ ...one, compute }, plan)));
}

/** The outputs of a case, and the gradients of a weighted sum of their squares. */
function evaluate({ title, inputs: specs, compute, withoutGradient }: Case, plan: readonly Origin[]) {
  const written = specs.map((spec, index) => {
    const shape = originOf(plan[index]!).shape(spec);
    return tf.tensor(draw(spec, tf.util.sizeFromShape(shape), title, index), shape, spec.dtype);
  });
  const computeFrom = (tensors: readonly tf.Tensor[]) =>
    listed(compute(...specs.map((spec, index) => originOf(plan[index]!).make(tensors[index]!, spec))));

  // Not under tf.grads, where TensorFlow.js takes other kernels (no fused ones).
  const outputs = numbered('output', computeFrom(written));
  const varying = specs.flatMap(({ dtype }, index) =>
    dtype === 'float32' && isWritten(plan[index]!) ? [index] : [],
  );
  if (withoutGradient || varying.length === 0) return outputs;
  const gradients = tf.grads((...variables) => {
    const all = written.map((tensor, index) =>
      varying.includes(index) ? variables[varying.indexOf(index)]! : tensor,
    );
    return weighted(computeFrom(all), title);
  })(varying.map((index) => written[index]!));
  return { ...outputs, ...numbered('gradient of input', gradients, varying) };
}

const numbered = (
  name: string,
  tensors: readonly tf.Tensor[],
  numbers: readonly number[] = [...tensors.keys()],
) => Object.fromEntries(tensors.map((tensor, index) => [`${name} ${numbers[index]}`, tensor]));

/** One number that depends on every element in its own way. Squares, so that the gradient reuses the output. */
function weighted(outputs: readonly tf.Tensor[], title: string): tf.Tensor {
  return tf.addN(
    outputs.map((output, index) => {
      const { shape, size } = output;
      const weights = draw({ shape, dtype: 'float32', low: 0.2, high: 1 }, size, title, 'weights', index);
      return tf.sum(tf.mul(tf.mul(output, tf.tensor(weights, shape)), output));
    }),
  );
}

/** Asserts that two runs are equal; the message names the first element that is not. */
export function assertClose(
  actual: readonly Result[],
  expected: readonly Result[],
  context: string,
  tolerance = TOLERANCE,
): void {
  const within = Math.max(tolerance.within, TOLERANCE.within);
  assert.deepEqual(described(actual), described(expected), context);
  expected.forEach(({ name, values: wanted }, number) => {
    const { values } = actual[number]!;
    assert.equal(values.length, wanted.length, `${context}: number of elements of ${name}`);
    const at = wanted.findIndex((value, index) => !isClose(values[index]!, value, within));
    assert.ok(at < 0, `${context}: ${name}, element ${at}: expected ${wanted[at]}, got ${values[at]}`);
  });
}

const described = (results: readonly Result[]) =>
  results.map(({ name, shape, dtype }) => ({ name, shape, dtype }));

const isClose = (a: number, b: number, within: number): boolean =>
  Object.is(a, b) ||
  a === b ||
  (!HAS_NAN && Number.isNaN(b)) ||
  // An infinity has no neighbours: a share of it would allow every number.
  (Number.isFinite(b) && Math.abs(a - b) <= within * Math.max(1, Math.abs(b)));
