import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeExperiments } from '../../train/experiments/index.js';

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
