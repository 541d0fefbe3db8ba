import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type ErrorCode, TenfoldError } from '../../../core/errors.js';
import { loadMnist, loadMnistSplit, selectImages } from '../../../train/dataset/mnist.js';
import { idxBytes } from './idx-bytes.js';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tenfold-mnist-'));
});
after(() => rm(folder, { recursive: true }));

const PIXELS = 28 * 28;
const images = (count: number) => Uint8Array.from({ length: count * PIXELS }, (_, i) => (i * 7) % 256);

/** Four small files; `changes` replaces some, null leaves one out. */
async function dataFolder(name: string, changes: Record<string, Uint8Array | null> = {}): Promise<string> {
  const directory = join(folder, name);
  await mkdir(directory);
  const files: Record<string, Uint8Array | null> = {
    'train-images-idx3-ubyte': idxBytes([3, 28, 28], images(3)),
    'train-labels-idx1-ubyte': idxBytes([3], Uint8Array.of(4, 0, 9)),
    't10k-images-idx3-ubyte': idxBytes([2, 28, 28], images(2)),
    't10k-labels-idx1-ubyte': idxBytes([2], Uint8Array.of(1, 2)),
    ...changes,
  };
  for (const [file, bytes] of Object.entries(files)) {
    if (bytes !== null) await writeFile(join(directory, file), bytes);
  }
  return directory;
}

const rejects = (work: Promise<unknown>, code: ErrorCode, message: RegExp) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof TenfoldError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });

test('the bundled MNIST is whole: counts, the known number of each digit, and ink where ink is', async () => {
  const { train, test: held } = await loadMnist();
  const histogram = (labels: Uint8Array) =>
    Array.from({ length: 10 }, (_, digit) => labels.filter((label) => label === digit).length);
  assert.equal(train.count, 60_000);
  assert.equal(train.images.length, 60_000 * PIXELS);
  // Counts as published with the data set.
  assert.deepEqual(histogram(train.labels), [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  assert.deepEqual(histogram(held.labels), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
  assert.deepEqual([...train.labels.subarray(0, 5)], [5, 0, 4, 1, 9]);
  assert.ok(
    held.images.subarray(0, 28).every((pixel) => pixel === 0),
    'the first row of a digit is empty',
  );
  const mean = train.images.reduce((total, pixel) => total + pixel, 0) / train.images.length / 255;
  assert.ok(Math.abs(mean - 0.1307) < 0.0001, `mean ${mean}`);
});

test('a folder is read under every usual name, plain and packed', async () => {
  const plain = await loadMnist({ directory: await dataFolder('plain') });
  const labels = idxBytes([3], Uint8Array.of(4, 0, 9));
  const named = await dataFolder('named', {
    'train-images-idx3-ubyte': null,
    'train-images.idx3-ubyte': idxBytes([3, 28, 28], images(3)),
    'train-labels-idx1-ubyte': null,
    'train-labels-idx1-ubyte.gz': gzipSync(labels),
    't10k-images-idx3-ubyte': null,
    't10k-images.idx3-ubyte.gz': gzipSync(idxBytes([2, 28, 28], images(2))),
  });
  const other = await loadMnist({ directory: named });
  for (const split of ['train', 'test'] as const) {
    assert.equal(plain[split].count, other[split].count);
    assert.deepEqual(Uint8Array.from(plain[split].images), Uint8Array.from(other[split].images));
    assert.deepEqual(Uint8Array.from(plain[split].labels), Uint8Array.from(other[split].labels));
  }
  assert.deepEqual([...plain.train.labels], [4, 0, 9]);
});

test('a folder or file that is not there is named, with what is there instead', async () => {
  const missing = join(folder, 'nowhere');
  await rejects(
    loadMnist({ directory: missing }),
    'not-found',
    /^Expected a folder that can be read for the data folder, got .*nowhere \(ENOENT\)\. Give --data the folder/,
  );
  const partial = await dataFolder('partial', { 't10k-labels-idx1-ubyte': null });
  await rejects(
    loadMnistSplit('test', { directory: partial }),
    'not-found',
    /^Expected t10k-labels-idx1-ubyte \(or t10k-labels\.idx1-ubyte, .*\.gz\) for the data folder .*partial, got a folder that holds t10k-images-idx3-ubyte, train-images-idx3-ubyte, train-labels-idx1-ubyte\. Put/,
  );
  assert.equal((await loadMnistSplit('train', { directory: partial })).count, 3, 'the other set is unharmed');
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await rejects(loadMnist({ directory: empty }), 'not-found', /got an empty folder/);
  const nested = await dataFolder('nested', { 'train-labels-idx1-ubyte': null });
  await mkdir(join(nested, 'train-labels-idx1-ubyte'));
  await rejects(
    loadMnist({ directory: nested }),
    'not-found',
    /^Expected a file that can be read for .*train-labels-idx1-ubyte, got EISDIR/,
  );
});

test('files that do not belong together, or are not digits, are refused', async () => {
  const wrong: [name: string, changes: Record<string, Uint8Array>, message: RegExp][] = [
    [
      'short-labels',
      { 'train-labels-idx1-ubyte': idxBytes([2], Uint8Array.of(1, 2)) },
      /^Expected 3, as many as images in .* for the number of labels in .*train-labels-idx1-ubyte, got 2\./,
    ],
    [
      'large-label',
      { 'train-labels-idx1-ubyte': idxBytes([3], Uint8Array.of(1, 26, 2)) },
      /^Expected 0 to 9 for label 1 of .*train-labels-idx1-ubyte, got 26\./,
    ],
    [
      'other-size',
      { 'train-images-idx3-ubyte': idxBytes([3, 32, 32], new Uint8Array(3 * 32 * 32)) },
      /^Expected at least one image of 28x28 for the dimensions of .*train-images-idx3-ubyte, got 3x32x32\./,
    ],
    [
      'no-images',
      { 'train-images-idx3-ubyte': idxBytes([0, 28, 28], new Uint8Array(0)) },
      /^Expected at least one image of 28x28 .* got 0x28x28\./,
    ],
    [
      'swapped',
      { 'train-images-idx3-ubyte': idxBytes([3], Uint8Array.of(4, 0, 9)) },
      /for the length of .*train-images-idx3-ubyte, got 11 bytes\./,
    ],
  ];
  for (const [name, changes, message] of wrong) {
    await rejects(loadMnist({ directory: await dataFolder(name, changes) }), 'corrupt', message);
  }
});

test('images as read, and those selected of them, lie in memory that threads share', async () => {
  const { images, ...rest } = await loadMnistSplit('test');
  const selected = selectImages({ images, ...rest }, Uint32Array.of(0));
  assert.ok(
    images.buffer instanceof SharedArrayBuffer && selected.images.buffer instanceof SharedArrayBuffer,
  );
});

test('selected images keep their labels, in the order asked for', () => {
  const source = { count: 3, images: images(3), labels: Uint8Array.of(4, 0, 9) };
  const selected = selectImages(source, Uint32Array.of(2, 0));
  assert.equal(selected.count, 2);
  assert.deepEqual([...selected.labels], [9, 4]);
  assert.deepEqual(selected.images.subarray(0, PIXELS), source.images.subarray(2 * PIXELS));
  assert.deepEqual(selected.images.subarray(PIXELS), source.images.subarray(0, PIXELS));
});
