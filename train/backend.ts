import { ready, setBackend } from '@tensorflow/tfjs-core';
import { unmet } from '../core/errors.js';
import { BACKEND_NAME, type Device, probeDevice, registerOnnxRuntimeBackend } from './ort-backend/index.js';

export type BackendChoice = 'auto' | 'onnxruntime' | 'tensorflow' | 'cpu';

export interface Engine {
  /** TensorFlow.js's name of the backend. */
  backend: string;
  device: Device | 'gpu';
}

/** Native TensorFlow, in the order in which it is tried: neither is a dependency of ours. */
const TENSORFLOW_PACKAGES = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

const SELECT: { [B in BackendChoice]: (device: Device, threads: number) => Promise<Engine> } = {
  auto: async (device, threads) => (await installedTensorFlowGpu()) ?? selectOnnxRuntime(device, threads),
  onnxruntime: selectOnnxRuntime,
  tensorflow: async () => {
    const loaded = await loadTensorFlow(TENSORFLOW_PACKAGES);
    if (loaded) return loaded;
    throw unmet({
      code: 'unavailable',
      what: '--backend tensorflow',
      expected: TENSORFLOW_PACKAGES.join(' or '),
      got: 'neither',
      advice:
        'Run `npm install @tensorflow/tfjs-node-gpu` (it downloads libtensorflow; CUDA 11.2, Node below 23), or use --backend onnxruntime.',
    });
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await select('cpu');
    return { backend: 'cpu', device: 'cpu' };
  },
};

export const BACKEND_CHOICES = Object.keys(SELECT) as BackendChoice[];

/**
 * Makes a TensorFlow.js backend the current one.
 * @param threads of one operator on the cpu, 0 for one a core
 * @throws TenfoldError `unavailable` where the backend or the device cannot be had here.
 */
export const selectBackend = (choice: BackendChoice, device: Device, threads = 0): Promise<Engine> =>
  SELECT[choice](device, threads);

async function selectOnnxRuntime(device: Device, threads: number): Promise<Engine> {
  await probeDevice(device);
  registerOnnxRuntimeBackend({ device, threads });
  await select(BACKEND_NAME);
  return { backend: BACKEND_NAME, device };
}

async function select(name: string): Promise<void> {
  await setBackend(name);
  await ready();
}

/** tfjs-node-gpu where it is installed and sees a GPU; its absence costs a failed look-up. */
async function installedTensorFlowGpu(): Promise<Engine | null> {
  const loaded = await loadTensorFlow(TENSORFLOW_PACKAGES.slice(0, 1));
  return loaded?.device === 'gpu' ? loaded : null;
}

async function loadTensorFlow(packages: readonly string[]): Promise<Engine | null> {
  for (const name of packages) {
    try {
      const { node } = (await import(name)) as { node: () => { isUsingGpuDevice: boolean } };
      await select('tensorflow');
      return { backend: 'tensorflow', device: node().isUsingGpuDevice ? 'gpu' : 'cpu' };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    }
  }
  return null;
}
