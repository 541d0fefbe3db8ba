import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { makeFolder, removeFolder, tenfold } from '../cli/command-line.js';
import { tinyTraining, writeSmallData } from '../cli/small-data.js';
import { type SoftwareVulkan, unpackSoftwareVulkan } from './software-vulkan.js';

let shared: string;
let vulkan: SoftwareVulkan | string;
let train: string[];

before(async () => {
  vulkan = unpackSoftwareVulkan();
  shared = makeFolder();
  const data = await writeSmallData(join(shared, 'data'), { train: 40, test: 20 });
  // Every operator of the training, on few pictures: what computes is still the cpu.
  train = ['train', ...tinyTraining({ batchSize: 4 }), '--data', data, '--max-steps', '4', '--json'];
});
after(() => {
  removeFolder(shared);
  if (typeof vulkan !== 'string') removeFolder(vulkan.folder);
});

const lossesOf = (run: string): number[] =>
  readFileSync(join(shared, run, RUN_FILES.losses), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map(Number.parseFloat);

test('a network trained on WebGPU has the losses of one trained on the cpu', async (context) => {
  if (typeof vulkan === 'string') return context.skip(vulkan);
  for (const device of ['cpu', 'webgpu']) {
    const args = [...train, '--device', device, '--out', device];
    const { status, signal, stdout, stderr } = await tenfold(args, shared, vulkan.within);
    assert.deepEqual([status, signal], [0, null], stderr);
    const metrics = JSON.parse(stdout) as RunMetrics;
    assert.deepEqual([metrics.backend, metrics.device], ['onnxruntime', device]);
    assert.match(stderr, new RegExp(`on onnxruntime \\(${device}\\)`));
  }
  const [expected, actual] = [lossesOf('cpu'), lossesOf('webgpu')];
  assert.equal(actual.length, 4);
  actual.forEach((loss, step) => {
    const difference = Math.abs(loss - expected[step]!);
    assert.ok(difference < 1e-4, `step ${step + 1}: ${loss} on webgpu, ${expected[step]} on the cpu`);
  });
});

test('auto does not take a Vulkan that computes on the cpu for a GPU', async (context) => {
  if (typeof vulkan === 'string') return context.skip(vulkan);
  const { status, stdout, stderr } = await tenfold([...train, '--out', 'auto'], shared, vulkan.within);
  assert.equal(status, 0, stderr);
  assert.equal((JSON.parse(stdout) as RunMetrics).device, 'cpu');
});

test('every kernel gives on WebGPU what it gives on the cpu', (context) => {
  if (!process.env.TENFOLD_NIGHTLY) return context.skip('takes minutes: npm run test:webgpu');
  if (typeof vulkan === 'string') return context.skip(vulkan);
  const program = fileURLToPath(new URL('../run.js', import.meta.url));
  const [environment, ...settings] = [...vulkan.within, 'TENFOLD_TEST_DEVICE=webgpu', process.execPath];
  // Without it the inner runner takes itself for a part of this one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(environment!, [...settings, program, 'ort-backend/'], {
    encoding: 'utf8',
    env,
  });
  assert.equal(status, 0, stdout.slice(stdout.indexOf('failing tests')));
  assert.match(stdout, /^ℹ fail 0$/m);
  context.diagnostic(stdout.match(/^ℹ (tests|pass|fail|skipped) \d+$/gm)!.join(' '));
  assert.doesNotMatch(stdout, /needs WebGPU/, 'they ran on another device');
});
