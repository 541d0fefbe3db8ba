import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { SeedsResult } from '../../cli/commands/train.js';
import { HIGHEST_SEED, parseSeeds } from '../../cli/seeds.js';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { assertRefused, contentsOf, makeFolder, removeFolder, resultOf, tenfold } from './command-line.js';
import { outcomeOf } from './outcome.js';
import { tinyTraining, writeSmallData } from './small-data.js';

let shared: string;
let train: string[];
/** The same with another number of filters. */
let trainWith: (filters: number) => string[];

before(async () => {
  shared = makeFolder();
  const data = await writeSmallData(join(shared, 'data'), { train: 300, test: 200 });
  trainWith = (filters) => ['train', ...tinyTraining({ epochs: 1, filters }), '--data', data];
  train = trainWith(4);
});
after(() => removeFolder(shared));

test('several seeds are the runs of each alone, with mean and deviation; what is missing is trained on resuming', async () => {
  const command = [...train, '--seeds', '3,1', '--out', 'several'];
  const { runs, mean, deviation } = await resultOf<SeedsResult>(command, shared);
  assert.deepEqual(
    runs.map(({ run, seed }) => [run, seed]),
    [
      [join('several', 'seed3'), 3],
      [join('several', 'seed1'), 1],
    ],
  );
  const [one, other] = runs.map(({ test: { accuracy } }) => accuracy);
  assert.ok(Math.abs(mean - (one! + other!) / 2) < 1e-12);
  assert.ok(Math.abs(deviation! - Math.abs(one! - other!) / Math.SQRT2) < 1e-12);

  await resultOf<RunMetrics>([...train, '--seed', '1', '--out', 'alone'], shared);
  const outcome = outcomeOf(join(shared, 'alone'));
  assert.deepEqual(outcomeOf(join(shared, 'several', 'seed1')), outcome);

  rmSync(join(shared, 'several', 'seed1'), { recursive: true });
  const again = await resultOf<SeedsResult>([...command, '--resume'], shared);
  assert.deepEqual([again.mean, again.deviation], [mean, deviation]);
  assert.deepEqual(outcomeOf(join(shared, 'several', 'seed1')), outcome);
});

describe('without --out', () => {
  let folder: string;
  const name = (seed: number, suffix = '') => join('runs', `bottleneck-32x2-seed${seed}${suffix}`);
  const seedsOf = ({ runs }: SeedsResult) => runs.map(({ run }) => run);

  before(async () => {
    folder = makeFolder();
    // An unrelated run of another setting stands where the first seed would go.
    await resultOf<RunMetrics>([...trainWith(2), '--max-steps', '3'], folder);
  });
  after(() => removeFolder(folder));

  test('seeds go on with the runs of their own settings, whatever else is of that name', async () => {
    const command = [...train, '--seeds', '1,2'];
    const first = await resultOf<SeedsResult>(command, folder);
    assert.deepEqual(seedsOf(first), [name(1, '-2'), name(2)]);
    const before = contentsOf(join(folder, name(1)));

    rmSync(join(folder, name(2)), { recursive: true });
    const again = await resultOf<SeedsResult>([...command, '--resume'], folder);
    assert.deepEqual(seedsOf(again), [name(1, '-2'), name(2)]);
    assert.deepEqual([again.mean, again.deviation], [first.mean, first.deviation]);
    assert.deepEqual(contentsOf(join(folder, name(1))), before);
  });

  test('a seed of which there are runs of other settings alone is trained anew', async () => {
    const others = [...trainWith(3), '--seeds', '1', '--resume'];
    assert.deepEqual(seedsOf(await resultOf<SeedsResult>(others, folder)), [name(1, '-3')]);
  });

  test('one run goes on where it is of the settings asked for, and is refused where there is none such', async () => {
    const own = await resultOf<RunMetrics>([...trainWith(2), '--resume'], folder);
    assert.deepEqual([own.run, own.steps], [name(1), 6]);
    const before = contentsOf(folder);
    assertRefused(
      await tenfold([...trainWith(5), '--resume'], folder),
      2,
      /Expected a run of the settings and the data asked for for --resume, got runs\/bottleneck-32x2-seed1-3, which has filters 3 instead of 5\. .*--out runs/,
    );
    assert.deepEqual(contentsOf(folder), before);
  });
});

test('seeds in a folder with a run of other settings are refused', async () => {
  const rest = ['--seeds', '1', '--out', 'mixed'];
  await resultOf<SeedsResult>([...trainWith(2), ...rest], shared);
  assertRefused(
    await tenfold([...train, ...rest, '--resume'], shared),
    2,
    /got mixed\/seed1, which has filters 2 instead of 4\. Give what it began with, or name another folder/,
  );
});

test('a training that diverges fails with status 1, and saves nothing that is broken', async () => {
  const ended = await tenfold([...train, '--set', 'learningRate=1e300', '--out', 'hopeless'], shared);
  assertRefused(
    ended,
    1,
    /Expected a finite number for the loss at step 2, learning rate 1e\+300, got NaN\. .*--set learningRate/,
  );
  assert.ok(!existsSync(join(shared, 'hopeless', RUN_FILES.model)));
});

test('seeds are read as ranges and lists', () => {
  assert.deepEqual(parseSeeds('1..5'), [1, 2, 3, 4, 5]);
  assert.deepEqual(parseSeeds('3,1, 2'), [3, 1, 2]);
  assert.deepEqual(parseSeeds('7,1..2'), [7, 1, 2]);
  assert.deepEqual(parseSeeds(`${HIGHEST_SEED}`), [HIGHEST_SEED]);
});

const REFUSED = [
  '',
  ',',
  '1,',
  '1..',
  '..2',
  '5..1',
  '1,1',
  '1..3,2',
  '-1',
  '1.5',
  'a',
  '1...3',
  '0..5000',
  '9999999999',
];
for (const text of REFUSED) {
  test(`--seeds ${JSON.stringify(text)} is refused`, () => {
    assert.throws(() => parseSeeds(text), { code: 'bad-usage', message: /^Expected a range such as 1\.\.5/ });
  });
}

test('any list of different seeds is read as it is written, and any text gives seeds or is refused', () => {
  const seeds = fc.uniqueArray(fc.nat(HIGHEST_SEED), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(seeds, (list) => assert.deepEqual(parseSeeds(list.join(',')), list)));
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.,]{1,12}$/)), (text) => {
      try {
        const read = parseSeeds(text);
        assert.ok(read.length > 0 && read.every((seed) => Number.isInteger(seed) && seed >= 0));
        assert.equal(new Set(read).size, read.length);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'bad-usage', `${error}`);
      }
    }),
  );
});
