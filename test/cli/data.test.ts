import assert from 'node:assert/strict';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  assertRefused,
  contentsOf,
  makeFolder,
  removeFolder,
  resultOf,
  temporaryFolder,
  tenfold,
} from './command-line.js';
import { TINY_TRAINING, writeSmallData } from './small-data.js';

const IMAGES = 'train-images-idx3-ubyte';
const LABELS = 'train-labels-idx1-ubyte';
const TEST_IMAGES = 't10k-images-idx3-ubyte';

let shared: string;
let data: string;

before(async () => {
  shared = makeFolder();
  data = await writeSmallData(join(shared, 'data'), { train: 200, test: 100 });
});
after(() => removeFolder(shared));

const overwrite = (file: string, offset: number, bytes: readonly number[]) => {
  const content = readFileSync(file);
  content.set(bytes, offset);
  writeFileSync(file, content);
};

/** Ways in which a data folder is not what it should be, and what must be said of each. */
const DAMAGES: Record<string, { damage(folder: string): void; message: RegExp }> = {
  'no folder': {
    damage: (folder) => rmSync(folder, { recursive: true }),
    message: /Expected a folder that can be read for the data folder, got data \(ENOENT\)\. Give --data/,
  },
  'a file in place of the folder': {
    damage: (folder) => {
      rmSync(folder, { recursive: true });
      writeFileSync(folder, 'digits');
    },
    message: /Expected a folder that can be read for the data folder, got data \(ENOTDIR\)/,
  },
  'a missing file': {
    damage: (folder) => rmSync(join(folder, LABELS)),
    message:
      /Expected train-labels-idx1-ubyte \(or .*\.gz.*\) for the data folder data, got a folder that holds t10k/,
  },
  'a truncated file': {
    damage: (folder) => truncateSync(join(folder, IMAGES), 100_000),
    message: /Expected 156816 bytes for the length of data\/train-images.* says 200x28x28, got 100000 bytes/,
  },
  'a file cut off within its header': {
    damage: (folder) => truncateSync(join(folder, IMAGES), 7),
    message: /Expected a header of 16 bytes for the length of data\/train-images.*, got 7 bytes/,
  },
  'an empty file': {
    damage: (folder) => truncateSync(join(folder, LABELS), 0),
    message: /Expected a header of 8 bytes for the length of data\/train-labels.*, got 0 bytes/,
  },
  'a file with another magic number': {
    damage: (folder) => overwrite(join(folder, IMAGES), 0, [0, 0, 0x0d, 3]),
    message: /Expected 0x00000803 for the magic number of data\/train-images.*, got 0x00000d03/,
  },
  'labels where images belong': {
    damage: (folder) => cpSync(join(folder, LABELS), join(folder, IMAGES)),
    message: /Expected 0x00000803 for the magic number of data\/train-images.*, got 0x00000801/,
  },
  'fewer labels than images': {
    damage: (folder) => cpSync(join(folder, 't10k-labels-idx1-ubyte'), join(folder, LABELS)),
    message: /Expected 200, as many as images in .* for the number of labels in .*, got 100\./,
  },
  'a header that claims more than the file has': {
    damage: (folder) => overwrite(join(folder, TEST_IMAGES), 4, [0xff, 0xff, 0xff, 0xff]),
    message: /says 4294967295x28x28, got 78416 bytes/,
  },
  'images of another size': {
    damage: (folder) => overwrite(join(folder, TEST_IMAGES), 4, [0, 0, 0, 200, 0, 0, 0, 28, 0, 0, 0, 14]),
    message: /Expected at least one image of 28x28 for the dimensions of data\/t10k-images.*, got 200x28x14/,
  },
  'a label that is no digit': {
    damage: (folder) => overwrite(join(folder, LABELS), 8, [10]),
    message: /Expected 0 to 9 for label 0 of data\/train-labels.*, got 10/,
  },
  'a gzip file cut off': {
    damage: (folder) => {
      const whole = gzipSync(readFileSync(join(folder, IMAGES)));
      rmSync(join(folder, IMAGES));
      writeFileSync(join(folder, `${IMAGES}.gz`), whole.subarray(0, whole.length - 100));
    },
    message: /Expected whole gzip data for the contents of data\/train-images.*\.gz/,
  },
};

describe('a data folder that is not four whole files is refused, and no run begins', {
  concurrency: 2,
}, () => {
  for (const [name, { damage, message }] of Object.entries(DAMAGES)) {
    test(name, async (context) => {
      const folder = temporaryFolder(context);
      cpSync(data, join(folder, 'data'), { recursive: true });
      damage(join(folder, 'data'));
      const before = contentsOf(folder);
      assertRefused(await tenfold(['train', ...TINY_TRAINING, '--data', 'data'], folder), 2, message);
      assert.deepEqual(contentsOf(folder), before);
    });
  }
});

test('gzip files give the same network as plain ones', async (context) => {
  const folder = temporaryFolder(context);
  cpSync(data, join(folder, 'zipped'), { recursive: true });
  for (const file of [IMAGES, LABELS, TEST_IMAGES]) {
    const path = join(folder, 'zipped', file);
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    rmSync(path);
  }
  const command = ['train', ...TINY_TRAINING, '--max-steps', '3'];
  await Promise.all([
    resultOf([...command, '--data', data, '--out', 'plain'], folder),
    resultOf([...command, '--data', 'zipped', '--out', 'gzip'], folder),
  ]);
  const weights = (run: string) => readFileSync(join(folder, run, 'weights.bin'), 'hex');
  assert.equal(weights('gzip'), weights('plain'));
});
