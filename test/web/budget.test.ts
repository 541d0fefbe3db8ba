import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';

const site = new URL('../../web/site/', import.meta.url);
const bytesOf = async (file: string) => (await stat(new URL(file, site))).size;

test("the element's script is at most 25 KB gzip", async () => {
  const size = await bytesOf('digit-classifier.js.gz');
  assert.ok(size <= 25_000, `digit-classifier.js is ${size} bytes gzip`);
});

test('all that the first prediction needs but the bundle is at most 2.4 MB brotli, which leaves 600 kB for the bundle', async () => {
  const files = [
    'index.html',
    'style.css',
    'icon.svg',
    'page.js',
    'digit-classifier.js',
    'digit-classifier-worker.js',
    'ort-wasm-simd-threaded.wasm',
  ];
  const sizes = await Promise.all(files.map((file) => bytesOf(`${file}.br`)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  assert.ok(
    total <= 2_400_000,
    `${total} bytes: ${files.map((file, i) => `${file} ${sizes[i]}`).join(', ')}`,
  );
});
