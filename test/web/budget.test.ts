import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { test } from 'node:test';
import { type Manifest, PRECISION_FILES } from '../../core/manifest.js';
import { smallestAsGood } from '../../core/precision.js';

const site = new URL('../../web/site/', import.meta.url);
const bundle = new URL('../../../models/default/', import.meta.url);
const bytesOf = async (file: string) => (await stat(new URL(file, site))).size;

test("the element's script is at most 25 KB gzip", async () => {
  const size = await bytesOf('digit-classifier.js.gz');
  assert.ok(size <= 25_000, `digit-classifier.js is ${size} bytes gzip`);
});

/** What a first visit to the page loads, in the coding that the service sends each in. */
const FILES = [
  'index.html',
  'style.css',
  'icon.svg',
  'page.js',
  'digit-classifier.js',
  'digit-classifier-worker.js',
  'ort-wasm-simd-threaded.wasm',
];

test('page, element, runtime and the default model are at most 3 MB', async () => {
  const manifest = JSON.parse(await readFile(new URL('manifest.json', bundle), 'utf8')) as Manifest;
  const model = manifest.files[PRECISION_FILES[smallestAsGood(manifest)]]!.bytes;
  const sizes = await Promise.all(FILES.map((file) => bytesOf(`${file}.br`)));
  const total = sizes.reduce((sum, size) => sum + size, model);
  const list = FILES.map((file, index) => `${file} ${sizes[index]}`).join(', ');
  assert.ok(total <= 3_000_000, `${total} bytes: ${list}, the model ${model}`);
});
