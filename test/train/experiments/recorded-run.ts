import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RUN_FILES, type RunMetrics } from '../../../core/run.js';
import { EPOCHS_COLUMNS } from '../../../train/metrics/csv.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';

export interface Recorded {
  recipe: string;
  seed: number;
  /** Test accuracy after each epoch, 0 to 1. */
  accuracies: readonly number[];
  settings?: readonly string[];
  changes?: Partial<RunMetrics>;
  /** Of the data that it was trained on, where the run says. */
  dataSha256?: string;
}

/** Writes the files of a finished run that experiments read, with figures chosen by the test. */
export async function writeRun(
  folder: string,
  { recipe, seed, accuracies, settings = [], changes = {}, dataSha256 }: Recorded,
): Promise<string> {
  const accuracy = accuracies.at(-1)!;
  const metrics: RunMetrics = {
    ...{ run: folder, recipe, seed, backend: 'onnxruntime', device: 'cpu', threads: 1, parameters: 9 },
    machine: { processor: 'A processor', logicalCores: 2, node: '20.0.0', onnxRuntime: '1.0.0' },
    ...{ epochs: accuracies.length, steps: 118 * accuracies.length, trainSeconds: 30 * accuracies.length },
    stepMillisecondsMedian: 250,
    test: {
      ...{ accuracy, loss: 0.05, calibrationError: 0.01, confusion: [] },
      perClass: Array.from({ length: 10 }, (_, digit) => ({
        ...{ digit, precision: 0.9, recall: 0.95, f1: 0.92, support: 1000 },
      })),
    },
    train: { accuracy: 0.9925, loss: 0.02 },
    ...changes,
  };
  const rows = accuracies.map((value, index) =>
    EPOCHS_COLUMNS.map(
      (column) => ({ epoch: index + 1, trainAccuracy: 0.9, testAccuracy: value })[column as string] ?? '',
    ).join(','),
  );
  await mkdir(folder, { recursive: true });
  const file = (name: keyof typeof RUN_FILES, text: string) => writeFile(join(folder, RUN_FILES[name]), text);
  await file('recipe', JSON.stringify({ ...resolveRecipe(recipe, seed, [...settings]), dataSha256 }));
  await file('metrics', JSON.stringify(metrics));
  await file('epochs', `${[EPOCHS_COLUMNS.join(','), ...rows].join('\n')}\n`);
  return folder;
}
