import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fromBinary } from '@bufbuild/protobuf';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { ModelProtoSchema } from 'onnx-buf';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { unmet } from '../core/errors.js';
import { INPUT_LENGTH, INPUT_SIDE } from '../core/image.js';
import { convert } from '../export/convert.js';
import { maxAbsDifference, PARITY_TOLERANCE } from '../export/verify.js';
import { OPSET } from '../onnx/version.js';
import { machineAtHand, machineText } from '../train/machine.js';
import { median } from '../train/metrics/median.js';
import { buildModel } from '../train/models/architectures.js';
import { randomStream } from '../train/random.js';
import { resolveRecipe } from '../train/recipes/resolve.js';
import type { RecipeName } from '../train/recipes/table.js';
import { findPythons } from './pythons.js';
import { saveLayersModel } from './save-layers-model.js';

export interface BenchExportOptions {
  /** Measured runs of each side with the largest batch. */
  runs?: number;
  /** Threads of each session; one a core by default. */
  threads?: number;
  /** Pythons with TensorFlow and tf2onnx, beside the usual ones; the first is asked. */
  pythons?: readonly string[];
}

/** One of each architecture, at its full width. */
const NETWORKS: readonly RecipeName[] = [
  'fast',
  'speedrun',
  'flagship',
  'bottleneck-32x2',
  'basic-block-64x3-downsampling',
  'conv-pairs-16x4',
  'alexnet',
  'resnet-32-v2',
  'googlenet',
  'resnet-34-7x7',
];

const BATCHES = [1, 64] as const;
const RUNS = 40;
/** A batch of one is over so soon that it can be had more often. */
const RUNS_OF_ONE = 10;
const WARM_UP_RUNS = 5;
/** What each weight is moved by at most: fresh ones have a batch normalisation that does nothing. */
const MOVED = 0.01;

const CONVERTER = fileURLToPath(new URL('../../bench/peers/convert_tf2onnx.py', import.meta.url));
const SKIPPED =
  'tf2onnx was skipped: no Python that imports tensorflow and tf2onnx. ' +
  "`pip install tensorflow-cpu==2.15.1 tf2onnx onnx==1.17.0 'numpy<2'` makes one, which `--python PATH` names.";

/**
 * Converts the networks of our recipes by ours and by tf2onnx, and runs both graphs on ONNX Runtime in turns, in one process.
 * @returns markdown: a table, and how it was measured.
 * @throws TenfoldError `failed` where the two give different probabilities, or tf2onnx none; `unavailable` for a Python without it.
 */
export async function benchExport({
  runs = RUNS,
  threads = availableParallelism(),
  pythons: named = [],
}: BenchExportOptions = {}): Promise<string> {
  const [python] = findPythons(named, ['tensorflow', 'tf2onnx']);
  if (!python) return SKIPPED;
  await tf.setBackend('cpu');
  const parent = mkdtempSync(join(tmpdir(), 'tenfold-bench-export-'));
  try {
    const folders = NETWORKS.map((name) => join(parent, name));
    for (const [index, name] of NETWORKS.entries()) await writeNetwork(folders[index]!, name);
    const engine = convertByPeer(python, folders);
    const rows: string[][] = [];
    for (const [index, name] of NETWORKS.entries()) {
      const read = (file: string) => new Uint8Array(readFileSync(join(folders[index]!, file)));
      rows.push(await measuredRow(name, [read(OURS), read(PEERS)], runs, threads));
      console.error(rows.at(-1)!.join(' | '));
    }
    return [
      ...[HEAD, HEAD.map((_, column) => (column === 0 ? '---' : '--:')), ...rows].map(
        (cells) => `| ${cells.join(' | ')} |`,
      ),
      '',
      `Beside ${engine}; medians of ${runs * RUNS_OF_ONE} runs of one picture and ${runs} of 64 in turns, ratios of neighbours, then of the fastest runs, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${machineText(machineAtHand())}.`,
    ].join('\n');
  } finally {
    rmSync(parent, { recursive: true });
  }
}

const OURS = 'ours.onnx';
const PEERS = 'peer.onnx';

const HEAD = [
  'network',
  'nodes, ours',
  "tf2onnx's",
  ...BATCHES.flatMap((batch) => [`batch ${batch}: ours, ms`, "tf2onnx's", 'ours / its', 'fastest']),
];

