import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';
import type { GroupResult } from '../../train/suites/run.js';
import { type BundleFolder, makeTinyBundle } from '../serve/tiny-bundle.js';
import { assertRefused, makeFolder, removeFolder, resultOf, tenfold } from './command-line.js';
import { writeSmallData } from './small-data.js';

describe('tenfold evaluate --suite', () => {
  let folder: string;
  let bundle: BundleFolder;
  let data: string[];
  before(async () => {
    folder = makeFolder();
    bundle = await makeTinyBundle();
    data = ['--data', await writeSmallData(join(folder, 'data'), { train: 10, test: 20 })];
  });
  after(async () => {
    removeFolder(folder);
    await bundle.remove();
  });

  test('robust: every suite of both groups, and a sheet of each', async () => {
    const args = ['evaluate', bundle.directory, '--suite', 'robust', '--images', '2', '--sheets', 'sheets'];
    const result = await resultOf<{ suite: string; groups: GroupResult[] }>([...args, ...data], folder);
    assert.equal(result.suite, 'robust');
    assert.deepEqual(
      result.groups.map(({ title, meanTarget, suites }) => [title, meanTarget, suites.length]),
      [
        ['MNIST-C', 0.96, 15],
        ['What users send', null, 21],
      ],
    );
    const suites = result.groups.flatMap((group) => group.suites);
    for (const { name, images, accuracy, refused } of suites) {
      assert.equal(images, 2, name);
      assert.ok([0, 0.5, 1].includes(accuracy) && [0, 0.5, 1].includes(refused), name);
    }
    const sheets = readdirSync(join(folder, 'sheets')).sort();
    assert.deepEqual(sheets, suites.map(({ name }) => `${name}.png`).sort());
    assert.equal((await sharp(join(folder, 'sheets', 'fog.png')).metadata()).format, 'png');
  });

  test('outliers: what is refused, and how well the score tells digits from each suite', async () => {
    const args = ['evaluate', bundle.directory, '--suite', 'outliers', '--images', '2'];
    const { groups } = await resultOf<{ groups: GroupResult[] }>([...args, ...data], folder);
    const [group] = groups;
    assert.deepEqual(
      group!.suites.map(({ name }) => name),
      ['blank', 'letters', 'shapes', 'scribbles', 'noise', 'photographs', 'two-digits'],
    );
    for (const { name, accuracy, refused, auroc } of group!.suites) {
      assert.equal(accuracy, refused, name);
      assert.ok(auroc! >= 0 && auroc! <= 1, name);
    }
    // A page of one colour has nothing to be read by any network.
    assert.ok(group!.suites[0]!.refused >= 0.5);
  });

  const REFUSALS: Record<string, { args: () => string[]; message: RegExp }> = {
    'a suite that does not exist': {
      args: () => [bundle.directory, '--suite', 'hard'],
      message: /Expected one of robust.* for --suite, got "hard"/,
    },
    'a run, which reads no pictures': {
      args: () => [folder, '--suite', 'robust'],
      message: /Expected a bundle.* for --suite, got .*tenfold export/,
    },
    'sheets of no suite': {
      args: () => [bundle.directory, '--sheets', 'sheets'],
      message: /for --sheets, got none\. Name one by --suite/,
    },
    'no images at all': {
      args: () => [bundle.directory, '--suite', 'robust', '--images', '0'],
      message: /Expected an integer from 1 to 1000000 for --images/,
    },
  };
  for (const [what, { args, message }] of Object.entries(REFUSALS)) {
    test(`${what} is refused`, async () => {
      assertRefused(await tenfold(['evaluate', ...args()], folder), 2, message);
    });
  }
});
