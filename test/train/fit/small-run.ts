import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeVariables } from '@tensorflow/tfjs-core';
import { RUN_FILES } from '../../../core/run.js';
import { selectBackend } from '../../../train/backend.js';
import { readCheckpoint } from '../../../train/checkpoint.js';
import { type LabelledImages, loadMnist, type Mnist, selectImages } from '../../../train/dataset/mnist.js';
import type { FitEvent } from '../../../train/events.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';
import { type TrainOptions, train } from '../../../train/train.js';

export const TRAIN_IMAGES = 230;
export const TEST_IMAGES = 60;
export const BATCH_SIZE = 50;
/** The last of them with 30 images. */
export const STEPS_PER_EPOCH = 5;
export const EPOCHS = 3;

const first = (source: LabelledImages, count: number) =>
  selectImages(
    source,
    Uint32Array.from({ length: count }, (_, index) => index),
  );

/** The first images of both of MNIST's sets. */
export async function smallMnist(): Promise<Mnist> {
  const { train: training, test } = await loadMnist();
  return { train: first(training, TRAIN_IMAGES), test: first(test, TEST_IMAGES) };
}

/** Everything that a seed decides is in it: shuffling, augmentation, dropout, initial weights, a schedule. */
const SETTINGS = [
  `epochs=${EPOCHS}`,
  `batchSize=${BATCH_SIZE}`,
  'schedule=one-cycle',
  'warmup=0.3',
  'shiftPixels=1',
  'rotateDegrees=10',
  'elasticPixels=20',
  'eraseProbability=0.3',
  'labelSmoothing=0.05',
  'filters=3',
  'blocks=1',
  'denseUnits=8',
  'dropout=0.2',
];

export const smallRecipe = (seed = 1, ...settings: string[]) =>
  resolveRecipe('bottleneck-32x2', seed, [...SETTINGS, ...settings]);

/** A test's context, or `after` of node:test itself. */
export interface Cleanup {
  after(cleanUp: () => Promise<void>): void;
}

/** A folder that is there as long as the test. */
export async function temporaryFolder(context: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-fit-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

type Options = Pick<TrainOptions, 'mnist' | 'folder'> & Partial<TrainOptions>;

/** Trains until the end, or until the run is killed: that is, until no event is asked for any more. */
export async function runTraining(
  options: Options,
  isKill: (event: FitEvent) => boolean = () => false,
): Promise<FitEvent[]> {
  const engine = await selectBackend('onnxruntime', 'cpu');
  const defaults = {
    recipe: smallRecipe(),
    engine,
    resume: false,
    maxSteps: Number.POSITIVE_INFINITY,
  } as const;
  const events: FitEvent[] = [];
  try {
    for await (const event of train({ ...defaults, ...options })) {
      events.push(event);
      if (isKill(event)) break;
    }
  } finally {
    disposeVariables();
  }
  return events;
}

export const readRun = (folder: string, file: keyof typeof RUN_FILES): Promise<string> =>
  readFile(join(folder, RUN_FILES[file]), 'utf8');

/** The weights and the optimiser's memory as the run left them. */
export async function tensorsOf(folder: string): Promise<Float32Array[]> {
  const { tensors } = await readCheckpoint(join(folder, RUN_FILES.optimizer));
  return tensors.map(({ values }) => values);
}

/** The rows below the header. */
export const rowsOf = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