/** The Layers model, and what we make of it. */
async function writeNetwork(folder: string, name: RecipeName): Promise<void> {
  mkdirSync(folder);
  const { architecture, model: options, seed } = resolveRecipe(name, 1);
  const model = buildModel(architecture, options as never, seed);
  const random = randomStream(seed, 'bench');
  for (const weight of model.weights) {
    const values = weight.read().dataSync<'float32'>();
    weight.write(
      tf.tensor(
        values.map((value) => value + MOVED * random.next()),
        weight.shape as number[],
      ),
    );
  }
  await saveLayersModel(model, folder);
  writeFileSync(join(folder, OURS), convert(model).bytes);
  model.dispose();
}

/** Returns what converted. */
function convertByPeer(python: string, folders: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(python, [CONVERTER, String(OPSET), ...folders], {
    encoding: 'utf8',
  });
  if (status === 0) return (JSON.parse(stdout.trim().split('\n').at(-1)!) as { engine: string }).engine;
  throw unmet({
    code: 'failed',
    what: `tf2onnx of ${python}`,
    expected: 'an ONNX graph',
    got: stderr.trim().split('\n').at(-1)!,
    advice: 'Run bench/peers/convert_tf2onnx.py by hand; its first lines say how.',
  });
}

interface Side {
  session: InferenceSession;
  input: string;
  probabilities: string;
}

async function openSide(bytes: Uint8Array, threads: number): Promise<Side> {
  const session = await InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
  });
  const { inputNames, outputNames } = session;
  return { session, input: inputNames[0]!, probabilities: outputNames.at(-1)! };
}

async function run({ session, input, probabilities }: Side, images: Tensor): Promise<Float32Array> {
  return (await session.run({ [input]: images }, [probabilities]))[probabilities]!.data as Float32Array;
}

async function measuredRow(
  name: RecipeName,
  graphs: readonly [ours: Uint8Array, peer: Uint8Array],
  runs: number,
  threads: number,
): Promise<string[]> {
  const nodes = graphs.map((bytes) => String(fromBinary(ModelProtoSchema, bytes).graph!.node.length));
  const sides = [await openSide(graphs[0], threads), await openSide(graphs[1], threads)] as const;
  try {
    const cells: string[] = [];
    for (const batch of BATCHES) {
      const random = randomStream(1, 'bench');
      const values = Float32Array.from({ length: batch * INPUT_LENGTH }, () => random.next());
      const images = new Tensor('float32', values, [batch, 1, INPUT_SIDE, INPUT_SIDE]);
      requireEqual(name, await run(sides[0], images), await run(sides[1], images));
      const turns = batch === 1 ? runs * RUNS_OF_ONE : runs;
      const times = sides.map((): number[] => []);
      for (let turn = -WARM_UP_RUNS; turn < turns; turn++) {
        // Whoever comes second finds the caches as the other left them: they take turns at that too.
        for (const side of turn % 2 === 0 ? [0, 1] : [1, 0]) {
          const began = performance.now();
          await run(sides[side]!, images);
          if (turn >= 0) times[side]!.push(performance.now() - began);
        }
      }
      const [ours, peer] = times as [number[], number[]];
      // Of neighbours in time, which other work on the machine meets alike.
      const ratio = median(ours.map((milliseconds, turn) => milliseconds / peer[turn]!));
      const fastest = Math.min(...ours) / Math.min(...peer);
      cells.push(median(ours).toFixed(2), median(peer).toFixed(2), ratio.toFixed(2), fastest.toFixed(2));
    }
    return [name, ...nodes, ...cells];
  } finally {
    for (const { session } of sides) await session.release();
  }
}

function requireEqual(name: RecipeName, ours: Float32Array, peer: Float32Array): void {
  const difference = maxAbsDifference(ours, peer);
  if (difference <= PARITY_TOLERANCE) return;
  throw unmet({
    code: 'failed',
    what: `the largest difference between the probabilities of ${name} by ours and by tf2onnx`,
    expected: `at most ${PARITY_TOLERANCE}`,
    got: `${difference}`,
    advice: 'Both sides must do the same work: see how bench/peers/convert_tf2onnx.py reads the network.',
  });
}
