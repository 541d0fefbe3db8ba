import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { type BackendChoice, type DeviceChoice, selectBackend } from '../../train/backend.js';
import { nvidiaInSight } from '../../train/ort-backend/index.js';

const require = createRequire(import.meta.url);
const hasCuda = existsSync(
  join(require.resolve('onnxruntime-node'), '../../bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so'),
);

/** Packages that stand in for TensorFlow's, by how they are installed; each notes that it was loaded. */
const PACKAGES = {
  'with a GPU': registering(true),
  'without a GPU': registering(false),
  'without its native file': `throw new Error('The native module can not be found at path: x. \\nPlease rebuild');`,
};

function registering(isUsingGpuDevice: boolean): string {
  const [core, cpu] = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'].map((name) =>
    JSON.stringify(require.resolve(name)),
  );
  return `const { MathBackendCPU } = require(${cpu});
    require(${core}).registerBackend('tensorflow',
      () => Object.assign(new MathBackendCPU(), { isUsingGpuDevice: ${isUsingGpuDevice} }));`;
}

type Installed = Partial<Record<'tfjs-node-gpu' | 'tfjs-node', keyof typeof PACKAGES>>;

interface Selected {
  backend: string;
  device: string;
  lines: string[];
  /** Packages that were loaded. */
  loaded: string[];
}

/** Selects on a machine with these device files and these packages. */
async function select(
  context: TestContext,
  choice: BackendChoice,
  device: DeviceChoice,
  { files = [], installed = {} }: { files?: string[]; installed?: Installed },
): Promise<Selected> {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-backend-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const deviceFolder = join(folder, 'dev');
  mkdirSync(deviceFolder);
  for (const file of files) writeFileSync(join(deviceFolder, file), '');
  const loaded: string[] = [];
  Object.assign(globalThis, { noteLoaded: (name: string) => loaded.push(name) });
  for (const [name, kind] of Object.entries(installed)) {
    const place = join(folder, 'node_modules', '@tensorflow', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), `{"name":"@tensorflow/${name}","main":"index.js"}`);
    writeFileSync(join(place, 'index.js'), `noteLoaded('${name}');${PACKAGES[kind]}`);
  }
  const lines: string[] = [];
  const from = pathToFileURL(join(folder, 'program.js')).href;
  if (tf.findBackendFactory('tensorflow')) tf.removeBackend('tensorflow');
  const engine = await selectBackend(choice, device, {
    deviceFolder,
    from,
    tell: (line) => lines.push(line),
  });
  assert.equal(tf.getBackend(), engine.backend, 'the engine named is the one that computes');
  assert.deepEqual([...(await tf.tensor1d([4]).data())], [4]);
  return { ...engine, lines, loaded };
}

const CPU = { backend: 'onnxruntime', device: 'cpu', lines: [], loaded: [] };

test('signs of an NVIDIA GPU are its device files', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-dev-'));
  context.after(() => rmSync(folder, { recursive: true }));
  assert.equal(nvidiaInSight(folder), null);
  writeFileSync(join(folder, 'nvidia0'), '');
  assert.equal(nvidiaInSight(folder), join(folder, 'nvidia0'));
  assert.equal(nvidiaInSight(join(folder, 'none')), null);
});

test('auto without a GPU in sight takes the cpu, says nothing and loads nothing', async (context) => {
  const installed = { 'tfjs-node-gpu': 'with a GPU', 'tfjs-node': 'without a GPU' } as const;
  for (const files of [[], ['dri', 'kfd']]) {
    assert.deepEqual(await select(context, 'auto', 'auto', { files, installed }), CPU);
  }
});

test('auto with a GPU in sight takes TensorFlow where that is installed and sees it', async (context) => {
  const options = { files: ['nvidia0'], installed: { 'tfjs-node-gpu': 'with a GPU' } } as const;
  const selected = await select(context, 'auto', 'auto', { ...options, files: ['nvidia0'] });
  assert.deepEqual(selected, {
    backend: 'tensorflow',
    device: 'gpu',
    lines: [],
    loaded: ['tfjs-node-gpu'],
  });
});

test('a device that is named is taken, whatever is in sight', async (context) => {
  const options = { files: ['nvidia0'], installed: { 'tfjs-node-gpu': 'with a GPU' } } as const;
  const selected = await select(context, 'auto', 'cpu', { ...options, files: ['nvidia0'] });
  assert.deepEqual(selected, CPU);
});

