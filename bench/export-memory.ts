import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUN_FILES } from '../core/run.js';
import { onCpuBackend } from '../export/cpu-backend.js';
import { buildModel } from '../train/models/architectures.js';
import { EXPERIMENT_E } from '../train/recipes/experiment-e.js';
import { saveLayersModel } from './save-layers-model.js';

const EXPORT = `import { exportGraph } from '${new URL('../export/export-graph.js', import.meta.url)}';
const begin = performance.now();
await exportGraph(process.argv[1], process.argv[2]);
console.log(JSON.stringify([process.resourceUsage().maxRSS * 1024, performance.now() - begin]));`;

/** Of the weights: what an export may take beside what it takes for a network of next to none. */
const MOST = 3;

/** As experiment E has it, and so few that the weights weigh next to nothing. */
const FILTERS = [64, 4];

/**
 * `export --target onnx` of experiment E's network, 21 million weights, in a process of its own, beside that of the same network with few
 * filters.
 * @returns the most memory of each, and the difference as a multiple of the weights
 */
export async function benchExportMemory(): Promise<{ report: string; isBounded: boolean }> {
  const parent = mkdtempSync(join(tmpdir(), 'tenfold-bench-export-'));
  try {
    const folders = FILTERS.map((filters) => mkdtempSync(join(parent, `${filters}-`)));
    for (const [index, filters] of FILTERS.entries()) await writeNetwork(folders[index]!, filters);
    const [[most, milliseconds], [idle]] = folders.map(measure) as [[number, number], [number, number]];
    const weights = statSync(join(folders[0]!, RUN_FILES.weights)).size;
    const times = (most - idle) / weights;
    const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
    const report =
      `${megabytes(most)} at most, ${megabytes(idle)} with ${FILTERS[1]} filters: ${times.toFixed(2)}x the weights' ` +
      `${megabytes(weights)}, at most ${MOST}x; ${(milliseconds / 1000).toFixed(1)} s`;
    return { report, isBounded: times <= MOST };
  } finally {
    rmSync(parent, { recursive: true });
  }
}

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

const writeNetwork = (folder: string, filters: number): Promise<void> =>
  onCpuBackend(async () => {
    const model = buildModel('resnet-34', { ...EXPERIMENT_E['resnet-34-block-norm'].model, filters }, 1);
    await saveLayersModel(model, folder);
    model.dispose();
  });
