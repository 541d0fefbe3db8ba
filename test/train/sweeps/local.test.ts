import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RUN_FILES } from '../../../core/run.js';
import { resolveRecipe } from '../../../train/recipes/resolve.js';
import { localExecutor } from '../../../train/sweeps/local.js';
import { planRuns } from '../../../train/sweeps/plan.js';
import { writeSmallData } from '../../cli/small-data.js';

test('seeds are not trained beside finished ones of other data', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tenfold-local-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const data = await writeSmallData(join(folder, 'data'), { train: 20, test: 10 });
  const [done, left] = planRuns([{ label: 'a', recipe: 'fast', overrides: [] }], [1, 2], { settings: [] });
  mkdirSync(join(folder, done!.id));
  const recipe = { ...resolveRecipe('fast', 1), dataSha256: 'f'.repeat(64) };
  writeFileSync(join(folder, done!.id, RUN_FILES.recipe), JSON.stringify(recipe));
  const executor = localExecutor({
    folder,
    setup: {
      program: [process.execPath, '-e', 'process.exit(1)', '--'],
      backend: 'auto',
      device: 'cpu',
      threads: 1,
      data,
    },
    jobs: 1,
    finished: [done!],
    record: { earlier: {}, began() {}, ended() {}, close() {} },
    say() {},
  });
  const begun: string[] = [];
  await assert.rejects(
    executor.execute([left!], ({ id }) => void begun.push(id), new AbortController().signal),
    {
      code: 'bad-usage',
      message:
        /^Expected the images and labels that it began with, ffff.* for the data of the sweep, whose run a-seed1 is finished, got .*--data/,
    },
  );
  assert.deepEqual(begun, []);
});
