import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { PREFIX, QUEUE } from '../../train/sweeps/queue/connection.js';
import { assertRefused, makeFolder, removeFolder, said, start, tenfold } from './command-line.js';
import { NO_REDIS, startRedis } from './redis-server.js';
import { writeSmallData } from './small-data.js';
import { TINY_SWEEP } from './sweep-runs.js';

/** A way to the server on which the first answer with these words comes late. */
async function slowWay(context: TestContext, url: string, words: RegExp, late: () => Promise<void>) {
  let isLate = false;
  const way = createServer((client) => {
    const server = connect(Number(new URL(url).port), '127.0.0.1');
    client.pipe(server);
    server.on('data', async (bytes) => {
      if (!isLate && words.test(bytes.toString('latin1'))) {
        isLate = true;
        server.pause();
        await late();
        server.resume();
      }
      client.write(bytes);
    });
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    for (const socket of [client, server]) socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => way.listen(0, '127.0.0.1', resolve));
  context.after(() => way.close());
  return { url: `redis://127.0.0.1:${(way.address() as AddressInfo).port}`, wasLate: () => isLate };
}

/** A worker of digits of its own, a server, and a folder for a sweep. */
async function startWorker(context: TestContext) {
  const folder = makeFolder();
  context.after(() => removeFolder(folder));
  mkdirSync(join(folder, 'sweeper'));
  const data = await writeSmallData(join(folder, 'data'), { train: 1000, test: 200 });
  const { url } = await startRedis(context);
  const worker = start(['worker', '--queue', url, '--data', data, '--jobs', '1', '--threads', '1'], folder);
  context.after(() => worker.child.kill('SIGKILL'));
  await said(worker, /Waiting for runs/, 'stdout');
  return { folder, data, url, worker };
}

test('a run that fails between two questions of its sweep is told with its reason', {
  skip: NO_REDIS,
}, async (context) => {
  const { folder, data, url, worker } = await startWorker(context);
  const redis = new Redis(url);
  context.after(() => redis.disconnect());
  // It holds still once it has begun: the sweep, which looks twice a second, might else find the run failed at its first look.
  const held = (async () => {
    while ((await redis.llen(`${PREFIX}:${QUEUE}:active`)) === 0) await delay(10);
    worker.child.kill('SIGSTOP');
  })();
  const failed = async () => {
    worker.child.kill('SIGCONT');
    while ((await redis.zcard(`${PREFIX}:${QUEUE}:failed`)) === 0) await delay(20);
  };
  // The record of a run under way.
  const way = await slowWay(context, url, /^(?=[\s\S]*processedOn)(?![\s\S]*failedReason)/, failed);
  const ended = await tenfold(
    [
      ...['sweep', '--grid', 'learningRate=1e38', ...TINY_SWEEP, '--set', 'filters=2', '--epochs', '1'],
      ...['--data', data, '--out', 'sweep', '--queue', way.url],
    ],
    join(folder, 'sweeper'),
  );
  await held;
  assert.ok(way.wasLate(), 'the sweep never saw its run under way');
  assertRefused(ended, 1, /Expected 1 finished runs .* got 0; failed: learningrate-1e38-seed1\./);
  assert.match(ended.stderr, /FAILED: Expected a finite number for the loss/);
});

test('a run is not trained on other data than its sweep is of, and is on those that the sweep names then', {
  skip: NO_REDIS,
}, async (context) => {
  const { folder, data, url } = await startWorker(context);
  await writeSmallData(join(folder, 'others'), { train: 100, test: 200 });
  const args = ['sweep', '--grid', 'filters=2', ...TINY_SWEEP, '--epochs', '1', '--out', 'sweep'];
  const ended = await tenfold([...args, '--data', '../others', '--queue', url], join(folder, 'sweeper'));
  assertRefused(ended, 1, /Expected 1 finished runs .* got 0; failed: filters-2-seed1\./);
  assert.match(
    ended.stdout,
    /^filters=2, seed 1: Expected the images and labels of its sweep, \w{64} for the data of a worker, got \w{64} \(.*\/data\)\. Give the same data by --data/m,
  );
  const again = await tenfold([...args, '--data', data, '--queue', url], join(folder, 'sweeper'));
  assert.equal(again.status, 0, again.stderr);
});
