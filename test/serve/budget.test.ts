import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Budget } from '../../serve/budget.js';
import { blackPng } from './pictures/files.js';
import { greyPng, rowPicture } from './pictures.js';
import { form, post, startTestService } from './service.js';

test('requests share the budget, and give back what they held', () => {
  const budget = new Budget(100, 'pixels');
  const [first, second] = [budget.open(), budget.open()];
  first.add(60);
  second.add(40);
  assert.throws(() => second.add(1), { code: 'unavailable', message: /^Expected at most 100 pixels in all/ });
  assert.equal(budget.held, 100);
  first.release();
  first.release();
  assert.equal(budget.held, 40);
  second.add(60);
  second.release();
  assert.equal(budget.held, 0);
});

test('one request alone may hold more, and nobody beside it', () => {
  const budget = new Budget(100, 'pixels');
  const [large, other] = [budget.open(), budget.open()];
  large.add(90);
  large.add(90);
  assert.throws(() => other.add(1), { code: 'unavailable' });
  large.release();
  other.add(1);
  assert.equal(budget.held, 1);
});

test('pictures that are small as files and large once decoded are refused together, and served one by one', async () => {
  const side = 400;
  const service = await startTestService({ queuedPixels: 4 * side * side });
  try {
    const four = new Array(4).fill(blackPng(side, side));
    const digit = greyPng(rowPicture(3));
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(service, form(four))));
    const statuses = new Set(answers.map(({ status }) => status));
    assert.deepEqual([...statuses].sort(), [200, 503]);
    // All of it is given back, by answers and refusals alike.
    for (const files of [four, [digit]]) assert.equal((await post(service, form(files))).status, 200);
  } finally {
    await service.close();
  }
});

test('bodies share a budget while they arrive, whichever way they take, and give back what they held', async () => {
  // Four bytes a pixel: 100,000 in all.
  const service = await startTestService({ queuedPixels: 25_000 });
  // So small that it arrives whole: half of it would be in the way of the upload that it is to be refused for.
  const plain: RequestInit = { body: new Uint8Array(30_000) };
  const zipped: RequestInit = {
    body: new Uint8Array(gzipSync(new Uint8Array(60_000))),
    headers: { 'content-encoding': 'gzip' },
  };
  const send = async (path: string, init = plain) => {
    const response = await fetch(`${service.url}${path}`, { method: 'POST', ...init });
    return { status: response.status, text: await response.text() };
  };
  const until = async (expected: number) => {
    for (let waited = 0; (await send('/predict')).status !== expected; waited += 10) {
      assert.ok(waited < 5000, `no ${expected} within 5 s`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  try {
    const { port } = new URL(service.url);
    const upload = request({ port, method: 'POST', path: '/predict', headers: { 'content-length': 90_000 } });
    upload.on('error', () => {}).write(Buffer.alloc(80_000));
    await until(503);
    const requests: [path: string, init: RequestInit][] = [
      ['/predict', plain],
      ['/v2/models/row-reader/infer', plain],
      // A hundred bytes that become as many.
      ['/v2/models/row-reader/infer', zipped],
      ['/v2/repository/index', plain],
    ];
    for (const [path, init] of requests) {
      const { status, text } = await send(path, init);
      assert.match(text, /Expected at most 100000 bytes in all for the requests under way, got more\./);
      assert.equal(status, 503, path);
    }
    upload.destroy();
    await until(415);
    assert.equal((await send('/v2/models/row-reader/infer', zipped)).status, 400);
  } finally {
    await service.close();
  }
});
