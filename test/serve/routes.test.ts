import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { greyPng, rowPicture } from './pictures.js';
import { form, post, startTestService, type TestService } from './service.js';

let site: string;
let service: TestService;
before(async () => {
  site = await mkdtemp(join(tmpdir(), 'tenfold-site-'));
  await writeFile(join(site, 'index.html'), '<!doctype html><title>Page</title>');
  await writeFile(join(site, 'index.html.br'), brotliCompressSync('<!doctype html><title>Page</title>'));
  await writeFile(join(site, 'embed.html'), '<!doctype html><title>Frame</title>');
  await writeFile(join(site, 'digit-classifier.js'), 'export const plain = true;');
  await writeFile(join(site, 'digit-classifier.js.br'), brotliCompressSync('export const plain = true;'));
  service = await startTestService({ siteDirectory: site });
});
after(async () => {
  await service.close();
  await rm(site, { recursive: true });
});

const get = (path: string, init?: RequestInit) => fetch(`${service.url}${path}`, init);

test('the page comes under a strict policy', async () => {
  const response = await get('/');
  assert.match(await response.text(), /<title>Page/);
  assert.match(response.headers.get('content-type')!, /^text\/html/);
  const policy = response.headers.get('content-security-policy')!;
  for (const part of [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
  ]) {
    assert.ok(policy.includes(part), policy);
  }
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(response.headers.get('x-powered-by'), null);
});

test('only /embed may be framed, by the origins that the setting names', async () => {
  const page = await get('/');
  assert.match(page.headers.get('content-security-policy')!, /frame-ancestors 'self'$/);
  assert.equal(page.headers.get('x-frame-options'), 'SAMEORIGIN');
  const frame = await get('/embed');
  assert.match(await frame.text(), /<title>Frame/);
  assert.match(frame.headers.get('content-type')!, /^text\/html/);
  assert.match(frame.headers.get('content-security-policy')!, /frame-ancestors 'self' \*$/);
  assert.equal(frame.headers.get('x-frame-options'), null);
  const closed = await startTestService({ siteDirectory: site, embedOrigins: ['https://friend.example'] });
  const policy = (await fetch(`${closed.url}/embed`)).headers.get('content-security-policy')!;
  assert.match(policy, /frame-ancestors 'self' https:\/\/friend\.example$/);
  await closed.close();
});

test('the element loads from any origin, in the coding that the client takes', async () => {
  const coded = await get('/digit-classifier.js', { headers: { 'accept-encoding': 'gzip, br' } });
  assert.equal(coded.headers.get('content-encoding'), 'br');
  assert.match(coded.headers.get('content-type')!, /^text\/javascript/);
  assert.equal(await coded.text(), 'export const plain = true;');
  assert.equal(coded.headers.get('access-control-allow-origin'), '*');
  assert.equal(coded.headers.get('cross-origin-resource-policy'), 'cross-origin');
  const plain = await get('/digit-classifier.js', { headers: { 'accept-encoding': 'identity' } });
  assert.equal(plain.headers.get('content-encoding'), null);
  assert.match(plain.headers.get('vary')!, /Accept-Encoding/);
});

test('the bundle can be fetched, and nothing beside it', async () => {
  await writeFile(join(service.directory, 'private.txt'), 'not of the bundle');
  const manifest = await get('/model/manifest.json');
  assert.equal(((await manifest.json()) as { name: string }).name, 'row-reader');
  assert.equal(manifest.headers.get('access-control-allow-origin'), '*');
  assert.ok((await (await get('/model/model.onnx')).arrayBuffer()).byteLength > 31_000);
  for (const path of ['/model/private.txt', '/model/README.md', '/model/..%2f..%2fetc%2fpasswd', '/model/']) {
    assert.equal((await get(path)).status, 404, path);
  }
});

