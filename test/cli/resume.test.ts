import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { makeFolder, removeFolder, resultOf, start, temporaryFolder, tenfold } from './command-line.js';
import { outcomeOf } from './outcome.js';
import { TINY_TRAINING, tinyTraining, writeSmallData } from './small-data.js';

let shared: string;
/** A run of three epochs, 40 steps each, that nothing interrupted. */
let uninterrupted: string;
let data: string;
let train: string[];

before(async () => {
  shared = makeFolder();
  data = await writeSmallData(join(shared, 'data'), { train: 2000, test: 300 });
  train = ['train', ...TINY_TRAINING, '--data', data, '--out', 'run'];
  await resultOf(train, shared);
  uninterrupted = join(shared, 'run');
});
after(() => removeFolder(shared));

/** Trains in `folder`, and kills the process on the spot once something in its run folder has come about. */
async function killWhen(hasCome: (run: string) => boolean, args: string[], folder: string): Promise<void> {
  const run = join(folder, 'run');
  mkdirSync(run, { recursive: true });
  const watcher = watch(run);
  const { child, ended } = start([...train, ...args], folder);
  const come = new Promise<void>((resolve) => {
    watcher.on('change', () => {
      if (hasCome(run)) resolve();
    });
  });
  await Promise.race([come, ended]);
  child.kill('SIGKILL');
  watcher.close();
  const { signal, stderr } = await ended;
  assert.equal(signal, 'SIGKILL', `it ended before it could be killed: ${stderr}`);
}

const hasCheckpoint = (run: string) => existsSync(join(run, RUN_FILES.optimizer));

describe('an interrupted run goes on to the very bits of one that was not', { concurrency: 2 }, () => {
  test('killed within the second epoch, then while an epoch is being saved', async (context) => {
    const folder = temporaryFolder(context);
    await killWhen(hasCheckpoint, [], folder);
    const weights = join(folder, 'run', RUN_FILES.weights);
    const { ino } = statSync(weights);
    await killWhen(() => statSync(weights).ino !== ino, ['--resume'], folder);
    await resultOf([...train, '--resume'], folder);
    assert.deepEqual(outcomeOf(join(folder, 'run')), outcomeOf(uninterrupted));
  });

  test('ended by --max-steps in the middle of an epoch', async (context) => {
    const folder = temporaryFolder(context);
    const half = await resultOf<RunMetrics>([...train, '--max-steps', '60'], folder);
    assert.deepEqual([half.steps, half.epochs], [60, 1]);
    await resultOf([...train, '--resume'], folder);
    assert.deepEqual(outcomeOf(join(folder, 'run')), outcomeOf(uninterrupted));
  });

  test('killed before its first epoch was saved', async (context) => {
    const folder = temporaryFolder(context);
    await killWhen((run) => existsSync(join(run, RUN_FILES.losses)), [], folder);
    await resultOf([...train, '--resume'], folder);
    assert.deepEqual(outcomeOf(join(folder, 'run')), outcomeOf(uninterrupted));
  });
});

test('a finished run goes on to as many epochs as --epochs says, and says so', async (context) => {
  const folder = temporaryFolder(context);
  const upTo = (epochs: number) => ['train', ...tinyTraining({ epochs }), '--data', data, '--out', 'run'];
  await resultOf(upTo(1), folder);
  const { stdout, stderr } = await tenfold([...upTo(3), '--resume', '--json'], folder);
  assert.match(stderr, /Going on with run by its own recipe\.json, to 3 epochs/);
  assert.deepEqual([JSON.parse(stdout).epochs, JSON.parse(stdout).steps], [3, 120]);
  assert.deepEqual(outcomeOf(join(folder, 'run')), outcomeOf(uninterrupted));
});
