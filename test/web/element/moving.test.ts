import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { drawDigit, modelLoaded } from '../drawing.js';
import { inside, type Lab, startLab, toldIn, withElement } from '../lab.js';

const ONE = '<digit-classifier></digit-classifier>';

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.close());

const hasValue = (page: Page, value: string) =>
  page.waitForFunction((wanted) => document.querySelector('digit-classifier')?.value === wanted, value);

test('an element that moves in the page keeps its answer and tells it once; another model reads anew', async () => {
  const page = await lab.open(ONE);
  await drawDigit(page, 7);
  await hasValue(page, '7');
  const before = await toldIn(page);
  await withElement(page, (element) => {
    const section = document.createElement('section');
    document.body.append(section);
    section.append(element);
  });
  await modelLoaded(page);
  await page.waitForTimeout(500);
  assert.deepEqual(await toldIn(page), before);
  assert.equal(await withElement(page, (element) => element.value), '7');
  await page.route('**/other/**', (route) =>
    route.continue({ url: route.request().url().replace('/other/', '/model/') }),
  );
  await withElement(page, (element) => {
    element.src = '/other/';
  });
  await page.waitForFunction(
    (length) => (globalThis as unknown as { told: unknown[] }).told.length > length,
    before.length,
  );
  assert.deepEqual((await toldIn(page)).slice(before.length), [
    { type: 'digit-input', text: '7' },
    { type: 'digit-change', text: '7' },
  ]);
  await page.context().close();
});

test('an element that moves while its drawing is read is asked once', async () => {
  const page = await lab.open(ONE);
  const asked = await withElement(page, async (element) => {
    let asked = 0;
    let goOn = () => {};
    const post = Worker.prototype.postMessage as (this: Worker, message: unknown, options: unknown) => void;
    Worker.prototype.postMessage = function (message: unknown, options: unknown) {
      asked++;
      goOn = () => post.call(this, message, options);
    };
    const heard = (type: 'digit-load' | 'digit-change') =>
      new Promise((resolve) => element.addEventListener(type, () => setTimeout(resolve), { once: true }));
    element.formStateRestoreCallback('[[500,200,1000,500,500,1000,500,800,1000]]');
    const isBack = heard('digit-load');
    await Promise.resolve();
    const section = document.createElement('section');
    document.body.append(section);
    section.append(element);
    await isBack;
    const isTold = heard('digit-change');
    goOn();
    await isTold;
    return asked;
  });
  assert.equal(asked, 1);
  await page.context().close();
});

test('a drawing whose answer a model before still owes when it is let go is read by the one in its place', async () => {
  const page = await lab.open(ONE);
  await page.route('**/other/**', (route) =>
    route.continue({ url: route.request().url().replace('/other/', '/model/') }),
  );
  await withElement(page, (element) => {
    const post = Worker.prototype.postMessage as (this: Worker, message: unknown, options: unknown) => void;
    const isAsked = new Promise<void>((resolve) => {
      // As one that takes longer than it is waited for.
      Worker.prototype.postMessage = () => {
        Worker.prototype.postMessage = post;
        resolve();
      };
    });
    element.formStateRestoreCallback('[[500,200,1000,500,800,1000]]');
    return isAsked;
  });
  await withElement(page, (element) => {
    element.src = '/other/';
  });
  await hasValue(page, '1');
  assert.deepEqual(
    (await toldIn(page)).filter(({ code }) => code),
    [],
  );
  await page.context().close();
});

test('what was drawn while the model was away is read once the element is back, and there is one', async () => {
  const page = await lab.open(ONE);
  await withElement(page, (element) => {
    element.remove();
    element.formStateRestoreCallback('[[500,200,1000,500,800,1000]]');
    document.body.append(element);
  });
  await hasValue(page, '1');
  await page.context().close();
});

/** How the element looks, by what only its style sheet says. */
const looks = (page: Page, where: 'page' | 'frame') =>
  page.evaluate((place) => {
    const window = place === 'page' ? globalThis : document.querySelector('iframe')!.contentWindow!;
    const element = window.document.querySelector('digit-classifier')!;
    const ink = element.shadowRoot!.querySelector('.ink')!;
    return [window.getComputedStyle(element).display, window.getComputedStyle(ink).position];
  }, where);
const STYLED = ['block', 'absolute'];

test('in the document of a frame the element looks and reads as in the page, whether it moved there or began there', async () => {
  const page = await lab.open(ONE);
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await withElement(page, async (element) => {
    const frame = document.createElement('iframe');
    Object.assign(frame, { width: '600', height: '900' });
    // Firefox lays another document into it as it loads.
    const isLoaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await isLoaded;
    frame.contentDocument!.body.append(element);
  });
  assert.deepEqual(await looks(page, 'frame'), STYLED);
  const box = await page.evaluate(() => {
    const frame = document.querySelector('iframe')!;
    const element = frame.contentDocument!.querySelector('digit-classifier')!;
    const around = frame.getBoundingClientRect();
    const { left, top, width, height } = element.shadowRoot!.querySelector('.ink')!.getBoundingClientRect();
    return { x: around.left + left, y: around.top + top, width, height };
  });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 8 });
  await page.mouse.up();
  await page.waitForFunction(() => {
    const { contentDocument } = document.querySelector('iframe')!;
    return contentDocument!.querySelector('digit-classifier')!.value === '1';
  });
  await page.evaluate(() => {
    const { body } = document.querySelector('iframe')!.contentDocument!;
    document.body.prepend(body.querySelector('digit-classifier')!);
    body.append(document.createElement('digit-classifier'));
  });
  assert.deepEqual(await looks(page, 'frame'), STYLED);
  assert.deepEqual(await looks(page, 'page'), STYLED);
  assert.equal(await withElement(page, (element) => element.value), '1');
  // A document that no window shows, such as a parsed one.
  await withElement(page, (element) => {
    document.implementation.createHTMLDocument().body.append(element);
    document.body.prepend(element);
  });
  assert.deepEqual(await looks(page, 'page'), STYLED);
  await inside(page, 'canvas.ink').waitFor();
  assert.deepEqual(errors, []);
  await page.context().close();
});
