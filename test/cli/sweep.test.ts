import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { RUN_FILES, type RunMetrics } from '../../core/run.js';
import { isRunning } from '../../train/sweeps/process-record.js';
import {
  assertRefused,
  makeFolder,
  removeFolder,
  resultOf,
  said,
  start,
  temporaryFolder,
  tenfold,
} from './command-line.js';
import { outcomeOf } from './outcome.js';
import { writeSmallData } from './small-data.js';
import { mostAtOnce, type SweepResult, TINY_SWEEP } from './sweep-runs.js';

const IDS = ['filters-2-seed1', 'filters-3-seed1', 'filters-4-seed1'] as const;

let shared: string;
let data: string;
let sweep: string[];
/** The outcomes of a sweep that nothing disturbed. */
let undisturbed: ReturnType<typeof outcomeOf>[];
let stderr: string;
let result: SweepResult;

const outcomesOf = (folder: string) => IDS.map((id) => outcomeOf(join(folder, id)));

before(async () => {
  shared = makeFolder();
  data = await writeSmallData(join(shared, 'data'), { train: 1000, test: 200 });
  sweep = ['sweep', '--grid', 'filters=2,3,4', ...TINY_SWEEP, '--epochs', '6'];
  sweep = [...sweep, '--jobs', '2', '--threads', '1', '--data', data, '--out', 'sweep'];
  const ended = await tenfold([...sweep, '--json'], shared);
  assert.equal(ended.status, 0, ended.stderr);
  ({ stderr } = ended);
  result = JSON.parse(ended.stdout) as SweepResult;
  undisturbed = outcomesOf(join(shared, 'sweep'));
});
after(() => removeFolder(shared));

describe('a sweep of three runs, two at a time', () => {
  test('does two at a time and tells of each, epoch by epoch', () => {
    assert.equal(mostAtOnce(stderr), 2, stderr);
    for (const filters of [2, 3, 4]) {
      assert.match(stderr, new RegExp(`^filters=${filters}, seed 1 {2}epoch 6/6 .*accuracy`, 'm'));
    }
    assert.match(stderr, /^filters=2 +1 +6 +\d+\.\d\d +\d\.\d{5} +\d+\.\d +-$/m);
  });

  test('ends with a report of all three', () => {
    assert.equal(result.report, join('sweep', 'report.html'));
    const page = readFileSync(join(shared, result.report), 'utf8');
    for (const filters of [2, 3, 4]) assert.ok(page.includes(`filters=${filters}`), `no filters=${filters}`);
  });

  test('gives what `train` gives', async (context) => {
    const folder = temporaryFolder(context);
    const settings = ['--set', 'filters=3', ...TINY_SWEEP, '--epochs', '6'];
    const metrics = await resultOf<RunMetrics>(
      ['train', ...settings, '--threads', '1', '--data', data, '--out', 'run'],
      folder,
    );
    assert.deepEqual(outcomeOf(join(folder, 'run')), undisturbed[1]);
    const run = result.runs.find(({ id }) => id === IDS[1]);
    assert.equal(run?.test?.accuracy, metrics.test.accuracy);
    assert.deepEqual(result.table[1]?.accuracy, { mean: metrics.test.accuracy, deviation: null });
  });

  test('given once more does nothing but the table; more seeds do only theirs', async () => {
    const times = () => IDS.map((id) => statSync(join(shared, 'sweep', id, RUN_FILES.metrics)).mtimeMs);
    const begun = times();
    const again = await resultOf<SweepResult>(sweep, shared);
    assert.deepEqual(again, result);
    const { status, stdout, stderr: text } = await tenfold([...sweep, '--seeds', '1..2', '--json'], shared);
    assert.equal(status, 0, text);
    assert.deepEqual(times(), begun);
    assert.doesNotMatch(text, /seed 1 {2}/);
    const { table } = JSON.parse(stdout) as SweepResult;
    assert.deepEqual(
      table.map(({ seeds }) => seeds),
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
    );
    const [one, two] = [1, 2].map(
      (seed) =>
        (
          JSON.parse(
            readFileSync(join(shared, 'sweep', `filters-2-seed${seed}`, RUN_FILES.metrics), 'utf8'),
          ) as RunMetrics
        ).test.accuracy,
    );
    assert.ok(Math.abs(table[0]!.accuracy!.mean - (one! + two!) / 2) < 1e-12);
    // Of two values the sample's deviation is their distance over the root of 2.
    assert.ok(Math.abs(table[0]!.accuracy!.deviation! - Math.abs(one! - two!) / Math.SQRT2) < 1e-12);
  });

  test('with other settings in the same folder is refused', async () => {
    const refused = await tenfold(sweep.with(sweep.indexOf('--epochs') + 1, '4'), shared);
    assertRefused(refused, 2, /for the run filters-2-seed1 of sweep, got .*epochs=4 .*another folder/);
  });
});

