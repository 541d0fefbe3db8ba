import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openProcessRecord } from '../../../train/sweeps/process-record.js';
import { recordedEnd } from '../../../train/sweeps/recorded-end.js';
import { startTraining } from '../../../train/sweeps/training-process.js';

/** Stands for a training: works until it is told to stop, then says as `train` does that it was interrupted. */
const UNTIL_TOLD =
  "process.on('SIGINT', () => process.exit(130)); process.send({}); setInterval(() => {}, 1000)";

async function started(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'tenfold-recorded-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const place = { folder: join(folder, 'run'), log: join(folder, 'logs', 'log') };
  const setup = {
    program: [process.execPath, '-e', UNTIL_TOLD, '--'],
    backend: 'auto',
    device: 'auto',
    threads: 1,
  };
  const spec = { id: 'run', label: 'run', recipe: 'fast', seed: 1, settings: [] };
  const training = startTraining(spec, setup, place, () => {});
  return { folder, training, record: openProcessRecord(folder) };
}

test('a training whose process cannot be recorded has ended by the time that this is told', async (context) => {
  const { folder, training, record } = await started(context);
  await rm(folder, { recursive: true });
  const signal = new AbortController().signal;
  await assert.rejects(recordedEnd(training, { record, run: 'run', signal }), { code: 'failed' });
  assert.throws(() => process.kill(training.pid!, 0), { code: 'ESRCH' });
});

test('a training is stopped when it is to be, before it is waited for or later', async (context) => {
  for (const wait of [0, 300]) {
    const { training, record } = await started(context);
    const signal = wait === 0 ? AbortSignal.abort() : AbortSignal.timeout(wait);
    assert.deepEqual(await recordedEnd(training, { record, run: 'run', signal }), { type: 'interrupted' });
  }
});
