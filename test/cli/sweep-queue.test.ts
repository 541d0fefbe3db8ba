import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { isRunning } from '../../train/sweeps/process-record.js';
import {
  assertRefused,
  type Ended,
  makeFolder,
  type Running,
  removeFolder,
  said,
  start,
  tenfold,
} from './command-line.js';
import { NO_REDIS, runsInRedis, startRedis } from './redis-server.js';
import { writeSmallData } from './small-data.js';
import { resultsOf, type SweepResult, TINY_SWEEP } from './sweep-runs.js';

const IDS = ['filters-2-seed1', 'filters-3-seed1', 'filters-4-seed1'] as const;
/** Long enough to be disturbed within, on a fast machine too: there the sweep, which looks twice a second, sees every fifth. */
const EPOCHS = 30;
/** Some epochs are saved, and many are left. */
const UNDER_WAY = /epoch ([3-9]|1[0-4])\/30 .* on .*:\d+$/m;
/** Long enough for a loaded machine, short enough for a test. */
const LEASE_SECONDS = 6;

/** How often a worker asks whether its runs are withdrawn, at least. */
const ASK_MILLISECONDS = 1000;

/** The arguments of the sweep; its data lie beside every test's folder. */
const SWEEP = [
  ...['sweep', '--grid', 'filters=2,3,4', ...TINY_SWEEP, '--epochs', String(EPOCHS)],
  ...['--data', '../data', '--out', 'sweep'],
];

let shared: string;
let data: string;
/** What the same sweep gives on one machine. */
let undisturbed: ReturnType<typeof resultsOf>[];

if (NO_REDIS === false) {
  before(async () => {
    shared = makeFolder();
    // Its own for every command, so that what workers leave there is seen.
    process.env.TMPDIR = join(shared, 'temporary');
    mkdirSync(process.env.TMPDIR);
    data = await writeSmallData(join(shared, 'data'), { train: 1000, test: 200 });
    const folder = join(shared, 'undisturbed');
    mkdirSync(folder);
    const { status, stderr } = await tenfold([...SWEEP, '--threads', '1'], folder);
    assert.equal(status, 0, stderr);
    undisturbed = IDS.map((id) => resultsOf(join(folder, 'sweep'), id));
  });
  after(() => removeFolder(shared));
}

/** A folder for this test alone, removed once its processes have ended. */
function ownFolder(context: TestContext, name: string): string {
  const folder = join(shared, name);
  mkdirSync(folder);
  context.after(() => removeFolder(folder));
  return folder;
}

async function startWorker(context: TestContext, url: string): Promise<Running> {
  const options = ['--jobs', '1', '--threads', '1', '--lease', String(LEASE_SECONDS)];
  const worker = start(['worker', '--queue', url, '--data', data, ...options], shared);
  context.after(() => worker.child.kill('SIGKILL'));
  await said(worker, /Waiting for runs at 127\.0\.0\.1:\d+, 1 at a time, 1 thread each/, 'stdout');
  return worker;
}

const place = ({ child }: Running): RegExp => new RegExp(`:${child.pid}$`);

/** Ends a worker as a person would; what it said. */
async function end(worker: Running): Promise<string> {
  worker.child.kill('SIGINT');
  const { status, stdout, stderr } = await worker.ended;
  assert.equal(status, 0, stderr);
  return stdout;
}

function assertComplete(folder: string, stdout: string): void {
  const { runs } = JSON.parse(stdout) as SweepResult;
  assert.deepEqual(
    runs.map(({ status }) => status),
    ['finished', 'finished', 'finished'],
  );
  assert.deepEqual(
    IDS.map((id) => resultsOf(join(folder, 'sweep'), id)),
    undisturbed,
  );
  assert.ok(existsSync(join(folder, 'sweep', 'report.html')));
}

/** The folders in which workers train. */
const workerFolders = (): string[] =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith('tenfold-worker-'))
    .map((name) => join(tmpdir(), name));

/** The runs that are trained in a worker's folder, and their processes. */
const trainingsIn = (folder: string): [run: string, pid: number][] =>
  Object.entries(JSON.parse(readFileSync(join(folder, 'processes.json'), 'utf8')).runs);

/**
 * Holds the only training under way where it is: on a fast machine it would end before the test has done what it is about.
 * @returns what lets it go on
 */
