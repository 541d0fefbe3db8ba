import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { unmet } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { encodeModel, type ModelArtifactsInput } from '../core/model-json.js';
import { RUN_FILES, type RunMetrics } from '../core/run.js';
import { type Checkpoint, encodeCheckpoint, readCheckpoint } from './checkpoint.js';
import type { LabelledImages } from './dataset/mnist.js';
import type { Evaluation } from './evaluate.js';
import { classificationReport } from './metrics/classification-report.js';
import { confusionMatrix } from './metrics/confusion.js';
import type { ResolvedRecipe } from './recipes/resolve.js';

/** Replaces a file as a whole: a kill leaves the old one or the new one. */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.partial`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes the folder of a new run.
 * @throws TenfoldError `bad-usage` where a run is there already.
 */
export async function createRunFolder(folder: string, recipe: ResolvedRecipe): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, RUN_FILES.recipe);
  try {
    await writeFile(path, json(recipe), { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw unmet({
      code: 'bad-usage',
      what: '--out',
      expected: 'a folder without a run',
      got: folder,
      advice: 'Name another folder, or go on with this run by --resume.',
      cause,
    });
  }
}

/**
 * What is needed to go on with a run.
 * @throws TenfoldError `not-found` where there is no run, or none that finished an epoch.
 */
export async function openRun(folder: string): Promise<{ recipe: ResolvedRecipe; checkpoint: Checkpoint }> {
  try {
    const recipe = await readRecipe(join(folder, RUN_FILES.recipe));
    return { recipe, checkpoint: await readCheckpoint(join(folder, RUN_FILES.optimizer)) };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw unmet({
      code: 'not-found',
      what: '--resume',
      expected: `a run that finished an epoch (${RUN_FILES.recipe} and ${RUN_FILES.optimizer})`,
      got: folder,
      advice: 'Start it anew without --resume, in another folder.',
      cause,
    });
  }
}

async function readRecipe(path: string): Promise<ResolvedRecipe> {
  const text = await readFile(path, 'utf8');
  return parseJson(text, path, 'corrupt', 'The run cannot be resumed: train it anew.') as ResolvedRecipe;
}

/** Saves the network in TensorFlow.js's Layers format and what `--resume` needs; the checkpoint comes last. */
export async function saveEpoch(folder: string, model: LayersModel, checkpoint: Checkpoint): Promise<void> {
  const { modelJson, weights } = encodeModel(layersArtifacts(model, checkpoint), RUN_FILES.weights);
  await writeAtomically(join(folder, RUN_FILES.weights), weights);
  await writeAtomically(join(folder, RUN_FILES.model), modelJson);
  await writeAtomically(join(folder, RUN_FILES.optimizer), encodeCheckpoint(checkpoint));
}

/** Without TensorFlow.js's own `save`, which reads weights synchronously. */
function layersArtifacts(model: LayersModel, { tensors }: Checkpoint): ModelArtifactsInput {
  const values = new Map(tensors.map(({ name, values: data }) => [name, data]));
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
  const report = classificationReport(confusionMatrix(labels, test.predictions));
  await writeAtomically(join(folder, RUN_FILES.report), report);
  await writeAtomically(join(folder, RUN_FILES.predictions), predictionsCsv(test, labels));
  await writeAtomically(join(folder, RUN_FILES.metrics), json(metrics));
}

function predictionsCsv({ predictions, confidences }: Evaluation, labels: Uint8Array): string {
  const rows = Array.from(predictions, (digit, image) => `${labels[image]},${digit},${confidences[image]}`);
  return `${['Label,Prediction,Confidence', ...rows].join('\n')}\n`;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
