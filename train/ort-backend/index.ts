import {
  findBackendFactory,
  type KernelFunc,
  registerBackend,
  registerKernel,
  removeBackend,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { BACKEND_NAME, OnnxRuntimeBackend } from './backend.js';
import { registerBatchNormGradient } from './gradients.js';
import { LOWERINGS } from './lowerings/index.js';
import type { KernelName } from './lowerings/kernels.js';
import type { SessionSettings } from './sessions.js';
import type { Value } from './value.js';

export { BACKEND_NAME, OnnxRuntimeBackend } from './backend.js';
export { nvidiaInSight, probeDevice } from './probe.js';
export { DEVICES, type Device } from './providers.js';
export { type ReplayedStep, replay, type TensorInput } from './replay.js';
export type { SessionSettings } from './sessions.js';

/**
 * Registers the backend under the name `onnxruntime`; `await tf.setBackend('onnxruntime')` then selects it. Registering
 * it again, with other settings, replaces it together with its tensors.
 * Tensors are computed when they are read: use `await tensor.data()`, not `dataSync()`.
 */
export function registerOnnxRuntimeBackend(settings: Partial<SessionSettings> = {}): void {
  const isKnown = findBackendFactory(BACKEND_NAME) !== null;
  if (isKnown) removeBackend(BACKEND_NAME);
  registerBackend(BACKEND_NAME, () => new OnnxRuntimeBackend({ device: 'cpu', threads: 0, ...settings }));
  if (isKnown) return;
  for (const name of Object.keys(LOWERINGS) as KernelName[]) {
    registerKernel({
      kernelName: name,
      backendName: BACKEND_NAME,
      kernelFunc: kernel(LOWERINGS[name] as AnyLowering),
    });
  }
  registerBatchNormGradient();
}

type Named = Record<string, TensorInfo> | TensorInfo[];
/** A lowering whose inputs are checked by its kernel's caller, TensorFlow.js. */
type AnyLowering = (graph: OnnxRuntimeBackend['graph'], inputs: never, attributes: never) => Value | Value[];

function kernel(lowering: AnyLowering): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    const ours = backend as OnnxRuntimeBackend;
    const given = inputs as Named;
    const values = Array.isArray(given)
      ? given.map((info) => ours.valueFor(info))
      : Object.fromEntries(
          Object.entries(given)
            .filter(([, info]) => info)
            .map(([name, info]) => [name, ours.valueFor(info)]),
        );
    const result = lowering(ours.graph, values as never, attrs as never);
    return Array.isArray(result)
      ? result.map((value) => ours.toTensorInfo(value))
      : ours.toTensorInfo(result);
  };
}
