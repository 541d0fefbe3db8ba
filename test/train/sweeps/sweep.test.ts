import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runSweep } from '../../../train/sweeps/sweep.js';

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
