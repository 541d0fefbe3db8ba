import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_FILES } from '../../../core/run.js';
import { writeSmallData } from '../../cli/small-data.js';
import { runTraining, smallMnist, smallRecipe, TEST_IMAGES, TRAIN_IMAGES } from '../fit/small-run.js';

/** A folder with small runs and the digits that they were measured on. */
export interface WrittenRuns {
  folder: string;
  /** Two seeds of one recipe, and another learning rate. */
  runs: [string, string, string];
  /** As `--data` takes it. */
  data: string;
  remove(): Promise<void>;
}

/** Trains three small runs, the first of them with the test set after every step. */
export async function writeRuns(): Promise<WrittenRuns> {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-report-'));
  const mnist = await smallMnist();
  const data = await writeSmallData(join(folder, 'data'), { train: TRAIN_IMAGES, test: TEST_IMAGES });
  const runs = ['one', 'two', 'other'].map((name) => join(folder, name)) as WrittenRuns['runs'];
  await runTraining({ mnist, folder: runs[0], evaluateEvery: 'step' });
  await runTraining({ mnist, folder: runs[1], recipe: smallRecipe(2) });
  await runTraining({ mnist, folder: runs[2], recipe: smallRecipe(1, 'learningRate=0.0005') });
  return { folder, runs, data, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** A copy of a run with one of its files changed, or gone where `change` gives null. */
export async function copyOfRun(
  run: string,
  copy: string,
  file: keyof typeof RUN_FILES,
  change: (text: string) => string | null,
): Promise<string> {
  await mkdir(copy, { recursive: true });
  await cp(run, copy, { recursive: true });
  const path = join(copy, RUN_FILES[file]);
  const changed = change(await readFile(path, 'utf8'));
  await (changed === null ? rm(path) : writeFile(path, changed));
  return copy;
}
