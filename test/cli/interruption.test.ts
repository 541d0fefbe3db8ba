import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { decodeCheckpoint } from '../../train/checkpoint.js';
import {
  assertRefused,
  type Running,
  removeFolder,
  resultOf,
  start,
  temporaryFolder,
  tenfold,
} from './command-line.js';
import { outcomeOf } from './outcome.js';
import { trainUninterrupted, type Uninterrupted } from './uninterrupted.js';

let shared: string;
let data: string;
let train: string[];
let uninterrupted: Uninterrupted['uninterrupted'];

before(async () => {
  ({ shared, data, train, uninterrupted } = await trainUninterrupted(2000));
});
after(() => removeFolder(shared));

/** Waits until the process has said that it trains. */
const training = ({ child }: Running): Promise<void> =>
  new Promise((resolve) => {
    child.stderr!.on('data', (text: string) => {
      if (text.includes('Training ')) resolve();
    });
  });

const checkpointOf = (run: string) =>
  decodeCheckpoint(readFileSync(join(run, RUN_FILES.optimizer)), RUN_FILES.optimizer);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal}: what was trained is saved, can be evaluated, and goes on to the same bits`, async (context) => {
    const folder = temporaryFolder(context);
    const running = start(train, folder);
    await training(running);
    running.child.kill(signal);
    const ended = await running.ended;
    assert.equal(ended.signal, null, 'the signal ended the process before it could save');
    assertRefused(
      ended,
      130,
      new RegExp(
        `^tenfold: Expected 120 steps and their results for the run run, got ${signal} after step \\d+\\. ` +
          `It is saved: go on with it by \`tenfold train --resume --out run --data ${data}\`\\.$`,
      ),
    );
    const { step, epochSums } = checkpointOf(join(folder, 'run'));
    assert.equal(ended.stderr.match(/after step (\d+)/)?.[1], String(step));
    assert.ok(step < 120, 'it ended before it could be interrupted');
    assert.equal(epochSums.images, (step % 40) * 50);
    const { images } = await resultOf<{ images: number }>(['evaluate', 'run', '--data', data], folder);
    assert.equal(images, 300);
    const [, advised] = ended.stderr.match(/`tenfold (.+)`/)!;
    const metrics = await resultOf<RunMetrics>(advised!.split(' '), folder);
    assert.equal(metrics.steps, 120);
    assert.deepEqual(outcomeOf(join(folder, 'run')), uninterrupted);
  });
}

test('a second SIGINT ends it at once, with nothing but whole files once it goes on', async (context) => {
  const folder = temporaryFolder(context);
  const running = start(train, folder);
  await training(running);
  running.child.kill('SIGINT');
  running.child.kill('SIGINT');
  const { status, signal } = await running.ended;
  // The operating system ends it, or its own handler where both had come by then.
  assert.ok(signal === 'SIGINT' || status === 130, `status ${status}, signal ${signal}`);
  await resultOf([...train, '--resume'], folder);
  assert.deepEqual(outcomeOf(join(folder, 'run')), uninterrupted);
});

describe('a pipeline that is interrupted while it trains', () => {
  test('exports and serves nothing', async (context) => {
    const folder = temporaryFolder(context);
    const [, ...options] = train;
    const running = start(
      ['pipeline', ...options.filter((word, at) => word !== '--out' && options[at - 1] !== '--out')],
      folder,
    );
    await training(running);
    running.child.kill('SIGINT');
    const ended = await running.ended;
    assertRefused(
      ended,
      130,
      /got SIGINT after step \d+\. It is saved: go on with it by `tenfold train --resume --out runs/,
    );
    assert.ok(!existsSync(join(folder, 'bundles')));
    const refused = await tenfold(['export', 'runs/bottleneck-32x2-seed1', '--data', data], folder);
    assertRefused(refused, 2, /Expected a readable file .*metrics\.json/);
  });
});
