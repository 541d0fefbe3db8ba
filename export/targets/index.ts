import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openBundle } from '../../core/bundle.js';
import { describe, unmet } from '../../core/errors.js';
import { unwritable } from '../../core/file-errors.js';
import type { Manifest, Precision } from '../../core/manifest.js';
import { folderSource } from '../bundle.js';
import { withPreprocessing } from '../preprocess/prepend.js';
import { measurePictures, type PictureParity } from '../preprocess/verify.js';
import { besideFiles, requireElsewhere, writeFolder } from '../write-folder.js';
import { writeWhole } from '../write-whole.js';
import { inferenceService } from './kserve.js';
import { CONFIG_FILE, isOurConfig, tritonFiles } from './triton.js';

/** Servers beside our own that a bundle can be laid out for. */
export const SERVER_TARGETS = ['triton', 'kserve'] as const;
export type ServerTarget = (typeof SERVER_TARGETS)[number];

/** What lies beside the model's folder, by file name. */
const BESIDE: { readonly [T in ServerTarget]: (manifest: Manifest) => Record<string, string> } = {
  triton: () => ({}),
  kserve: (manifest) => ({ 'inference-service.yaml': inferenceService(manifest) }),
};

/** What `tenfold export BUNDLE --target onnx --json` prints. */
export interface ServedGraphResult {
  graph: string;
  bytes: number;
  preprocessing: PictureParity | null;
}

/**
 * Writes a bundle's graph as one file.
 * @throws TenfoldError as `servedGraph` throws, `failed` where it cannot be written.
 */
export async function exportServedGraph(
  bundle: string,
  outFile: string,
  options: ServedGraphOptions = {},
): Promise<ServedGraphResult> {
  const { graph, preprocessing } = await servedGraph(bundle, options);
  await writeWhole(outFile, (write) => write(graph));
  return { graph: outFile, bytes: graph.length, preprocessing };
}

/** What `tenfold export --target triton --json` prints. */
export interface TargetResult {
  target: ServerTarget;
  /** The model repository. */
  repository: string;
  /** The model's folder within it. */
  model: string;
  /** Of a graph that takes pictures; null for one that takes the model's input. */
  preprocessing: PictureParity | null;
}

/** A bundle's graph as another server is to run it. */
export interface ServedGraph {
  manifest: Manifest;
  graph: Uint8Array;
  preprocessing: PictureParity | null;
}

export interface ServedGraphOptions {
  /** Which of the bundle's graphs; by default `model.onnx`. */
  precision?: Precision | undefined;
  /** `[images, 28, 28, 1]`: with them preprocessing is put before the graph, and compared with `core` on these digits. */
  testImages?: Float32Array | null | undefined;
}

/**
 * Reads a bundle's graph.
 * @throws TenfoldError as `openBundle`, `withPreprocessing` and `measurePictures` throw.
 */
export async function servedGraph(
  bundle: string,
  { precision = 'fp32', testImages = null }: ServedGraphOptions = {},
): Promise<ServedGraph> {
  const { manifest, model } = await openBundle(folderSource(bundle), () => precision);
  if (!testImages) return { manifest, graph: model, preprocessing: null };
  const graph = withPreprocessing(model);
  return { manifest, graph, preprocessing: await measurePictures(model, graph, testImages) };
}

/**
 * Lays a bundle out for another server: a folder by the model's name in a Triton model repository, which may hold other models. An
 * earlier one of that name is replaced. Whichever of its graphs it is has the name that Triton looks for.
 * @throws TenfoldError as `servedGraph` throws, `bad-input` where its name can be no folder's, `bad-usage` where a folder of that name
 * holds anything but an earlier one or the working folder, `failed` where it cannot be written.
 */
export async function exportForServer(
  bundle: string,
  target: ServerTarget,
  repository: string,
  options: ServedGraphOptions = {},
): Promise<TargetResult> {
  const { manifest, graph, preprocessing } = await servedGraph(bundle, options);
  requireFolderName(manifest.name);
  const folder = join(repository, manifest.name);
  const files = tritonFiles(manifest, graph, preprocessing !== null);
  await requireModelFolder(folder, Object.keys(files));
  try {
    await writeFolder(folder, (fresh) => writeFiles(fresh, files));
    await writeFiles(repository, BESIDE[target](manifest));
  } catch (cause) {
    throw unwritable(cause, repository, 'or name another folder by --out');
  }
  return { target, repository, model: folder, preprocessing };
}

async function writeFiles(folder: string, files: Record<string, Uint8Array | string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

function requireFolderName(name: string): void {
  if (/^[\w-][\w.-]*$/.test(name)) return;
  throw unmet({
    code: 'bad-input',
    what: "the model's name",
    expected:
      'letters, digits, dots, hyphens and underscores, as it becomes the name of a folder and of a model in Triton',
    got: describe(name),
    advice: 'Give the bundle another name in its manifest.',
  });
}

/** Looks whether what lies there is an earlier one of ours alone: another's model, or versions beside ours, would be lost. */
async function requireModelFolder(folder: string, files: readonly string[]): Promise<void> {
  await requireElsewhere(folder);
  if (!existsSync(folder)) return;
  const config = await readFile(join(folder, CONFIG_FILE), 'utf8').catch(() => '');
  const kept = await (isOurConfig(config) ? besideFiles(folder, files) : readdir(folder)).catch(() => null);
  if (kept?.length === 0) return;
  throw unmet({
    code: 'bad-usage',
    what: `the model's folder ${folder}`,
    expected: 'none yet, an empty one, or one that this command wrote and nothing else',
    got: kept ? `a folder with ${kept.slice(0, 3).join(', ')}` : 'a file',
    advice: 'Name another repository by --out: nothing else is overwritten.',
  });
}