const FALLBACKS: Record<string, { installed: Installed; line: RegExp; loaded: string[] }> = {
  'no package': {
    installed: {},
    line: /^An NVIDIA GPU is in sight \(.*nvidia0\), but not used; the cpu computes\. Expected cuda to be there/,
    loaded: [],
  },
  'a package that sees no GPU': {
    installed: { 'tfjs-node-gpu': 'without a GPU' },
    line: /computes\. @tensorflow\/tfjs-node-gpu does not see it; Expected cuda to be there/,
    loaded: ['tfjs-node-gpu'],
  },
  'a package without its native file': {
    installed: { 'tfjs-node-gpu': 'without its native file' },
    line: /computes\. @tensorflow\/tfjs-node-gpu: The native module can not be found at path: x; Expected cuda/,
    loaded: ['tfjs-node-gpu'],
  },
};

for (const [name, { installed, line, loaded }] of Object.entries(FALLBACKS)) {
  test(`auto with a GPU in sight but ${name} falls back to the cpu with one line`, async (context) => {
    if (hasCuda) return context.skip('the files of the CUDA provider are installed here');
    const selected = await select(context, 'auto', 'auto', { files: ['nvidia0'], installed });
    assert.deepEqual({ ...selected, lines: [] }, { ...CPU, loaded });
    assert.equal(selected.lines.length, 1);
    assert.match(selected.lines[0]!, line);
    assert.doesNotMatch(selected.lines[0]!, /\n/);
  });
}

test('--backend tensorflow takes what is installed', async (context) => {
  const both = { 'tfjs-node-gpu': 'with a GPU', 'tfjs-node': 'without a GPU' } as const;
  const only = { 'tfjs-node': 'without a GPU' } as const;
  const selectedOf = async (device: DeviceChoice, installed: Installed) =>
    (await select(context, 'tensorflow', device, { installed })).loaded;
  assert.deepEqual(await selectedOf('auto', both), ['tfjs-node-gpu']);
  assert.deepEqual(await selectedOf('auto', only), ['tfjs-node']);
  assert.deepEqual(await selectedOf('cpu', both), ['tfjs-node']);
});

const REFUSALS: Record<
  string,
  { choice: BackendChoice; device: DeviceChoice; installed?: Installed; code: string; message: RegExp }
> = {
  'TensorFlow where none is installed': {
    choice: 'tensorflow',
    device: 'auto',
    code: 'unavailable',
    message:
      /^Expected @tensorflow\/tfjs-node-gpu or @tensorflow\/tfjs-node for --backend tensorflow, got none installed\. Run `npm install @tensorflow\/tfjs-node-gpu`/,
  },
  'TensorFlow without its native file': {
    choice: 'tensorflow',
    device: 'auto',
    installed: { 'tfjs-node': 'without its native file' },
    code: 'unavailable',
    message: /got "The native module can not be found at path: x"\. Run `npm rebuild @tensorflow\/tfjs-node/,
  },
  'TensorFlow with CUDA where it sees no GPU': {
    choice: 'tensorflow',
    device: 'cuda',
    installed: { 'tfjs-node-gpu': 'without a GPU' },
    code: 'unavailable',
    message: /got @tensorflow\/tfjs-node-gpu without a GPU/,
  },
  'TensorFlow with WebGPU': {
    choice: 'tensorflow',
    device: 'webgpu',
    code: 'bad-usage',
    message: /^Expected one of auto, cpu, cuda for --device with --backend tensorflow, got webgpu/,
  },
  'plain JavaScript with CUDA': {
    choice: 'cpu',
    device: 'cuda',
    code: 'bad-usage',
    message: /^Expected one of auto, cpu for --device with --backend cpu, got cuda/,
  },
};

for (const [name, { choice, device, installed = {}, code, message }] of Object.entries(REFUSALS)) {
  test(`${name} is refused`, async (context) => {
    await assert.rejects(select(context, choice, device, { installed }), { code, message });
  });
}

test('CUDA without its provider names the file and the command', async (context) => {
  if (hasCuda || process.platform !== 'linux') return context.skip('the CUDA provider may be installed here');
  await assert.rejects(selectBackend('onnxruntime', 'cuda'), {
    code: 'unavailable',
    message:
      'Expected cuda to be there for --device, got no libonnxruntime_providers_shared.so. Run `node ' +
      'node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install`, which npm does not run; ' +
      '--device cpu needs nothing.',
  });
});