test('a run that fails ends no other, is named with its reason, and is tried again', async (context) => {
  const folder = temporaryFolder(context);
  const failing = ['sweep', '--grid', 'learningRate=0.001,1e38,0.01', ...TINY_SWEEP, '--set', 'filters=2'];
  const args = [...failing, '--epochs', '1', '--jobs', '2', '--data', data, '--out', 'sweep'];
  const ended = await tenfold(args, folder);
  assertRefused(
    ended,
    1,
    /^tenfold: Expected 3 finished runs for the sweep in sweep, got 2; failed: learningrate-1e38-seed1\. See sweep.logs.learningrate-1e38-seed1\.log; /,
  );
  assert.equal(mostAtOnce(ended.stderr), 2);
  assert.match(ended.stderr, /^learningRate=1e38, seed 1 {3}FAILED: Expected a finite number for the loss/m);
  assert.match(ended.stdout, /^learningRate=1e38 +0 +- +- +- +- +-$/m);
  assert.match(ended.stdout, /^learningRate=1e38, seed 1: Expected a finite number for the loss/m);
  const { runs } = JSON.parse(readFileSync(join(folder, 'sweep', 'sweep.json'), 'utf8')) as SweepResult;
  assert.deepEqual(
    runs.map(({ status }) => status),
    ['finished', 'failed', 'finished'],
  );
  const again = await tenfold(args, folder);
  assert.equal(again.status, 1);
  assert.match(again.stderr, /^2 of 3 runs are finished already$/m);
  assert.doesNotMatch(again.stderr, /^learningRate=0/m);
});

describe('a sweep that is ended goes on to the very bits of one that was not', () => {
  const child = (folder: string, id: string): number | undefined =>
    (
      JSON.parse(readFileSync(join(folder, 'sweep', 'processes.json'), 'utf8')) as {
        runs: Record<string, number>;
      }
    ).runs[id];

  test('killed on the spot: its trainings save and end by themselves', async (context) => {
    const folder = temporaryFolder(context);
    const running = start(sweep, folder);
    await said(running, /filters=2, seed 1 {2}epoch 1\/6/);
    const pids = IDS.map((id) => child(folder, id)).filter((pid) => pid !== undefined);
    running.child.kill('SIGKILL');
    const { signal } = await running.ended;
    assert.equal(signal, 'SIGKILL', 'it ended before it could be killed');
    assert.ok(pids.length > 0);
    const again = await tenfold(sweep, folder);
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stderr, / {2}goes on$/m);
    for (const pid of pids) assert.ok(!IDS.some((id) => isRunning(pid, join('sweep', id))));
    assert.deepEqual(outcomesOf(join(folder, 'sweep')), undisturbed);
  });

  test('by SIGINT: its trainings are saved within their epoch', async (context) => {
    const folder = temporaryFolder(context);
    const running = start(sweep, folder);
    // Whichever is the first to be saved: by then none has finished, and another may not have begun to train.
    const firstSaved = /^filters=(\d), seed 1 {2}epoch 1\/6/m;
    const [, filters] = firstSaved.exec(await said(running, firstSaved))!;
    running.child.kill('SIGINT');
    const ended = await running.ended;
    assertRefused(
      ended,
      130,
      /^tenfold: Expected 3 finished runs for the sweep in sweep, got SIGINT after 0\. All that was trained is saved: give the same command again to go on\.$/,
    );
    assert.match(ended.stderr, /stopped; all that was done is saved/);
    const log = join(folder, 'sweep', 'logs', `filters-${filters}-seed1.log`);
    assert.match(readFileSync(log, 'utf8'), /got SIGINT after step/);
    const again = await tenfold(sweep, folder);
    assert.equal(again.status, 0, again.stderr);
    assert.deepEqual(outcomesOf(join(folder, 'sweep')), undisturbed);
  });

  test('two at once in one folder: the second is refused', async (context) => {
    const folder = temporaryFolder(context);
    // The first must be at work until the second has been refused.
    const long = sweep.with(sweep.indexOf('--epochs') + 1, '1000');
    const running = start(long, folder);
    await said(running, / {2}begins/);
    const second = await tenfold(long, folder);
    assertRefused(
      second,
      1,
      /Expected a folder that no other sweep works in for --out, got sweep, where process/,
    );
    running.child.kill('SIGINT');
    await running.ended;
  });
});

describe('refused before anything is trained', () => {
  for (const [args, message] of [
    [[], /Expected one of groups-a, .* or --grid key=a,b,c for the sweep, got neither/],
    [['groups-z'], /Expected one of groups-a, .* for the sweep, got "groups-z"/],
    [['groups-a', '--grid', 'epochs=1,2'], /Expected a name alone, or --grid and --recipe alone/],
    [['--grid', 'epochs'], /Expected key=a,b,c for --grid, got "epochs"/],
    [['--grid', 'filters=2,many'], /for the setting filters, got "many"/],
    [['--grid', 'filters=2,3', '--set', 'filters=4'], /Expected settings that the sweep itself leaves alone/],
    [
      ['--grid', 'epochs=2,3', '--epochs', '1'],
      /Expected settings that the sweep itself leaves alone for what is set for all runs, got epochs=1\./,
    ],
    [
      ['--grid', 'filters=2', '--set', 'filters=4'],
      /leaves alone for what is set for all runs, got filters=4\./,
    ],
    [
      ['batch-size-c', '--batch-size', '7'],
      /Expected settings that the sweep itself leaves alone .* batchSize=7/,
    ],
    [['groups-a', '--seeds', '3..1'], /for --seeds, got "3\.\.1"/],
    [['groups-a', '--jobs', '0'], /Expected an integer from 1 to 1024 for --jobs/],
    [
      ['groups-a', '--queue', 'redis://127.0.0.1', '--jobs', '2'],
      /Expected what is the same on every machine/,
    ],
    [
      ['groups-a', '--queue', 'http://127.0.0.1'],
      /Expected redis:\/\/HOST.* for --queue, got a URL of http:/,
    ],
  ] as const) {
    test(`sweep ${args.join(' ')}`, async (context) => {
      const folder = temporaryFolder(context);
      assertRefused(await tenfold(['sweep', ...args], folder), 2, message);
      assert.ok(!existsSync(join(folder, 'runs')), 'it left something behind');
    });
  }
});
