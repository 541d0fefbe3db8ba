import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { graphContract, MANIFEST_FILE, type Manifest, MODEL_FILE } from '../../core/manifest.js';
import { GraphBuilder } from '../../onnx/graph.js';
import { float32 } from '../../onnx/tensor.js';
import { IR_VERSION, OPSET } from '../../onnx/version.js';
import { rowOfDigit } from './pictures.js';

export interface BundleFolder {
  directory: string;
  remove(): Promise<void>;
}

/**
 * A linear network whose logit of each digit is the ink in that digit's row, or in that of the digit so many after it: its answers can be
 * foretold by hand.
 */
function rowReader(offset: number): Uint8Array {
  const weights = new Float32Array(CLASS_COUNT * INPUT_LENGTH);
  for (let digit = 0; digit < CLASS_COUNT; digit++) {
    const start = digit * INPUT_LENGTH + rowOfDigit((digit + offset) % CLASS_COUNT) * INPUT_SIDE;
    weights.fill(1, start, start + INPUT_SIDE);
  }
  const graph = new GraphBuilder('row-reader');
  const input = graph.input('input', 'float32', ['batch', 1, INPUT_SIDE, INPUT_SIDE]);
  const flat = graph.node('Flatten', [input], { axis: 1 });
  const matrix = graph.initializer('weights', float32(weights, [CLASS_COUNT, INPUT_LENGTH]));
  const bias = graph.initializer('bias', float32(new Float32Array(CLASS_COUNT), [CLASS_COUNT]));
  const logits = graph.node('Gemm', [flat, matrix, bias], { transB: 1 }, { name: 'logits' });
  graph.node('Softmax', [logits], { axis: 1 }, { name: 'probabilities' });
  for (const output of ['logits', 'probabilities']) graph.output(output, 'float32', ['batch', CLASS_COUNT]);
  return graph.build();
}

function manifestOf(model: Uint8Array, { name, version }: Required<TinyBundleOptions>): Manifest {
  return {
    ...graphContract(),
    name,
    version,
    calibration: { temperature: 1, rejection: { score: 'confidence', threshold: 0.5 }, fit: null },
    metrics: { testImages: 10_000, testAccuracy: 0.1, testLoss: 2.3, parameters: 7850 },
    parity: { images: 0, maxAbsDiff: 0, top1Agreement: 1, top1Images: 0 },
    recipe: { name },
    onnx: { opset: OPSET, irVersion: IR_VERSION, nodes: 3 },
    files: {
      [MODEL_FILE]: { bytes: model.length, sha256: createHash('sha256').update(model).digest('hex') },
    },
  };
}

export interface TinyBundleOptions {
  name?: string;
  version?: string;
  /** What it adds to the digit that row pictures show, 0 to 9: tells models apart by their answers. */
  offset?: number;
}

/** Writes a valid bundle into a folder. */
export async function writeTinyBundle(
  directory: string,
  { name = 'row-reader', version = '1.2.3', offset = 0 }: TinyBundleOptions = {},
): Promise<void> {
  const model = rowReader(CLASS_COUNT - offset);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, MODEL_FILE), model);
  const manifest = manifestOf(model, { name, version, offset });
  await writeFile(join(directory, MANIFEST_FILE), JSON.stringify(manifest));
}

/** Writes a valid bundle into a temporary folder. */
export async function makeTinyBundle(options: TinyBundleOptions = {}): Promise<BundleFolder> {
  const directory = await mkdtemp(join(tmpdir(), 'tenfold-serve-'));
  await writeTinyBundle(directory, options);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}
