import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { env, InferenceSession } from 'onnxruntime-node';
import { unmet } from '../../core/errors.js';
import { GraphBuilder } from '../../onnx/graph.js';
import { type Device, PROVIDERS } from './providers.js';

/** Why a device cannot be had, in words, and what to do about it. */
interface Lack {
  got: string;
  advice: string;
}

const OTHERWISE = '--device cpu needs nothing.';

const LACKS: { [D in Device]: (cause: Error) => Lack } = {
  cpu: (cause) => ({ got: lastWords(cause), advice: 'Install onnxruntime-node anew.' }),
  cuda: (cause) => {
    const missing = missingCudaLibrary();
    if (missing === null) {
      return { got: lastWords(cause), advice: `Check the NVIDIA driver with nvidia-smi; ${OTHERWISE}` };
    }
    const isOurs = missing.startsWith('libonnxruntime');
    return {
      got: `no ${missing}`,
      advice: isOurs
        ? `Run \`node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install\`, which npm does not run; ${OTHERWISE}`
        : `Install the NVIDIA driver, the CUDA toolkit whose version that name ends in, and cuDNN 9; ${OTHERWISE}`,
    };
  },
  webgpu: (cause) => ({
    got: lastWords(cause),
    advice: `It needs a GPU with a driver for Vulkan (Linux), Metal (macOS) or Direct3D 12 (Windows); ${OTHERWISE}`,
  }),
};

const VULKAN_LOADER = 'libvulkan.so.1';

/** What can be known to be missing without having ONNX Runtime try: it would print warnings of its own. */
const PRECHECKS: { [D in Device]: () => Lack | null } = {
  cpu: () => null,
  cuda: () => null,
  webgpu: () =>
    process.platform === 'linux' && missingFor(VULKAN_LOADER) !== null
      ? {
          got: `no ${VULKAN_LOADER}`,
          advice: `Install the Vulkan loader (\`apt install libvulkan1\`) and your GPU's Vulkan driver; ${OTHERWISE}`,
        }
      : null,
};

/** The end of ONNX Runtime's message: it begins with the place in its sources. */
function lastWords({ message }: Error): string {
  const line = message.trim().split('\n')[0]!;
  return (line.match(/[^.]*$/)?.[0] || line).trim().slice(-120);
}

/** The first shared library that the CUDA provider lacks; ONNX Runtime tells it to standard error only. */
function missingCudaLibrary(): string | null {
  const folder = `../bin/napi-v6/${process.platform}/${process.arch}`;
  const place = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), folder);
  for (const name of ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so']) {
    const path = join(place, name);
    const missing = existsSync(path) ? missingFor(path) : name;
    if (missing !== null) return missing;
  }
  return null;
}

/** The first library that the dynamic linker does not find when it is to load this one; Linux alone says so. */
function missingFor(library: string): string | null {
  try {
    process.dlopen({ exports: {} }, library);
    return null;
  } catch (error) {
    // A library that was found but is no addon of Node's has another message.
    return (error as Error).message.match(/^([^:/\s]+\.so[.\d]*): cannot open/)?.[1] ?? null;
  }
}

/**
 * Runs nothing, but has ONNX Runtime open the device.
 * @throws TenfoldError `unavailable` where it cannot, saying what is missing.
 */
export async function probeDevice(device: Device): Promise<void> {
  const unavailable = (lack: Lack, cause?: unknown) =>
    unmet({ code: 'unavailable', what: '--device', expected: `${device} to be there`, cause, ...lack });
  const known = PRECHECKS[device]();
  if (known) throw unavailable(known);
  const graph = new GraphBuilder('probe');
  graph.output(graph.node('Identity', [graph.input('x', 'float32', [1])], {}), 'float32', [1]);
  // A provider that cannot be loaded is told by what is thrown, not by lines of ONNX Runtime's own.
  const { logLevel } = env;
  env.logLevel = 'fatal';
  try {
    const options = { executionProviders: [PROVIDERS[device]([])], logSeverityLevel: 4 } as const;
    const session = await InferenceSession.create(graph.build(), options);
    await session.release();
  } catch (cause) {
    throw unavailable(LACKS[device](cause as Error), cause);
  } finally {
    if (logLevel !== undefined) env.logLevel = logLevel;
  }
}

/** The device files of NVIDIA's driver, and that of Windows's subsystem for Linux. */
const NVIDIA_FILES = ['nvidiactl', 'nvidia0', 'dxg'];

/**
 * A sign of an NVIDIA GPU, without loading anything: the name of a device file, or null.
 * @param folder where device files are
 */
export function nvidiaInSight(folder = '/dev'): string | null {
  const found = NVIDIA_FILES.find((name) => existsSync(join(folder, name)));
  return found === undefined ? null : join(folder, found);
}
