import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { saveLayersModel } from '../../bench/save-layers-model.js';
import { RUN_FILES } from '../../core/run.js';
import { type LabelledImages, referenceProbabilities, topDigits } from '../../export/verify.js';
import { randomize, seeded } from './support.js';

export const IMAGES = 300;

/** A folder that is gone when the test is. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-export-'));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Seeded noise with seeded labels: what an untrained network can be measured on. */
export function noise(count = IMAGES): LabelledImages {
  const random = seeded(11);
  const images = Float32Array.from({ length: count * 28 * 28 }, random);
  return { images, labels: Uint8Array.from({ length: count }, () => Math.floor(random() * 10)) };
}

/** Writes `model.json` and `weights.bin`. */
export async function writeModel(folder: string, model: LayersModel): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await saveLayersModel(model, folder);
  return join(folder, RUN_FILES.model);
}

/** Writes a finished run: a model with seeded weights, and what it recorded of itself on these images. */
export async function writeRun(
  folder: string,
  model: LayersModel,
  { images, labels }: LabelledImages,
): Promise<string> {
  await writeModel(folder, randomize(model));
  const digits = topDigits(await referenceProbabilities(model, images, 'probabilities'));
  const right = digits.filter((digit, image) => digit === labels[image]).length;
  const rows = Array.from(digits, (digit, image) => `${labels[image]},${digit},0.5`);
  writeFileSync(
    join(folder, RUN_FILES.predictions),
    `${['Label,Prediction,Confidence', ...rows].join('\n')}\n`,
  );
  writeFileSync(join(folder, RUN_FILES.recipe), JSON.stringify({ name: 'tiny', seed: 1 }));
  const perClass = [{ digit: 0, precision: 0.5, recall: 0.25, f1: 1 / 3, support: 30 }];
  const test = { accuracy: right / labels.length, loss: 2.5, perClass };
  writeFileSync(join(folder, RUN_FILES.metrics), JSON.stringify({ recipe: 'tiny', seed: 1, test }));
  return folder;
}
