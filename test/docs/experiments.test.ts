import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { EXPERIMENTS } from '../../train/experiments/experiments.js';
import { writeExperiments } from '../../train/experiments/index.js';
import { readRecords } from '../../train/experiments/records.js';
import { PUBLISHED } from '../../train/recipes/published.js';
import type { RecipeName } from '../../train/recipes/table.js';
import { mean } from '../../train/reports/statistics.js';
import { SWEEPS } from '../../train/sweeps/table.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tenfold-experiments-'));
after(() => rmSync(folder, { recursive: true }));

test('EXPERIMENTS.md and its plots are what the records give', async () => {
  const records = join(folder, 'docs', 'experiments');
  cpSync(join(root, 'docs', 'experiments'), records, {
    recursive: true,
    filter: (path) => !path.endsWith('.svg'),
  });
  const out = join(folder, 'EXPERIMENTS.md');
  await writeExperiments({ runs: [], records, out });
  const committed = readFileSync(join(root, 'EXPERIMENTS.md'), 'utf8');
  assert.equal(readFileSync(out, 'utf8'), committed, 'write it anew by `node bin/tenfold.js experiments`');
  const plots = (of: string) => readdirSync(of).filter((name) => name.endsWith('.svg'));
  assert.deepEqual(plots(records), plots(join(root, 'docs', 'experiments')));
});

test("what is said of experiment B's training accuracies holds for its records", async () => {
  const { sweeps, remarks } = EXPERIMENTS.B;
  const runs = await readRecords(join(root, 'docs', 'experiments'));
  const recipes = new Set(sweeps.flatMap((sweep) => SWEEPS[sweep].points.map(({ recipe }) => recipe)));
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  const further = [...recipes].flatMap((recipe) => {
    const seeds = runs.filter((run) => run.recipe.name === recipe);
    const published = PUBLISHED[recipe as RecipeName]?.trainAccuracyByEpoch ?? [];
    return published.flatMap(({ epoch, accuracy }) => {
      const ours = mean(seeds.map(({ epochs }) => epochs.column('trainAccuracy')?.[epoch - 1]))!;
      const isNear = Math.abs(ours - accuracy) <= 0.002;
      return isNear
        ? []
        : [`${recipe}, epoch ${epoch}: ${percent(ours)}, in the report ${percent(accuracy)}`];
    });
  });
  const [sgd, ...others] = further;
  const [, figures] = sgd!.split('basic-block-64x3-sgd, epoch 1: ');
  assert.ok(remarks[0]!.includes(`but for SGD after its first epoch (${figures})`), `${further}`);
  assert.ok(remarks[0]!.includes('and for the rate of 0.1,'));
  assert.equal(others.length, 2, `${further}`);
  assert.ok(
    others.every((other) => other.startsWith('basic-block-64x3-rate-0.1, ')),
    `${further}`,
  );
});
