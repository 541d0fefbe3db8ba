import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openWorkerFolder } from '../../../train/sweeps/queue/worker-folder.js';

test('the folder that a killed worker left is removed, that of a machine with a longer name is not', async (context) => {
  const shared = mkdtempSync(join(tmpdir(), 'tenfold-temporary-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = shared;
  context.after(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(shared, { recursive: true });
  });
  const own = await openWorkerFolder(() => {});
  const [left, foreign] = ['AbC123', '2-AbC123'].map((end) => own.path.replace(/[^-]{6}$/, end));
  for (const folder of [left!, foreign!]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'processes.json'), '{"sweep":0,"runs":{}}');
  }
  await own.remove();
  assert.deepEqual([existsSync(own.path), existsSync(left!), existsSync(foreign!)], [false, false, true]);
});
