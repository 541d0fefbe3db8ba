import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { digestOf } from '../../../serve/config/key-digest.js';
import { defences } from '../../../serve/defence/defences.js';
import type { Problem } from '../../../serve/http/problem.js';
import { type SmallApp, startSmallApp } from './small-app.js';

const KEYS = ['correct-horse-battery', 'staple-correct-horse'];

let app: SmallApp;
before(async () => {
  app = await startSmallApp(defences({ origins: [], rateLimit: null, apiKeys: KEYS.map(digestOf) }));
});
after(() => app.close());

const status = async (path: string, headers: Record<string, string> = {}): Promise<number> => {
  const response = await fetch(`${app.url}${path}`, { headers });
  await response.body?.cancel();
  return response.status;
};

test('a digest is the SHA-256 of the key', () => {
  assert.deepEqual(digestOf('key'), createHash('sha256').update('key').digest());
});

test('any of the keys opens, in either header', async () => {
  for (const key of KEYS) {
    const right: Record<string, string>[] = [
      { authorization: `Bearer ${key}` },
      { authorization: `bearer  ${key}` },
      { 'x-api-key': key },
    ];
    for (const headers of right)
      assert.equal(await status('/predict', headers), 200, JSON.stringify(headers));
  }
});

test('all else is refused', async () => {
  const [key] = KEYS as [string];
  const wrong: Record<string, string>[] = [
    {},
    { authorization: key },
    { authorization: `Basic ${Buffer.from(`user:${key}`).toString('base64')}` },
    { authorization: `Bearer ${key}x` },
    { authorization: `Bearer ${key.slice(0, -1)}` },
    { authorization: `Bearer ${key.toUpperCase()}` },
    { authorization: 'Bearer' },
    { 'x-api-key': '' },
    { 'x-api-key': KEYS.join(', ') },
    { 'x-api-key': digestOf(key).toString('hex') },
    { cookie: `x-api-key=${key}` },
  ];
  for (const headers of wrong) assert.equal(await status('/predict', headers), 401, JSON.stringify(headers));
  assert.equal(await status(`/predict?api_key=${key}`), 401);
});

test('the refusal says how to do better, and no key', async () => {
  const response = await fetch(`${app.url}/v2/models/fast/infer`, {
    method: 'POST',
    headers: { 'x-api-key': 'guess-guess-guess-guess' },
  });
  assert.equal(response.status, 401);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  assert.match(response.headers.get('www-authenticate')!, /^Bearer realm=/);
  const { detail, error } = (await response.json()) as Problem;
  assert.equal(
    detail,
    "Expected one of the service's keys for POST /v2, got another. Send Authorization: Bearer KEY, or X-API-Key: KEY.",
  );
  assert.equal(error, detail);
});

test('probes and the page are open, what models do is not, however it is spelt', async () => {
  const open = [
    '/',
    '/digit-classifier.js',
    '/livez',
    '/readyz',
    '/v2/health/live',
    '/v2/health/ready',
    '/V2/Health/live',
  ];
  const closed = [
    '/predict',
    '/PREDICT',
    '/predict/',
    '/v2',
    '/v2/',
    '/V2/models',
    '/v2/models/fast',
    '/metrics',
  ];
  const disguised = ['/v2/healthy', '/v2/models/health/live', '/v2//health/live', '/v2/%68ealth/live'];
  for (const path of open) assert.equal(await status(path), 200, path);
  for (const path of [...closed, ...disguised]) assert.equal(await status(path), 401, path);
});