function holdTraining(context: TestContext): () => void {
  const [[run, training] = assert.fail('no run is under way')] = trainingsIn(workerFolders()[0]!);
  process.kill(training, 'SIGSTOP');
  context.after(() => isRunning(training, run) && process.kill(training, 'SIGKILL'));
  return () => process.kill(training, 'SIGCONT');
}

/** Waits for that, as long as the command runs. */
async function until(isSo: () => boolean, { ended }: Running): Promise<void> {
  let end: Ended | undefined;
  ended.then((value) => {
    end = value;
  });
  while (!isSo()) {
    assert.equal(end, undefined, 'the command ended before');
    await delay(20);
  }
}

/** How often each run was brought to its end, by what the workers said. */
const completions = (...logs: string[]): number[] =>
  IDS.map((id) => logs.join('').split(`.${id}): finished\n`).length - 1);

describe('a sweep over a queue', { skip: NO_REDIS }, () => {
  test('two workers, one of them killed: its run goes on elsewhere from its last epoch', async (context) => {
    const { url } = await startRedis(context);
    const folder = ownFolder(context, 'killed');
    const workers = [await startWorker(context, url), await startWorker(context, url)];
    const sweep = start([...SWEEP, '--queue', url, '--json'], folder);
    // The worker whose run is the first to be saved three times.
    const text = await said(sweep, UNDER_WAY);
    const [, label, epoch, on] = /^(filters=\d), seed 1 +epoch ([3-9]|1[0-4])\/30 .* on (.*:\d+)$/m.exec(
      text,
    )!;
    const victim = workers.findIndex((worker) => place(worker).test(on!));
    const [killed, other] = [workers[victim]!, workers[1 - victim]!];
    killed.child.kill('SIGKILL');
    const ended = await sweep.ended;
    assert.equal(ended.status, 0, ended.stderr);
    assertComplete(folder, ended.stdout);
    const takeover = ended.stderr.slice(
      ended.stderr.search(new RegExp(`^${label}, seed 1 +goes on on`, 'm')),
    );
    assert.match(
      takeover,
      new RegExp(`^${label}, seed 1 +goes on on .*:${other.child.pid}$`, 'm'),
      ended.stderr,
    );
    const [, first] = new RegExp(`^${label}, seed 1 +epoch (\\d+)/30`, 'm').exec(takeover)!;
    assert.ok(Number(first) >= Number(epoch), `after epoch ${epoch} it went on with epoch ${first}`);
    const { stdout } = await killed.ended;
    assert.deepEqual(completions(stdout, await end(other)), [1, 1, 1]);
  });

  test('the folder of a killed worker is removed when the next one starts, that of a living one stays', async (context) => {
    const { url } = await startRedis(context);
    const folder = ownFolder(context, 'left');
    const living = await startWorker(context, url);
    await until(() => workerFolders().length === 1, living);
    const [kept] = workerFolders();
    const killed = await startWorker(context, url);
    await until(() => workerFolders().length === 2, killed);
    const left = workerFolders().find((path) => path !== kept)!;
    const sweep = start([...SWEEP, '--queue', url], folder);
    context.after(() => sweep.child.kill('SIGKILL'));
    await said(killed, /: begins$/m, 'stdout');
    await until(() => trainingsIn(left).length === 1, killed);
    const trainings = trainingsIn(left);
    killed.child.kill('SIGKILL');
    await killed.ended;
    // What trains in the folder holds it too, until it has noticed.
    await until(() => !trainings.some(([run, pid]) => isRunning(pid, run)), living);
    assert.deepEqual(workerFolders().sort(), [kept, left].sort());
    const next = await startWorker(context, url);
    await until(() => !existsSync(left), next);
    assert.ok(existsSync(kept!), 'a living worker lost its folder');
    assert.match(await end(next), new RegExp(`^Removed ${left}, which a worker`, 'm'));
    sweep.child.kill('SIGKILL');
    await end(living);
    assert.deepEqual(workerFolders(), []);
  });

  test('Redis stopped and started again: everybody waits, says so once, and goes on', async (context) => {
    const redis = await startRedis(context);
    const folder = ownFolder(context, 'stopped');
    const worker = await startWorker(context, redis.url);
    const sweep = start([...SWEEP, '--queue', redis.url, '--json'], folder);
    await said(sweep, UNDER_WAY);
    const gone = said(sweep, /is gone: waiting for it/);
    await redis.stop();
    await gone;
    await delay(1000);
    await redis.start();
    const { status, stdout, stderr } = await sweep.ended;
    assert.equal(status, 0, stderr);
    assertComplete(folder, stdout);
    const said1 = await end(worker);
    for (const text of [stderr, said1]) {
      assert.equal(text.match(/Redis at 127\.0\.0\.1:\d+ is gone: waiting for it/g)?.length, 1, text);
      assert.equal(text.match(/Redis at 127\.0\.0\.1:\d+ is back/g)?.length, 1, text);
    }
    assert.deepEqual(completions(said1), [1, 1, 1]);
  });

  test('Redis back without its data: the sweep gives the runs anew, the worker what it has', async (context) => {
    const redis = await startRedis(context);
    const folder = ownFolder(context, 'emptied');
    const worker = await startWorker(context, redis.url);
    const sweep = start([...SWEEP, '--queue', redis.url, '--json'], folder);
    await said(sweep, UNDER_WAY);
    const goOn = holdTraining(context);
    await redis.stop();
    await redis.start(true);
    // By then the worker has asked for more time, and heard that nobody knows of its run.
    await delay(1000 * LEASE_SECONDS);
    goOn();
    const { status, stdout, stderr } = await sweep.ended;
    assert.equal(status, 0, stderr);
    assertComplete(folder, stdout);
    const log = await end(worker);
    // The sweep may have been looking at any of its runs: others may be given first.
    assert.match(log, /^(.*): left to another worker, [\s\S]*\n\1: goes on from where it was saved$/m);
    assert.deepEqual(completions(log), [1, 1, 1]);
  });

  test('a run that ends while Redis is gone is not trained again where Redis comes back without its data', async (context) => {
    const redis = await startRedis(context);
    const folder = ownFolder(context, 'ended');
    const worker = await startWorker(context, redis.url);
    const sweep = start([...SWEEP, '--queue', redis.url, '--json'], folder);
    await said(sweep, UNDER_WAY);
    const goOn = holdTraining(context);
    await redis.stop();
    goOn();
    await until(() => trainingsIn(workerFolders()[0]!).length === 0, worker);
    await redis.start(true);
    const { status, stdout, stderr } = await sweep.ended;
    assert.equal(status, 0, stderr);
    assertComplete(folder, stdout);
    const log = await end(worker);
    assert.match(log, /^(.*): finished\n(?:[\s\S]*\n)?\1: is finished already$/m);
    assert.deepEqual(completions(log), [1, 1, 1]);
  });

  test('a run that ends while Redis takes nothing is delivered once it does', async (context) => {
    const { url } = await startRedis(context);
    const folder = ownFolder(context, 'full');
    const worker = await startWorker(context, url);
    const sweep = start([...SWEEP, '--queue', url, '--json'], folder);
    await said(sweep, UNDER_WAY);
    const redis = new Redis(url);
    context.after(() => redis.disconnect());
    const [goOn, refused] = [holdTraining(context), said(worker, /not saved in Redis: OOM/, 'stdout')];
    await redis.config('SET', 'maxmemory', '1');
    goOn();
    await refused;
    await until(() => trainingsIn(workerFolders()[0]!).length === 0, worker);
    await delay(ASK_MILLISECONDS);
    await redis.config('SET', 'maxmemory', '0');
    const { status, stdout, stderr } = await sweep.ended;
    assert.equal(status, 0, stderr);
    assertComplete(folder, stdout);
    assert.deepEqual(completions(await end(worker)), [1, 1, 1]);
  });

  test('a worker that is told to end gives its run back; a sweep that is ended is gone on with', async (context) => {
    const { url } = await startRedis(context);
    const folder = ownFolder(context, 'returned');
    const first = await startWorker(context, url);
    const sweep = start([...SWEEP, '--queue', url], folder);
    const text = await said(sweep, UNDER_WAY);
    const goOn = holdTraining(context);
    assert.doesNotMatch(text, /No worker/);
    sweep.child.kill('SIGINT');
    const interrupted = await sweep.ended;
    assertRefused(interrupted, 130, /for the sweep in sweep, got SIGINT after \d\. .*same command again/);
    assert.match(interrupted.stderr, /The workers go on; the same command collects what they do/);
    const saving = said(first, /^Saving 1 runs and giving them back$/m, 'stdout');
    const ending = end(first);
    await saving;
    goOn();
    const log = await ending;
    assert.match(log, /: given back$/m);
    assert.match(log, /^\d finished, 0 failed, 1 given back$/m);
    const second = await startWorker(context, url);
    const again = await tenfold([...SWEEP, '--queue', url, '--json'], folder);
    assert.equal(again.status, 0, again.stderr);
    assertComplete(folder, again.stdout);
    const log2 = await end(second);
    assert.match(log2, /goes on from where it was saved$/m);
    assert.deepEqual(completions(log, log2), [1, 1, 1]);
  });

  test('a sweep that is withdrawn leaves nothing in Redis, its runs come home as they are, and it can go on', async (context) => {
    const { url } = await startRedis(context);
    const folder = ownFolder(context, 'withdrawn');
    const worker = await startWorker(context, url);
    const sweep = start([...SWEEP, '--queue', url], folder);
    await said(sweep, UNDER_WAY);
    const goOn = holdTraining(context);
    const withdrawal = [...SWEEP, '--queue', url, '--withdraw'];
    assertRefused(await tenfold(withdrawal, folder), 1, /a folder that no other sweep works in/);
    sweep.child.kill('SIGINT');
    await sweep.ended;
    const withdrawing = start([...withdrawal, '--json'], folder);
    await said(withdrawing, /Waiting for workers to save filters-\d-seed1/);
    // By now the worker has asked, and the training has been told to end.
    await delay(2 * ASK_MILLISECONDS);
    goOn();
    const withdrawn = await withdrawing.ended;
    assert.equal(withdrawn.status, 0, withdrawn.stderr);
    const { runs } = JSON.parse(withdrawn.stdout) as { runs: { id: string; state: string }[] };
    assert.deepEqual(
      runs.map(({ id }) => id),
      IDS,
    );
    const states = runs.map(({ state }) => state);
    assert.deepEqual(
      states.filter((state) => state !== 'finished').slice(0, 1),
      ['begun'],
      `a run was under way: ${states}`,
    );
    assert.match(await end(worker), /: given back, its sweep is withdrawn$/m);
    assert.deepEqual(await runsInRedis(url), []);
    // Again, there is nothing left to take.
    assert.equal((await tenfold(withdrawal, folder)).status, 0);

    const second = await startWorker(context, url);
    const again = await tenfold([...SWEEP, '--queue', url, '--json'], folder);
    assert.equal(again.status, 0, again.stderr);
    assertComplete(folder, again.stdout);
    assert.match(await end(second), /goes on from where it was saved$/m);
  });

  test('a run that fails is told with its reason', async (context) => {
    const { url } = await startRedis(context);
    const folder = ownFolder(context, 'failing');
    const worker = await startWorker(context, url);
    const args = ['sweep', '--grid', 'learningRate=1e38,0.01', ...TINY_SWEEP, '--set', 'filters=2'];
    const ended = await tenfold(
      [...args, '--epochs', '1', '--data', '../data', '--out', 'sweep', '--queue', url],
      folder,
    );
    assertRefused(
      ended,
      1,
      /Expected 2 finished runs .* got 1; failed: learningrate-1e38-seed1\. The table says why; the same command tries them again\.$/,
    );
    assert.match(ended.stdout, /^learningRate=1e38, seed 1: Expected a finite number for the loss/m);
    assert.ok(existsSync(join(folder, 'sweep', 'learningrate-0.01-seed1', 'metrics.json')));
    await end(worker);
  });
});

test('there is nothing to withdraw without a queue, or where no sweep was begun', async (context) => {
  const folder = makeFolder();
  context.after(() => removeFolder(folder));
  assertRefused(
    await tenfold(['sweep', 'groups-a', '--withdraw'], folder),
    2,
    /Expected --queue redis:\/\/HOST beside it for --withdraw, got none/,
  );
  assertRefused(
    await tenfold(['sweep', 'groups-a', '--withdraw', '--queue', 'redis://127.0.0.1:1'], folder),
    2,
    /Expected a sweep that was begun in runs\/sweep-groups-a for --withdraw, got none/,
  );
});

test('a server that is not there is refused at once', async (context) => {
  const folder = makeFolder();
  context.after(() => removeFolder(folder));
  for (const command of [['sweep', 'groups-a'], ['worker']]) {
    const refused = await tenfold([...command, '--queue', 'redis://user:secret@127.0.0.1:1'], folder);
    assertRefused(
      refused,
      1,
      /Expected a Redis server at 127\.0\.0\.1:1 for --queue, got connect ECONNREFUSED/,
    );
    assert.doesNotMatch(refused.stderr, /secret/);
  }
  assertRefused(await tenfold(['worker'], folder), 2, /for --queue, got nothing/);
});
