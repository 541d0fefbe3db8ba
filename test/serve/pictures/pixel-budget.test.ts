import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PixelBudget } from '../../../serve/pictures/pixel-budget.js';
import { greyPng, rowPicture } from '../pictures.js';
import { form, post, startTestService } from '../service.js';
import { blackPng } from './files.js';

test('requests share the budget, and give back what they held', () => {
  const budget = new PixelBudget(100);
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
  const budget = new PixelBudget(100);
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
