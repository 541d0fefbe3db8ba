import {
  engine,
  findBackendFactory,
  registerBackend,
  registerKernel,
  removeBackend,
} from '@tensorflow/tfjs-core';
import { BACKEND_NAME, OnnxRuntimeBackend } from './backend.js';
import { kernels } from './dispatch.js';
import { registerBatchNormGradient } from './gradients.js';
import type { SessionSettings } from './sessions.js';

export { BACKEND_NAME, OnnxRuntimeBackend } from './backend.js';
export { nvidiaInSight, probeDevice } from './probe.js';
export { DEVICES, type Device } from './providers.js';
export { type ReplayedStep, replay, type TensorInput } from './replay.js';
export type { SessionSettings } from './sessions.js';

// Untold, ONNX Runtime keeps an id of the device under the home folder from its first session on, and sends events to its maker.
process.env.ORT_DISABLE_TELEMETRY ??= '1';

/**
 * Registers the backend under the name `onnxruntime`; `await tf.setBackend('onnxruntime')` then selects it. Registering
 * it again, with other settings, replaces it together with its tensors.
 * Tensors are computed when they are read: use `await tensor.data()`, not `dataSync()`.
 */
export function registerOnnxRuntimeBackend(settings: Partial<SessionSettings> = {}): void {
  const isKnown = findBackendFactory(BACKEND_NAME) !== null;
  if (isKnown) removeBackend(BACKEND_NAME);
  registerBackend(BACKEND_NAME, () => new OnnxRuntimeBackend({ device: 'cpu', threads: 0, ...settings }));
  putBehind('cpu');
  if (isKnown) return;
  for (const [kernelName, kernelFunc] of kernels()) {
    registerKernel({ kernelName, backendName: BACKEND_NAME, kernelFunc });
  }
  registerBatchNormGradient();
}

/**
 * TensorFlow.js takes, where none is selected, the backend registered first; the cpu backend comes along with ours only
 * for its kernels.
 */
function putBehind(name: string): void {
  const factory = findBackendFactory(name);
  const isInUse = name in engine().registry;
  if (!factory || isInUse) return;
  removeBackend(name);
  registerBackend(name, factory);
}
