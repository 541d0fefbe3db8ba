import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';

/**
 * Runs work on TensorFlow.js's plain JavaScript backend, the reference for every comparison, and gives the process its own
 * backend back: `pipeline` trains on another one.
 */
export async function onCpuBackend<T>(work: () => T | Promise<T>): Promise<T> {
  const before = tf.getBackend();
  // Without it the backend's first use prints advice to install native bindings.
  tf.enableProdMode();
  await tf.setBackend('cpu');
  try {
    return await work();
  } finally {
    if (before && before !== 'cpu') await tf.setBackend(before);
  }
}
