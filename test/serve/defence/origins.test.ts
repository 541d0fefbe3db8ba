import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../../serve/config/key-digest.js';
import { defences } from '../../../serve/defence/defences.js';
import { type SmallApp, startSmallApp } from './small-app.js';

const PAGE = 'https://page.example';
const KEY = 'correct-horse-battery';

async function withOrigins(origins: string[], use: (app: SmallApp) => Promise<void>): Promise<void> {
  const app = await startSmallApp(defences({ origins, rateLimit: null, apiKeys: [digestOf(KEY)] }));
  try {
    await use(app);
  } finally {
    await app.close();
  }
}

const preflight = (app: SmallApp, origin: string) =>
  fetch(`${app.url}/predict`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

const post = (app: SmallApp, origin: string, headers: Record<string, string> = {}) =>
  fetch(`${app.url}/predict`, { method: 'POST', headers: { origin, ...headers } });

const allowed = ({ headers }: Response): string | null => headers.get('access-control-allow-origin');
const varies = ({ headers }: Response): boolean => /(^|, ?)origin(,|$)/i.test(headers.get('vary') ?? '');

test('a listed origin may call, and its preflight request needs no key', async () => {
  await withOrigins(['https://other.example', PAGE], async (app) => {
    const asked = await preflight(app, PAGE);
    assert.equal(asked.status, 204);
    assert.equal(allowed(asked), PAGE);
    assert.match(asked.headers.get('access-control-allow-methods')!, /\bPOST\b/);
    assert.equal(asked.headers.get('access-control-allow-headers'), 'authorization,content-type');
    assert.ok(varies(asked));
    const answer = await post(app, PAGE, { authorization: `Bearer ${KEY}` });
    assert.equal(answer.status, 200);
    assert.equal(allowed(answer), PAGE);
    assert.match(answer.headers.get('access-control-expose-headers')!, /Retry-After/);
    assert.ok(varies(answer));
  });
});

test('a page of a listed origin can read why it was refused', async () => {
  await withOrigins([PAGE], async (app) => {
    const refused = await post(app, PAGE);
    assert.equal(refused.status, 401);
    assert.equal(allowed(refused), PAGE);
  });
});

test('no other origin is let in, however alike', async () => {
  await withOrigins([PAGE], async (app) => {
    for (const origin of [
      `${PAGE}.evil.example`,
      'http://page.example',
      `${PAGE}:444`,
      'null',
      'https://evil.example',
    ]) {
      for (const response of [await preflight(app, origin), await post(app, origin)]) {
        assert.equal(allowed(response), null, origin);
        assert.ok(varies(response), origin);
      }
    }
  });
});

test('any origin may be let in, without credentials', async () => {
  await withOrigins(['*'], async (app) => {
    const answer = await post(app, PAGE, { 'x-api-key': KEY });
    assert.equal(allowed(answer), '*');
    assert.equal(answer.headers.get('access-control-allow-credentials'), null);
  });
});

test('without origins nothing is said of them', async () => {
  await withOrigins([], async (app) => {
    assert.equal(allowed(await post(app, PAGE, { 'x-api-key': KEY })), null);
  });
});
