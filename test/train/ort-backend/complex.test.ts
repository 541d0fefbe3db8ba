import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { BACKEND_NAME } from '../../../train/ort-backend/index.js';
import { assertClose, draw, REFERENCE, read, registerBackends } from './compare.js';

registerBackends();

type Computation = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor | tf.Tensor[];

const SHAPE = [2, 6];

const numbers = (name: string): tf.Tensor =>
  tf.tensor(draw({ shape: SHAPE, dtype: 'float32', low: -2, high: 2 }, 12, 'complex', name), SHAPE);

/** Complex numbers whose parts are not computed yet. */
const complexNumbers = (name: string): tf.Tensor =>
  tf.complex(tf.neg(numbers(`${name} real`)), tf.neg(numbers(`${name} imaginary`)));

const COMPUTATIONS: Record<string, Computation> = {
  abs: tf.abs,
  add: tf.add,
  'cast from complex': (a) => tf.cast(a, 'float32'),
  'cast to complex': (a) => tf.cast(tf.real(a), 'complex64'),
  concat: (a, b) => tf.concat([a, b], 1),
  fft: (a) => tf.fft(a),
  'fft there and back': (a) => tf.ifft(tf.fft(a)),
  ifft: (a) => tf.ifft(a),
  'irfft of rfft': (a) => tf.irfft(tf.rfft(tf.real(a))),
  mul: tf.mul,
  'mul of complex and real': (a, b) => tf.mul(a, tf.real(b)),
  onesLike: tf.onesLike,
  reshape: (a) => tf.reshape(a, [3, 4]),
  rfft: (a) => tf.rfft(tf.imag(a)),
  sub: tf.sub,
  zerosLike: tf.zerosLike,
};

/** A tensor's real and imaginary part, or itself where it is real. */
const parts = (tensor: tf.Tensor): tf.Tensor[] =>
  tensor.dtype === 'complex64' ? [tf.real(tensor), tf.imag(tensor)] : [tensor];

async function compute(backend: string, computation: Computation) {
  await tf.setBackend(backend);
  const tensors = tf.tidy(() => {
    const result = computation(complexNumbers('a'), complexNumbers('b'));
    return (Array.isArray(result) ? result : [result]).flatMap(parts);
  });
  return read(Object.fromEntries(tensors.map((tensor, index) => [`part ${index}`, tensor])));
}

for (const [name, computation] of Object.entries(COMPUTATIONS)) {
  test(`${name}: complex numbers are computed as on TensorFlow.js's cpu backend`, async () => {
    const expected = await compute(REFERENCE, computation);
    assertClose(await compute(BACKEND_NAME, computation), expected, name);
  });
}
