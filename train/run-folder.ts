import { randomUUID } from 'node:crypto';
import { access, link, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { unwritable } from '../core/file-errors.js';
import { parseJson } from '../core/json.js';
import { encodeModel, type ModelArtifactsInput } from '../core/model-json.js';
import { RUN_FILES, type RunMetrics } from '../core/run.js';
import { type Checkpoint, encodeCheckpoint, keptWeights, readCheckpoint } from './checkpoint.js';
import type { LabelledImages } from './dataset/mnist.js';
import type { Evaluation } from './evaluate.js';
import { classificationReport } from './metrics/classification-report.js';
import type { ResolvedRecipe } from './recipes/resolve.js';

const PARTIAL = '.partial';

/**
 * Replaces a file as a whole: a kill leaves the old one or the new one.
 * @throws TenfoldError `failed` where it cannot be written; the old one stays.
 */
export async function writeAtomically(
  path: string,
  content: string | Uint8Array,
  next = 'then go on by --resume; what was saved before is whole',
): Promise<void> {
  const temporary = `${path}${PARTIAL}`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (cause) {
    // What cannot be removed is cleared away when the run goes on.
    await rm(temporary, { force: true }).catch(() => {});
    throw unwritable(cause, path, next);
  }
}

/** Clears away what a kill left half-written. */
async function removePartials(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!name.endsWith(PARTIAL)) continue;
    await rm(path, { force: true }).catch((cause) => {
      throw unwritable(cause, path, 'then go on by --resume');
    });
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );

/**
 * Makes the folder of a new run.
 * @throws TenfoldError `bad-usage` where a run is there already, `failed` where it cannot be written.
 */
export async function createRunFolder(folder: string, recipe: ResolvedRecipe): Promise<void> {
  const next = 'or name another folder by --out';
  await makeFolder(folder).catch((cause) => {
    throw unwritable(cause, folder, next);
  });
  const path = join(folder, RUN_FILES.recipe);
  if (!(await writeOnce(path, json(recipe), next))) {
    throw unmet({
      code: 'bad-usage',
      what: '--out',
      expected: 'a folder without a run',
      got: folder,
      advice: 'Name another folder, or go on with this run by --resume.',
    });
  }
  await removePartials(folder);
}

/** Replaces the recipe of a run that goes on. */
export const saveRecipe = (folder: string, recipe: ResolvedRecipe): Promise<void> =>
  writeAtomically(join(folder, RUN_FILES.recipe), json(recipe));

const WITHOUT_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * Writes a file as a whole where there is none, and says whether it was this call that did. Of several at the same
 * moment one does, but for file systems without hard links: there the last.
 */
async function writeOnce(path: string, content: string, next: string): Promise<boolean> {
  if (await isThere(path)) return false;
  const temporary = `${path}.${randomUUID()}${PARTIAL}`;
  try {
    await writeFile(temporary, content);
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      if (!WITHOUT_LINKS.has(error.code ?? '')) throw error;
      return rename(temporary, path);
    });
    return true;
  } catch (cause) {
    // Whoever was first may have cleared the temporary file away.
    if (await isThere(path)) return false;
    throw unwritable(cause, path, next);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** Makes a folder and those above it. Node's own `recursive` says ENOENT of a read-only file system, and never ends in /proc. */
async function makeFolder(folder: string): Promise<void> {
  const make = () =>
    mkdir(folder).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
    });
  try {
    await make();
  } catch (error) {
    const above = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await make();
  }
}

/** A run to go on with. */
export interface OpenedRun {
  recipe: ResolvedRecipe;
  /** null where it was ended before anything was saved: it goes on from its first step. */
  checkpoint: Checkpoint | null;
}

/**
 * What is needed to go on with a run; clears away what a kill left of half-written files.
 * @throws TenfoldError `not-found` where there is no run, or a finished one whose checkpoint is gone; `corrupt` where
 * the recipe or the checkpoint is not whole.
 */
