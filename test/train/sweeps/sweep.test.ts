import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RUN_FILES } from '../../../core/run.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';
import { planRuns } from '../../../train/sweeps/plan.js';
import { runSweep } from '../../../train/sweeps/sweep.js';
import { writeSmallData } from '../../cli/small-data.js';

test('a folder is the own one of its sweep until the report of it is written, or could not be', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-sweep-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const owner = () =>
    (JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')) as { sweep: number }).sweep;
  const sweep = (conclude: () => void) =>
    runSweep({
      name: 'nothing',
      title: 'Nothing',
      points: [],
      runs: [],
      folder,
      stream: { write: () => true },
      executor: () => assert.fail('there is nothing to train'),
      signal: new AbortController().signal,
      conclude: async () => conclude(),
    });
  await sweep(() => assert.equal(owner(), process.pid));
  assert.equal(owner(), 0);
  const failing = sweep(() => {
    throw new Error('no report');
  });
  await assert.rejects(failing, /no report/);
  assert.equal(owner(), 0);
});

test('seeds are not trained beside finished ones of other data, here or elsewhere', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-sweep-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const points = [{ label: 'a', recipe: 'fast', overrides: [] }];
  const runs = planRuns(points, [1, 2], { settings: [] });
  mkdirSync(join(folder, 'a-seed1'));
  const recipe = { ...resolveRecipe('fast', 1), dataSha256: 'f'.repeat(64) };
  writeFileSync(join(folder, 'a-seed1', RUN_FILES.recipe), JSON.stringify(recipe));
  writeFileSync(join(folder, 'a-seed1', RUN_FILES.metrics), '{}');
  const sweep = runSweep({
    name: 'seeds',
    title: 'Seeds',
    points,
    runs,
    folder,
    data: await writeSmallData(join(folder, 'data'), { train: 20, test: 10 }),
    stream: { write: () => true },
    executor: () => assert.fail('nothing is to be trained'),
    signal: new AbortController().signal,
    conclude: async () => {},
  });
  await assert.rejects(sweep, {
    code: 'bad-usage',
    message:
      /^Expected the images and labels that it began with, ffff.* for the data of the sweep, whose run a-seed1 is finished, got .*--data/,
  });
  assert.equal(existsSync(join(folder, 'processes.json')), false, 'the folder is still held');
});
