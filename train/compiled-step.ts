import { type DataTypeMap, getBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { BACKEND_NAME, replay, type TensorInput } from './ort-backend/index.js';

export type { TensorInput } from './ort-backend/index.js';

/** Takes the inputs' data to the outputs' data, float32. */
export interface CompiledStep {
  (inputs: readonly TensorInput[]): Promise<Float32Array[]>;
  /** Frees what was compiled, after the calls begun so far. */
  dispose(): Promise<void>;
}

/** One number that changes from call to call. */
export const scalarInput = (value: number): TensorInput => ({
  data: Float32Array.of(value),
  shape: [],
  dtype: 'float32',
});

/**
 * Makes a step that TensorFlow.js's bookkeeping need not accompany every time: recorded and replayed on our backend,
 * simply called on any other. What changes from call to call must be an input or a variable.
 */
export function compileStep(step: (...inputs: Tensor[]) => Tensor[]): CompiledStep {
  if (getBackend() === BACKEND_NAME) return replay(step) as CompiledStep;
  const run = async (inputs: readonly TensorInput[]) => {
    const outputs = tidy(() => step(...inputs.map(({ data, shape, dtype }) => tensor(data, shape, dtype))));
    const values = await Promise.all(outputs.map((output) => output.data<keyof DataTypeMap>()));
    for (const output of outputs) output.dispose();
    return values as Float32Array[];
  };
  return Object.assign(run, { dispose: async () => {} });
}