export async function openRun(folder: string): Promise<OpenedRun> {
  const file = (name: keyof typeof RUN_FILES) => join(folder, RUN_FILES[name]);
  const missing = (expected: string, advice: string, cause?: unknown) =>
    unmet({ code: 'not-found', what: '--resume', expected, got: folder, advice, cause });
  const recipe = await recipeOf(folder);
  if (!recipe) {
    throw missing(`a run (a folder with ${RUN_FILES.recipe})`, 'Start it without --resume.');
  }
  const checkpoint = await readIfThere(file('optimizer'), readCheckpoint);
  if (!checkpoint && (await isThere(file('metrics')))) {
    throw missing(
      `a finished run with its ${RUN_FILES.optimizer}`,
      'Start it anew without --resume, in another folder.',
    );
  }
  await removePartials(folder);
  return { recipe, checkpoint };
}

/**
 * The recipe of a run, or null where the folder holds none.
 * @throws TenfoldError `corrupt` where it is not whole
 */
export const recipeOf = (folder: string): Promise<ResolvedRecipe | null> =>
  readIfThere(join(folder, RUN_FILES.recipe), readRecipe);

async function readIfThere<T>(path: string, read: (path: string) => Promise<T>): Promise<T | null> {
  try {
    return await read(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

async function readRecipe(path: string): Promise<ResolvedRecipe> {
  const text = await readFile(path, 'utf8');
  return parseJson(text, path, 'corrupt', 'The run cannot be resumed: train it anew.') as ResolvedRecipe;
}

/** What a finished run is judged by. */
const RESULTS = ['report', 'predictions', 'metrics'] as const;

/**
 * Saves the network in TensorFlow.js's Layers format and what `--resume` needs; the checkpoint comes last. Results of
 * earlier weights go first: they must not be taken for those of the new ones.
 */
export async function saveProgress(
  folder: string,
  model: LayersModel,
  checkpoint: Checkpoint,
): Promise<void> {
  for (const name of RESULTS) {
    const path = join(folder, RUN_FILES[name]);
    await rm(path, { force: true }).catch((cause) => {
      throw unwritable(cause, path, 'then go on by --resume');
    });
  }
  const { modelJson, weights } = encodeModel(layersArtifacts(model, checkpoint), RUN_FILES.weights);
  await writeAtomically(join(folder, RUN_FILES.weights), weights);
  await writeAtomically(join(folder, RUN_FILES.model), modelJson);
  await writeAtomically(join(folder, RUN_FILES.optimizer), encodeCheckpoint(checkpoint));
}

/** Without TensorFlow.js's own `save`, which reads weights synchronously. */
function layersArtifacts(model: LayersModel, checkpoint: Checkpoint): ModelArtifactsInput {
  const values = keptWeights(checkpoint);
  const data = model.weights.map(({ originalName }) => values.get(originalName)!);
  return {
    modelTopology: model.toJSON(undefined, false) as object,
    generatedBy: 'tenfold',
    weightSpecs: model.weights.map((weight) => ({
      name: weight.originalName,
      shape: weight.shape as number[],
      dtype: 'float32',
    })),
    weightData: Buffer.concat(
      data.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
    ),
  };
}

/** Writes what a finished run is judged by. */
export async function writeResults(
  folder: string,
  metrics: RunMetrics,
  test: Evaluation,
  { labels }: LabelledImages,
): Promise<void> {
  await writeAtomically(join(folder, RUN_FILES.report), classificationReport(test.confusion));
  await writeAtomically(join(folder, RUN_FILES.predictions), predictionsCsv(test, labels));
  await writeAtomically(join(folder, RUN_FILES.metrics), json(metrics));
}

function predictionsCsv({ predictions, confidences }: Evaluation, labels: Uint8Array): string {
  const rows = Array.from(predictions, (digit, image) => `${labels[image]},${digit},${confidences[image]}`);
  return `${['Label,Prediction,Confidence', ...rows].join('\n')}\n`;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
