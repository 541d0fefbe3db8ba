import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import { MNIST_FILES, type MnistSplit } from '../../train/dataset/mnist-files.js';
import { idxBytes } from '../train/dataset/idx-bytes.js';

/** A network so small, on data so few, that a training takes a second; dropout and shifts draw random numbers. */
export const tinyTraining = ({ epochs = 3, batchSize = 50, filters = 4 } = {}): string[] => [
  ...['--recipe', 'bottleneck-32x2', '--batch-size', String(batchSize), '--epochs', String(epochs)],
  ...[`filters=${filters}`, 'blocks=1', 'denseUnits=8', 'dropout=0.3', 'shiftPixels=1'].flatMap((setting) => [
    '--set',
    setting,
  ]),
];

export const TINY_TRAINING = tinyTraining();

/** Writes the first digits of MNIST's sets as four IDX files, as `--data` takes them. */
export async function writeSmallData(folder: string, counts: Record<MnistSplit, number>): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const split of ['train', 'test'] as const) {
    const count = counts[split];
    const { images, labels } = await loadMnistSplit(split);
    const pixels = images.subarray(0, count * INPUT_LENGTH);
    const names = MNIST_FILES[split];
    writeFileSync(join(folder, names.images.name), idxBytes([count, INPUT_SIDE, INPUT_SIDE], pixels));
    writeFileSync(join(folder, names.labels.name), idxBytes([count], labels.subarray(0, count)));
  }
  return folder;
}
