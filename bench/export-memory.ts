import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { encodeModel } from '../core/model-json.js';
import { RUN_FILES } from '../core/run.js';
import { onCpuBackend } from '../export/cpu-backend.js';
import { buildModel } from '../train/models/architectures.js';
import { EXPERIMENT_E } from '../train/recipes/experiment-e.js';

/**
 * `node dist/bench/export-memory.js`: `export --target onnx` of experiment E's network, 21 million weights, in a process of its own, beside that
 * of the same network with 4 filters in place of 64, whose weights weigh next to nothing. Prints the most memory of each, and the difference as
 * a multiple of the weights.
 */
const EXPORT = `import { exportGraph } from '${new URL('../export/export-graph.js', import.meta.url)}';
const begin = performance.now();
await exportGraph(process.argv[1], process.argv[2]);
console.log(JSON.stringify([process.resourceUsage().maxRSS * 1024, performance.now() - begin]));`;

function measure(folder: string): [bytes: number, milliseconds: number] {
  const parameters = ['--input-type=module', '-e', EXPORT, folder, join(folder, 'model.onnx')];
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { stdout } = spawnSync(process.execPath, parameters, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as [number, number];
}

async function write(folder: string, filters: number): Promise<void> {
  await onCpuBackend(async () => {
    const model = buildModel('resnet-34', { ...EXPERIMENT_E['resnet-34-block-norm'].model, filters }, 1);
    const handler = tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const artifacts = { modelTopology: modelTopology!, weightSpecs: weightSpecs!, weightData: weightData! };
      const { modelJson, weights } = encodeModel(artifacts, RUN_FILES.weights);
      writeFileSync(join(folder, RUN_FILES.model), modelJson);
      writeFileSync(join(folder, RUN_FILES.weights), weights);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    });
    await model.save(handler);
    model.dispose();
  });
}

const folders = [4, 64].map((filters) => ({
  filters,
  folder: mkdtempSync(join(tmpdir(), 'tenfold-bench-')),
}));
try {
  const measured: [bytes: number, milliseconds: number][] = [];
  for (const { filters, folder } of folders) {
    await write(folder, filters);
    measured.push(measure(folder));
  }
  const [[idle], [most, milliseconds]] = measured as [[number, number], [number, number]];
  const weights = statSync(join(folders[1]!.folder, RUN_FILES.weights)).size;
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  console.log(
    `${megabytes(most)} at most, ${megabytes(idle)} with 4 filters: ${((most - idle) / weights).toFixed(2)}x the weights' ${megabytes(weights)}; ${(milliseconds / 1000).toFixed(1)} s`,
  );
} finally {
  for (const { folder } of folders) rmSync(folder, { recursive: true });
}
