import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunMetrics } from '../../core/run.js';
import { assertRefused, temporaryFolder, tenfold } from './command-line.js';
import { tinyTraining, writeSmallData } from './small-data.js';

/** Runs what follows with device files of its own, an NVIDIA GPU's among them; for the superuser. */
const WITH_NVIDIA_FILE = [
  ...['unshare', '--mount', 'bash', '-c'],
  'mount -t tmpfs tmpfs /dev && mknod -m 666 /dev/null c 1 3 && mknod -m 666 /dev/urandom c 1 9 && touch /dev/nvidia0 && exec "$@"',
  'bash',
];
const canPretend = spawnSync(WITH_NVIDIA_FILE[0]!, [...WITH_NVIDIA_FILE.slice(1), 'true']).status === 0;
const providers = createRequire(import.meta.url).resolve('onnxruntime-node');
const hasCuda = existsSync(join(providers, '../../bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so'));

test('a GPU in sight that cannot be used costs one line, and the cpu trains', async (context) => {
  if (!canPretend || hasCuda) return context.skip('needs the superuser, and no CUDA provider');
  const folder = temporaryFolder(context);
  const data = await writeSmallData(join(folder, 'data'), { train: 100, test: 100 });
  const args = ['train', ...tinyTraining({ epochs: 1 }), '--data', data, '--json'];
  const { status, stdout, stderr } = await tenfold(args, folder, WITH_NVIDIA_FILE);
  assert.equal(status, 0, stderr);
  const metrics = JSON.parse(stdout) as RunMetrics;
  assert.deepEqual([metrics.backend, metrics.device], ['onnxruntime', 'cpu']);
  const lines = stderr.split('\n').filter((line) => line.includes('NVIDIA') || line.includes('cuda'));
  assert.equal(lines.length, 1, stderr);
  assert.match(lines[0]!, /^An NVIDIA GPU is in sight \(\/dev\/nvidia0\), but not used; the cpu computes\. /);
  assert.match(stderr, /Training bottleneck-32x2: .* on onnxruntime \(cpu\)/);
});

const ABSENT: Record<string, { args: string[]; status: 1 | 2; message: RegExp; isHere: boolean }> = {
  cuda: {
    args: ['--device', 'cuda'],
    status: 1,
    message:
      /^tenfold: Expected cuda to be there .* got no lib\S+\. (Run|Install) .*--device cpu needs nothing\.$/,
    isHere: hasCuda,
  },
  webgpu: {
    args: ['--device', 'webgpu'],
    status: 1,
    message: /^tenfold: Expected webgpu to be there .*, got no libvulkan\.so\.1\. Install the Vulkan loader/,
    isHere: spawnSync('bash', ['-c', 'ldconfig -p | grep libvulkan.so.1']).status === 0,
  },
  'tensorflow on webgpu': {
    args: ['--backend', 'tensorflow', '--device', 'webgpu'],
    status: 2,
    message: /^tenfold: Expected one of auto, cpu, cuda for --device with --backend tensorflow, got webgpu/,
    isHere: false,
  },
};

for (const [name, { args, status, message, isHere }] of Object.entries(ABSENT)) {
  test(`${name}, named where it is not: said in one line, and no run begun`, async (context) => {
    if (isHere || process.platform !== 'linux') return context.skip('it may be here');
    const folder = temporaryFolder(context);
    const ended = await tenfold(['train', ...args, '--out', 'run'], folder);
    assertRefused(ended, status, message);
    assert.ok(!existsSync(join(folder, 'run')));
    assert.equal(ended.stderr.trim().split('\n').length, 1, 'nothing but the message');
  });
}
