import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Settings } from '../../../serve/config/config.js';
import { digestOf } from '../../../serve/config/key-digest.js';
import { defences } from '../../../serve/defence/defences.js';
import type { Problem } from '../../../serve/http/problem.js';
import { type SmallApp, type SmallAppOptions, startSmallApp } from './small-app.js';

const KEYS = ['correct-horse-battery', 'staple-correct-horse'] as const;
const LIMIT = 3;
const HOUR = 3_600_000;

interface Setup extends SmallAppOptions {
  apiKeys?: Settings['apiKeys'];
  milliseconds?: number;
}

async function withLimit(
  { apiKeys = [], milliseconds = HOUR, ...options }: Setup,
  use: (app: SmallApp) => Promise<void>,
): Promise<void> {
  const handlers = defences({ origins: [], rateLimit: { requests: LIMIT, milliseconds }, apiKeys });
  const app = await startSmallApp(handlers, options);
  try {
    await use(app);
  } finally {
    await app.close();
  }
}

/** The statuses of so many requests, one after another. */
async function statuses(
  app: SmallApp,
  count: number,
  headers: Record<string, string> = {},
  path = '/predict',
) {
  const got: number[] = [];
  for (let request = 0; request < count; request++) {
    const response = await fetch(`${app.url}${path}`, { headers });
    await response.body?.cancel();
    got.push(response.status);
  }
  return got;
}

const spent = [200, 200, 200, 429];

test('a client is told what is left, and when it may ask again', async () => {
  await withLimit({}, async (app) => {
    const first = await fetch(`${app.url}/predict`);
    await first.body?.cancel();
    // draft-ietf-httpapi-ratelimit-headers-08: structured fields.
    assert.match(first.headers.get('ratelimit-policy')!, /^"tenfold"; q=3; w=3600/);
    assert.match(first.headers.get('ratelimit')!, /^"tenfold"; r=2; t=\d+/);
    assert.equal(first.headers.get('x-ratelimit-limit'), null);
    await statuses(app, LIMIT - 1);
    const refused = await fetch(`${app.url}/predict`);
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get('content-type'), 'application/problem+json');
    assert.match(refused.headers.get('ratelimit')!, /; r=0; /);
    const seconds = Number(refused.headers.get('retry-after'));
    assert.ok(Number.isInteger(seconds) && seconds > 0 && seconds <= 3600, `${seconds} s`);
    const { title, status, detail } = (await refused.json()) as Problem;
    assert.deepEqual([title, status], ['Too Many Requests', 429]);
    const message = `Expected at most 3 requests in 3600 s for one key or address, got more. Try again in ${seconds} s.`;
    assert.equal(detail, message);
  });
});

test('the limit ends with its time', async () => {
  await withLimit({ milliseconds: 1000 }, async (app) => {
    // Where the machine is busy it may end before the limit is reached, and begin again.
    for (let asked = 1; (await statuses(app, 1))[0] !== 429; asked++) assert.ok(asked < 100, 'none refused');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    assert.deepEqual(await statuses(app, 1), [200]);
  });
});

test('it is one for all that models do, and none for the page and probes', async () => {
  await withLimit({}, async (app) => {
    assert.deepEqual(await statuses(app, 2, {}, '/v2/models'), [200, 200]);
    assert.deepEqual(await statuses(app, 2), [200, 429]);
    for (const path of ['/v2/health/ready', '/livez', '/']) {
      assert.deepEqual(await statuses(app, 5, {}, path), [200, 200, 200, 200, 200], path);
    }
  });
});

test('each key has its own, guesses at keys have that of their address', async () => {
  await withLimit({ apiKeys: KEYS.map(digestOf) }, async (app) => {
    const [first, second] = KEYS;
    assert.deepEqual(await statuses(app, 4, { 'x-api-key': first }), spent);
    assert.deepEqual(await statuses(app, 1, { authorization: `Bearer ${second}` }), [200]);
    for (const guess of ['guess-0', 'guess-1', 'guess-2']) {
      assert.deepEqual(await statuses(app, 1, { 'x-api-key': guess }), [401]);
    }
    assert.deepEqual(await statuses(app, 1, { 'x-api-key': 'guess-3' }), [429]);
    assert.deepEqual(await statuses(app, 1, { authorization: `Bearer ${second}` }), [200]);
  });
});

const forwarded = (...addresses: string[]) => ({ 'x-forwarded-for': addresses.join(', ') });

test('without a proxy in front nobody chooses his address', async () => {
  await withLimit({}, async (app) => {
    const got = [];
    for (const last of [1, 2, 3, 4]) got.push(...(await statuses(app, 1, forwarded(`192.0.2.${last}`))));
    assert.deepEqual(got, spent);
  });
});

test('behind a proxy a client is the address that the proxy saw, whatever it was told', async () => {
  await withLimit({ trustProxy: 1 }, async (app) => {
    const got = [];
    for (const lie of [1, 2, 3, 4]) {
      got.push(...(await statuses(app, 1, forwarded(`192.0.2.${lie}`, '198.51.100.7'))));
    }
    assert.deepEqual(got, spent);
    assert.deepEqual(await statuses(app, 1, forwarded('198.51.100.8')), [200]);
  });
});

test('of IPv6 a network is one client', async () => {
  await withLimit({ trustProxy: 1 }, async (app) => {
    const got = [];
    for (const end of [':1', ':2', ':ffff:1', 'a:b:c:d']) {
      got.push(...(await statuses(app, 1, forwarded(`2001:db8:1:2:${end}`))));
    }
    assert.deepEqual(got, spent);
    assert.deepEqual(await statuses(app, 1, forwarded('2001:db8:2::1')), [200]);
  });
});
