import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { cachedModel, createAnswerCache } from '../../../serve/models/answer-cache.js';
import type { LoadedModel } from '../../../serve/models/models.js';
import { greyImage, rowPicture } from '../pictures.js';
import { type CountedModel, startCountedModel } from '../predict/counted-model.js';

let model: CountedModel;
before(async () => {
  model = await startCountedModel();
});
after(() => model.close());
beforeEach(() => {
  model.runs.length = 0;
});

const pictures = (...digits: number[]) => digits.map((digit) => greyImage(rowPicture(digit)));
const read = async (from: LoadedModel, ...digits: number[]) =>
  (await from.run('one', pictures(...digits))).output.map(({ digit }) => digit);

test('only pictures that are new are computed, and all are answered in order', async () => {
  const cached = cachedModel(model, createAnswerCache(100));
  assert.deepEqual(await read(cached, 1, 2, 3), [1, 2, 3]);
  assert.deepEqual(await read(cached, 7, 3, 8, 1), [7, 3, 8, 1]);
  assert.deepEqual(model.runs, [3, 2]);
});

test('an answer from the cache is the answer, and took no time', async () => {
  const cached = cachedModel(model, createAnswerCache(100));
  const { output } = await cached.run('one', pictures(4));
  assert.deepEqual(await cached.run('one', pictures(4)), {
    output,
    queueMilliseconds: 0,
    preprocessMilliseconds: 0,
    inferenceMilliseconds: 0,
  });
  assert.deepEqual(model.runs, [1]);
});

test('kind, size and bundle are told apart', async () => {
  const cache = createAnswerCache(100);
  const cached = cachedModel(model, cache);
  const values = rowPicture(5);
  await cached.run('one', [greyImage(values, 28, 28)]);
  await cached.run('one', [greyImage(values, 14, 56)]);
  await cached.run('many', [greyImage(values, 28, 28)]);
  const { calibration } = model.manifest;
  const manifest = { ...model.manifest, calibration: { ...calibration, temperature: 2 } };
  const recalibrated = cachedModel({ ...model, manifest }, cache);
  await recalibrated.run('one', [greyImage(values, 28, 28)]);
  assert.deepEqual(model.runs, [1, 1, 1, 1]);
});

test('beyond its entries the longest unused is forgotten', async () => {
  const cached = cachedModel(model, createAnswerCache(2));
  for (const digit of [1, 2, 1, 3, 1, 2]) await read(cached, digit);
  assert.equal(model.runs.length, 4, '1, 2, 3, and 2 again');
});

test('a large picture is not hashed, and answered all the same', async () => {
  const cache = createAnswerCache(10);
  const cached = cachedModel(model, cache);
  const large = () => greyImage(new Uint8Array(1001 * 1000).fill(255), 1001, 1000);
  for (const _ of [1, 2]) assert.equal((await cached.run('one', [large()])).output[0]!.reason, 'blank');
  assert.deepEqual([model.runs.length, cache.size], [2, 0]);
});
