import { ready, setBackend } from '@tensorflow/tfjs-core';
import { TenfoldError, unmet } from '../core/errors.js';
import {
  BACKEND_NAME,
  DEVICES,
  type Device,
  nvidiaInSight,
  probeDevice,
  registerOnnxRuntimeBackend,
} from './ort-backend/index.js';
import { loadTensorFlow, type TensorFlowPackage } from './tensorflow.js';

export type BackendChoice = 'auto' | 'onnxruntime' | 'tensorflow' | 'cpu';

/** `auto`: CUDA where an NVIDIA GPU is in sight and can be used, else the cpu. */
export type DeviceChoice = 'auto' | Device;

export const DEVICE_CHOICES: readonly DeviceChoice[] = ['auto', ...DEVICES];

export interface Engine {
  /** TensorFlow.js's name of the backend. */
  backend: string;
  device: Device | 'gpu';
  /** Of one operator on the cpu, where they were set. */
  threads?: number;
}

export interface SelectOptions {
  /** Of one operator on the cpu; 0 for one a core. */
  threads?: number;
  /** Told, in one line, where a GPU is in sight that `auto` cannot use. */
  tell?: (line: string) => void;
  /** Where device files are. */
  deviceFolder?: string;
  /** The module that TensorFlow's packages are looked up from. */
  from?: string;
}

type Select = (device: DeviceChoice, options: SelectOptions) => Promise<Engine>;

const SELECT: { [B in BackendChoice]: Select } = {
  auto: (device, options) =>
    device === 'auto' ? selectFastest(options, [tensorFlowGpu, cuda]) : selectOnnxRuntime(device, options),
  onnxruntime: (device, options) =>
    device === 'auto' ? selectFastest(options, [cuda]) : selectOnnxRuntime(device, options),
  tensorflow: selectTensorFlow,
  cpu: async (device) => {
    requireOneOf(device, ['auto', 'cpu'], 'cpu');
    await import('@tensorflow/tfjs-backend-cpu');
    await select('cpu');
    return { backend: 'cpu', device: 'cpu' };
  },
};

export const BACKEND_CHOICES = Object.keys(SELECT) as BackendChoice[];

/**
 * Makes a TensorFlow.js backend the current one.
 * @throws TenfoldError `unavailable` where the backend or the device cannot be had here, `bad-usage` where the backend
 * has no such device.
 */
export const selectBackend = (
  choice: BackendChoice,
  device: DeviceChoice,
  options: SelectOptions = {},
): Promise<Engine> => SELECT[choice](device, options);

/** A way to use a GPU: the engine, or in words why not; null where nobody can have expected it. */
type Attempt = (options: SelectOptions) => Promise<Engine | string | null>;

const tensorFlowGpu: Attempt = async ({ from }) => {
  const name = '@tensorflow/tfjs-node-gpu';
  const load = await loadTensorFlow(name, from);
  if (load.kind === 'absent') return null;
  if (load.kind === 'broken') return `${name}: ${load.reason}`;
  return load.device === 'gpu' ? { backend: 'tensorflow', device: 'gpu' } : `${name} does not see it`;
};

const cuda: Attempt = async (options) => {
  try {
    return await selectOnnxRuntime('cuda', options);
  } catch (error) {
    if (error instanceof TenfoldError && error.code === 'unavailable') return error.message;
    throw error;
  }
};

/**
 * The first way that works where an NVIDIA GPU is in sight, else the cpu, and then without a look at anything. WebGPU is
 * not among them: it has not been measured on a GPU, it computes exp, sin and their like less exactly, and Vulkan may be
 * one that runs on the cpu.
 */
async function selectFastest(options: SelectOptions, attempts: readonly Attempt[]): Promise<Engine> {
  const sign = nvidiaInSight(options.deviceFolder);
  if (sign === null) return selectOnnxRuntime('cpu', options);
  const reasons: string[] = [];
  for (const attempt of attempts) {
    const outcome = await attempt(options);
    if (outcome !== null && typeof outcome !== 'string') return outcome;
    if (outcome !== null) reasons.push(outcome);
  }
  options.tell?.(
    `An NVIDIA GPU is in sight (${sign}), but not used; the cpu computes. ${reasons.join('; ')}`,
  );
  return selectOnnxRuntime('cpu', options);
}

async function selectOnnxRuntime(device: Device, { threads = 0 }: SelectOptions): Promise<Engine> {
  await probeDevice(device);
  registerOnnxRuntimeBackend({ device, threads });
  await select(BACKEND_NAME);
  return { backend: BACKEND_NAME, device, ...(threads > 0 && { threads }) };
}

/** Packages by what is asked for; the first that is installed is the one that must work. */
const TENSORFLOW_PACKAGES: { [D in DeviceChoice]: readonly TensorFlowPackage[] } = {
  auto: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'],
  cpu: ['@tensorflow/tfjs-node'],
  cuda: ['@tensorflow/tfjs-node-gpu'],
  webgpu: [],
};

async function selectTensorFlow(device: DeviceChoice, { from }: SelectOptions): Promise<Engine> {
  requireOneOf(device, ['auto', 'cpu', 'cuda'], 'tensorflow');
  const packages = TENSORFLOW_PACKAGES[device];
  const unavailable = (got: string, advice: string) =>
    unmet({
      code: 'unavailable',
      what: '--backend tensorflow',
      expected: packages.join(' or '),
      got,
      advice: `${advice}, or use --backend onnxruntime.`,
    });
  for (const name of packages) {
    const load = await loadTensorFlow(name, from);
    if (load.kind === 'absent') continue;
    if (load.kind === 'broken') {
      throw unavailable(
        `"${load.reason}"`,
        `Run \`npm rebuild ${name} --build-addon-from-source\` (Node below 23)`,
      );
    }
    if (device === 'cuda' && load.device !== 'gpu') {
      throw unavailable(`${name} without a GPU`, 'Install CUDA 11.2 and cuDNN 8.1 for it');
    }
    return { backend: 'tensorflow', device: load.device };
  }
  throw unavailable(
    'none installed',
    `Run \`npm install ${packages[0]}\` (it downloads libtensorflow; Node below 23${device === 'cpu' ? '' : '; CUDA 11.2'})`,
  );
}

function requireOneOf(device: DeviceChoice, allowed: readonly DeviceChoice[], backend: BackendChoice): void {
  if (allowed.includes(device)) return;
  throw unmet({
    code: 'bad-usage',
    what: `--device with --backend ${backend}`,
    expected: `one of ${allowed.join(', ')}`,
    got: device,
    advice: 'Leave --backend out to have the device.',
  });
}

async function select(name: string): Promise<void> {
  await setBackend(name);
  await ready();
}
