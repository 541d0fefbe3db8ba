import assert from 'node:assert/strict';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { predictRequest } from '../../bench/serve/requests.js';
import { MANIFEST_FILE, type Manifest } from '../../core/manifest.js';
import { randomStream } from '../../train/random.js';
import { greyPng, rowPicture } from '../serve/pictures.js';
import { makeTinyBundle } from '../serve/tiny-bundle.js';
import { type FaultService, type FaultServiceOptions, startFaultService } from './service.js';
import { type SteadyLoad, type SteadyLoadOptions, steadyLoad } from './steady-load.js';

const LONG = process.env.TENFOLD_NIGHTLY !== undefined;
const SECONDS = LONG ? 60 : 1;
const SEED = Number(process.env.TENFOLD_FAULTS_SEED ?? Date.now() % 2 ** 31);
const CONNECTIONS = 8;

interface Stage {
  service: FaultService;
  bundleDirectory: string;
}

/** A service with the tiny bundle, for one test. */
async function stage(
  context: TestContext,
  options: Omit<FaultServiceOptions, 'bundleDirectory'> = {},
): Promise<Stage> {
  const bundle = await makeTinyBundle();
  context.after(() => bundle.remove());
  const service = await startFaultService({ bundleDirectory: bundle.directory, ...options });
  context.after(() => service.stop());
  return { service, bundleDirectory: bundle.directory };
}

interface Carrying extends Pick<SteadyLoadOptions, 'isEnough'> {
  mayRefuse?: boolean;
  trouble?: (isOver: () => boolean) => Promise<string>;
}

/** Makes trouble, again and again, until the load has been carried; says how much there was. */
async function carryThrough(
  context: TestContext,
  { url, assertAlive }: FaultService,
  { mayRefuse = false, trouble, isEnough }: Carrying,
): Promise<SteadyLoad> {
  let over = false;
  const asked = { url, connections: CONNECTIONS, seconds: SECONDS, mayRefuse, ...(isEnough && { isEnough }) };
  const loading = steadyLoad(asked).finally(() => {
    over = true;
  });
  const [load, told] = await Promise.all([loading, trouble?.(() => over)]);
  assertAlive();
  const refusals = mayRefuse ? `, ${load.refused} refused for a while` : '';
  context.diagnostic(`${load.right} answers right${refusals}${told ? `; ${told}` : ''}`);
  assert.ok(load.right > 0);
  return load;
}

test('reloads under load: no request refused, lost or answered wrongly', async (context) => {
  const { service, bundleDirectory } = await stage(context, { flags: ['--control', 'on'] });
  const reload = () =>
    fetch(new URL('/v2/repository/models/row-reader/load', service.url), { method: 'POST' });
  const path = join(bundleDirectory, MANIFEST_FILE);
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  const replace = async (text: string) => {
    await writeFile(`${path}.partial`, text);
    await rename(`${path}.partial`, path);
  };
  const trouble = async (isOver: () => boolean) => {
    let reloads = 0;
    let refusals = 0;
    for (let patch = 3; !isOver(); patch++, await delay(LONG ? 1000 : 300)) {
      // Every third bundle is damaged, and must not take the place of the one before.
      if (patch % 3 === 0) {
        await replace('{');
        assert.notEqual((await reload()).status, 200, 'a damaged bundle was loaded');
        refusals++;
      }
      await replace(JSON.stringify({ ...manifest, version: `1.2.${patch}` }));
      const response = await reload();
      assert.equal(response.status, 200, await response.text());
      reloads++;
    }
    return `${reloads} reloads, ${refusals} damaged bundles refused`;
  };
  // A new worker starts beside those that are busy, which takes seconds on a loaded machine.
  const isEnough = ({ versions }: SteadyLoad) => versions.size > 2;
  const { versions } = await carryThrough(context, service, { trouble, isEnough });
  assert.ok(versions.size > 2, `answers of ${[...versions.keys()]} only`);
});

/** Short, so that a thread that hangs is soon found out; no batch of the tiny bundle comes near it. */
const BATCH_TIME = '400ms';
/** Batches after which a thread fails: half to twice as many would do as well. */
const EVERY = 30;

for (const fault of ['die', 'hang']) {
  test(`workers that ${fault}: requests refused for a while, none lost or answered wrongly`, async (context) => {
    const { service } = await stage(context, {
      flags: ['--batch-time', BATCH_TIME],
      preload: new URL('./mortal-worker.js', import.meta.url),
      env: { TENFOLD_FAULTS_WORKER: fault, TENFOLD_FAULTS_EVERY: String(EVERY) },
    });
    const isEnough = (load: SteadyLoad) => load.refused > 0;
    const { refused } = await carryThrough(context, service, { mayRefuse: true, isEnough });
    assert.ok(refused > 0, 'no worker failed while it had work');
  });
}

const upload = (host: string): Buffer => predictRequest(greyPng(rowPicture(3)), 'image/png', host);

test('clients that abort in the middle of an upload disturb nobody', async (context) => {
  const { service } = await stage(context);
  const random = randomStream(SEED, 'abort');
  const { hostname, port, host } = service.url;
  const whole = upload(host);
  const trouble = async (isOver: () => boolean) => {
    let aborts = 0;
    for (; !isOver(); aborts++) {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on('error', () => {});
      // Whole uploads too, whose answer nobody waits for.
      socket.write(whole.subarray(0, 1 + random.integer(whole.length)));
      await delay(random.integer(10));
      if (random.next() < 0.5) socket.resetAndDestroy();
      else socket.destroy();
    }
    return `${aborts} uploads aborted, TENFOLD_FAULTS_SEED=${SEED}`;
  };
  await carryThrough(context, service, { trouble });
});

const SLOW_CLIENTS = 200;
/** Short, but far longer than this process takes to open so many connections, the quick clients' among them. */
const SHORT_TIMES = ['--request-time', '1s', '--header-time', '1s'];

test(`${SLOW_CLIENTS} clients that send a byte now and then are closed and keep nobody waiting`, async (context) => {
  const { service } = await stage(context, { flags: SHORT_TIMES });
  const whole = upload(service.url.host);
  let closed = 0;
  const trouble = async (isOver: () => boolean) => {
    const slowClient = async (index: number) => {
      do {
        await closedWhileDripping(service.url, index % 2 ? whole : ENDLESS_HEADERS);
        closed++;
      } while (!isOver());
    };
    await Promise.all(Array.from({ length: SLOW_CLIENTS }, (_, index) => slowClient(index)));
    return `${closed} slow connections closed by the service`;
  };
  await carryThrough(context, service, { trouble });
});

const ENDLESS_HEADERS = Buffer.from(`GET /livez HTTP/1.1\r\nHost: a\r\n${'X-A: b\r\n'.repeat(1000)}`);

/** Sends a few bytes now and then until the service closes the connection. */
async function closedWhileDripping({ hostname, port }: URL, bytes: Buffer): Promise<void> {
  const socket = connect({ host: hostname, port: Number(port) });
  // A reset is an end too.
  socket.on('error', () => {});
  socket.resume();
  for (let sent = 0; !socket.destroyed; sent += 3) {
    assert.ok(sent < bytes.length, 'a slow client was left connected until it had sent all');
    socket.write(bytes.subarray(sent, sent + 3));
    await delay(100);
  }
}
