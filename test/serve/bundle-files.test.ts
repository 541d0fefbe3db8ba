import assert from 'node:assert/strict';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Manifest } from '../../core/manifest.js';
import { startTestService, type TestService } from './service.js';
import { writeTinyBundle } from './tiny-bundle.js';

let service: TestService;
before(async () => {
  service = await startTestService();
});
after(() => service.close());

// By default fetch has a condition come with `Cache-Control: no-cache`, which asks for the file whatever the condition says.
const get = (file: string, headers: Record<string, string> = {}) =>
  fetch(`${service.url}/model/${file}`, { headers, cache: 'force-cache' });
const path = (file: string) => join(service.directory, file);
const manifest = async () => JSON.parse(await readFile(path('manifest.json'), 'utf8')) as Manifest;

test('a file is the same by its hash, whatever time it bears: a bundle that is rolled back is older', async () => {
  const before = await get('model.onnx');
  const etag = before.headers.get('etag')!;
  assert.equal(etag, `"${(await manifest()).files['model.onnx']!.sha256}"`);
  assert.equal(before.headers.get('last-modified'), null);
  assert.equal((await get('model.onnx', { 'if-none-match': etag })).status, 304);
  const part = await get('model.onnx', { range: 'bytes=0-9', 'if-range': etag });
  assert.deepEqual([part.status, (await part.arrayBuffer()).byteLength], [206, 10]);

  await writeTinyBundle(service.directory, { version: '1.2.2', offset: 2 });
  for (const file of ['manifest.json', 'model.onnx']) await utimes(path(file), new Date(0), new Date(0));
  await service.reload();
  for (const file of ['manifest.json', 'model.onnx']) {
    const now = await get(file, { 'if-modified-since': new Date().toUTCString(), 'if-none-match': etag });
    assert.equal(now.status, 200, file);
  }
});

test('the manifest is the loaded one, and files of a bundle that is not loaded are not handed out', async () => {
  const versionOf = async () => ((await (await get('manifest.json')).json()) as Manifest).version;
  const loaded = await manifest();
  assert.deepEqual(await (await get('manifest.json')).json(), loaded);
  assert.equal((await get('model.onnx')).status, 200);
  await writeTinyBundle(service.directory, { version: '2', offset: 4 });
  const refused = await get('model.onnx');
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  assert.match(await refused.text(), /Expected that of the model which is loaded for model\.onnx, got /);
  assert.equal(await versionOf(), loaded.version);
  await writeFile(path('manifest.json'), '{}');
  await assert.rejects(service.reload());
  assert.equal(await versionOf(), loaded.version);
  await writeTinyBundle(service.directory, { version: '2', offset: 4 });
  await service.reload();
  assert.equal(await versionOf(), '2');
  assert.equal((await get('model.onnx')).status, 200);
});

test('pictures of the card are found where it links them', async () => {
  await mkdir(path('pictures'));
  await writeFile(path('pictures/training.png'), 'a picture');
  await writeFile(path('pictures/private.png'), 'none of the bundle');
  const { files, ...rest } = await manifest();
  const record = { bytes: 9, sha256: '0'.repeat(64) };
  await writeFile(
    path('manifest.json'),
    JSON.stringify({ ...rest, files: { ...files, 'pictures/training.png': record } }),
  );
  await service.reload();
  for (const file of ['pictures/training.png', 'pictures%2Ftraining.png']) {
    const response = await get(file);
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'image/png'], file);
  }
  for (const file of ['pictures/private.png', 'pictures/', 'pictures', 'pictures/../pictures/private.png']) {
    assert.equal((await get(file)).status, 404, file);
  }
});