test("a range or condition that a file does not meet is the client's error", async () => {
  const refusal = async (path: string, headers: Record<string, string>) => {
    const response = await get(path, { headers: { 'accept-encoding': 'gzip, br', ...headers } });
    assert.equal(response.headers.get('content-type'), 'application/problem+json', path);
    // The problem is no compressed file, though the file would have been one.
    assert.equal(response.headers.get('content-encoding'), null, path);
    return { response, error: ((await response.json()) as { error: string }).error };
  };
  for (const path of ['/', '/model/model.onnx', '/digit-classifier.js']) {
    const range = await refusal(path, { range: 'bytes=99999999-' });
    assert.equal(range.response.status, 416, path);
    assert.match(range.response.headers.get('content-range')!, /^bytes \*\/\d+$/);
    const condition = await refusal(path, { 'if-match': '"another"' });
    assert.equal(condition.response.status, 412, path);
    assert.equal(
      condition.error,
      `Expected a range and conditions that ${path} meets, got Precondition Failed. Ask for all of it.`,
    );
  }
});

test('health', async () => {
  assert.equal((await get('/livez')).status, 200);
  assert.equal((await get('/readyz')).status, 200);
  assert.deepEqual(await (await get('/readyz')).json(), { status: 'ready' });
});

test('paths and methods that do not exist are problems too', async () => {
  const problem = async (path: string, init?: RequestInit) => {
    const response = await get(path, init);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    return { response, body: (await response.json()) as { status: number; error: string } };
  };
  const missing = await problem('/nowhere');
  assert.equal(missing.body.status, 404);
  assert.match(missing.body.error, /got \/nowhere\. Try POST \/predict, \/livez or \/readyz\./);
  const wrong = await problem('/predict');
  assert.equal(wrong.response.status, 405);
  assert.equal(wrong.response.headers.get('allow'), 'POST');
  assert.equal((await problem('/livez', { method: 'DELETE' })).response.status, 405);
  for (const path of ['/', '/embed', '/digit-classifier.js', '/model/model.onnx', '/docs', '/docs/']) {
    const { response, body } = await problem(path, { method: 'POST' });
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET'], path);
    assert.equal(body.error, `Expected GET for ${path}, got POST. Use GET.`);
  }
  // Behind a proxy that adds or leaves out a part of the path: there is nothing to GET either.
  for (const path of ['/nowhere', '/api/predict', '/predict/digits', '/model/nothing']) {
    const { response, body } = await problem(path, { method: 'POST' });
    assert.deepEqual([response.status, response.headers.get('allow')], [404, null], path);
    assert.match(body.error, new RegExp(`got ${path}\\. Try POST /predict`));
  }
  for (const path of ['/%E0%A4%A', '/model/%E0%A4%A']) {
    const { body } = await problem(path);
    assert.equal(body.status, 400, path);
    assert.equal(body.error, 'Expected a path, got one that does not decode. Check its % signs.', path);
  }
});

test('closing lets a request that is under way finish, and takes no new connection', async () => {
  const own = await startTestService();
  const agent = new Agent({ keepAlive: true });
  const { port } = new URL(own.url);
  const boundary = 'frontier';
  const file = greyPng(rowPicture(8));
  const start = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(start), file, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const headers = {
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'content-length': body.length,
    expect: '100-continue',
  };
  const upload = request({ port, agent, method: 'POST', path: '/predict', headers });
  const answered = new Promise<{ status: number; connection?: string; text: string }>((resolve, reject) => {
    upload.on('error', reject);
    upload.on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode!, connection: response.headers.connection, text });
    });
  });
  // The service has told that it reads the body.
  await new Promise((resolve) => upload.once('continue', resolve));
  await new Promise((resolve) => upload.write(body.subarray(0, 50), resolve));

  const closing = own.close();
  await assert.rejects(post(own, form([file])), ({ cause }) => cause.code === 'ECONNREFUSED');
  upload.end(body.subarray(50));
  const { status, connection, text } = await answered;
  assert.equal(status, 200, text);
  assert.equal(connection, 'close', 'who keeps the connection would send the next request on it');
  assert.equal(JSON.parse(text).results[0].digit, 8);
  await closing;
  agent.destroy();
});

test('a port that is taken is named', async () => {
  const { port } = new URL(service.url);
  await assert.rejects(startTestService({ port: Number(port) }), {
    code: 'unavailable',
    message: new RegExp(`^Expected a free address for 127.0.0.1:${port}, got EADDRINUSE`),
  });
});
