import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { inChromium } from '../browser.js';
import { inside, type Lab, startLab, toldIn, withElement } from '../lab.js';

const ONE = '<digit-classifier></digit-classifier>';
const FAKE_CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const BY_POLICY = inChromium('it has no Permissions-Policy, and tells of none');

let lab: Lab;
before(async () => {
  lab = await startLab({
    switches: FAKE_CAMERA,
    extend(app) {
      app.get('/lab', (request, response, next) => {
        if (String(request.query.body).includes('data-no-camera'))
          response.set('Permissions-Policy', 'camera=()');
        next();
      });
    },
  });
});
after(() => lab?.close());

/** Has the page count the cameras that it turns on. */
const countCameras = (page: Page) =>
  page.evaluate(() => {
    const streams: MediaStream[] = [];
    const devices = navigator.mediaDevices;
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      const stream = await open(wanted);
      streams.push(stream);
      return stream;
    };
    Object.assign(globalThis, { streams });
  });

/** How many are on. */
const liveCameras = (page: Page) =>
  page.evaluate(
    () =>
      (globalThis as unknown as { streams: MediaStream[] }).streams
        .flatMap((stream) => stream.getTracks())
        .filter(({ readyState }) => readyState === 'live').length,
  );

/** As a browser does with a tab behind another; one without a window shows all of its tabs. */
const setHidden = (page: Page, isHidden: boolean) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);

const lastTold = async (page: Page) => (await toldIn(page)).at(-1);

test('the camera is seen, takes one picture, and is off afterwards; Escape, readonly and disabled turn it off as well', async () => {
  const page = await lab.open(ONE);
  await countCameras(page);
  const live = () => liveCameras(page);
  await inside(page, 'button.camera').click();
  await inside(page, 'video').waitFor({ state: 'visible' });
  assert.equal(await live(), 1);
  await inside(page, 'button.take').click();
  await inside(page, 'canvas.picture').waitFor({ state: 'visible' });
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.result?.source === 'picture');
  assert.equal(await live(), 0);
  await inside(page, 'button.camera').press('Enter');
  await inside(page, 'video').waitFor({ state: 'visible' });
  assert.equal(await withElement(page, (element) => element.shadowRoot!.activeElement?.className), 'take');
  await page.keyboard.press('Escape');
  assert.equal(await live(), 0);
  assert.equal(await withElement(page, (element) => element.shadowRoot!.activeElement?.className), 'camera');
  for (const barrier of ['readonly', 'disabled']) {
    await inside(page, 'button.camera').click();
    await inside(page, 'video').waitFor({ state: 'visible' });
    await page
      .locator('digit-classifier')
      .evaluate((element, name) => element.toggleAttribute(name), barrier);
    assert.equal(await live(), 0, barrier);
    assert.equal(await inside(page, 'video').isVisible(), false);
    await page
      .locator('digit-classifier')
      .evaluate((element, name) => element.toggleAttribute(name), barrier);
  }
  await inside(page, 'button.camera').click();
  await inside(page, 'video').waitFor({ state: 'visible' });
  await withElement(page, (element) => element.remove());
  assert.equal(await live(), 0);
  await page.context().close();
});

test('the camera goes off with a dialog around that the page closes, and when what is around is not shown', async () => {
  const page = await lab.open(
    `<dialog>${ONE}</dialog>`.replace('<digit-classifier', '<digit-classifier src="/nothing/"'),
  );
  const hide: ((dialog: HTMLDialogElement) => void)[] = [
    (dialog) => dialog.close(),
    (dialog) => {
      dialog.style.display = 'none';
    },
  ];
  for (const away of hide) {
    await page.locator('dialog').evaluate((dialog: HTMLDialogElement) => {
      dialog.style.display = '';
      if (!dialog.open) dialog.showModal();
    });
    await inside(page, 'button.camera').click();
    await inside(page, 'video').waitFor({ state: 'visible' });
    await withElement(page, (element) => {
      const { srcObject } = element.shadowRoot!.querySelector('video')!;
      Object.assign(globalThis, { track: (srcObject as MediaStream).getTracks()[0] });
    });
    await page.locator('dialog').evaluate(away);
    await page.waitForFunction(
      () => (globalThis as unknown as { track: MediaStreamTrack }).track.readyState === 'ended',
    );
  }
  await page.context().close();
});

test('the camera is off while the page is hidden, and comes back with it unless it was closed', async () => {
  const page = await lab.open(ONE);
  await countCameras(page);
  const video = inside(page, 'video');
  await inside(page, 'button.camera').press('Enter');
  await video.waitFor({ state: 'visible' });
  await setHidden(page, true);
  assert.equal(await liveCameras(page), 0);
  await setHidden(page, false);
  await video.waitFor({ state: 'visible' });
  assert.equal(await liveCameras(page), 1);
  assert.equal(await withElement(page, (element) => element.shadowRoot!.activeElement?.className), 'take');
  await setHidden(page, true);
  await page.keyboard.press('Escape');
  await setHidden(page, false);
  await inside(page, 'button.camera').waitFor({ state: 'visible' });
  assert.deepEqual([await liveCameras(page), await video.isVisible()], [0, false]);
  assert.deepEqual(
    (await toldIn(page)).filter(({ code }) => code),
    [],
  );
  await page.context().close();
});

test('a camera that comes while the page is hidden is off until the page is seen, and is asked for once until then', async () => {
  const page = await lab.open(ONE);
  await countCameras(page);
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    const isAllowed = new Promise<void>((resolve) => Object.assign(globalThis, { allow: resolve }));
    mediaDevices.getUserMedia = (wanted) => isAllowed.then(() => open(wanted));
  });
  await inside(page, 'button.camera').click();
  // Twice, so that the person sees the page once while the browser still asks.
  for (const isHidden of [true, false, true]) await setHidden(page, isHidden);
  await page.evaluate(() => (globalThis as unknown as { allow(): void }).allow());
  const counts = () =>
    page.evaluate(() => (globalThis as unknown as { streams: MediaStream[] }).streams.length);
  await page.waitForFunction(() => {
    const { streams } = globalThis as unknown as { streams: MediaStream[] };
    return streams.length === 1 && streams.every(({ active }) => !active);
  });
  await setHidden(page, false);
  await inside(page, 'video').waitFor({ state: 'visible' });
  assert.deepEqual([await counts(), await liveCameras(page)], [2, 1]);
  await page.context().close();
});

test('Escape turns off the camera in a dialog, and only then closes the dialog', async () => {
  const page = await lab.open(
    `<dialog>${ONE}</dialog>`.replace('<digit-classifier', '<digit-classifier src="/nothing/"'),
  );
  const isOpen = () => page.locator('dialog').evaluate((dialog: HTMLDialogElement) => dialog.open);
  await page.locator('dialog').evaluate((dialog: HTMLDialogElement) => dialog.showModal());
  await inside(page, 'button.camera').press('Enter');
  await inside(page, 'video').waitFor({ state: 'visible' });
  await page.keyboard.press('Escape');
  await inside(page, 'video').waitFor({ state: 'hidden' });
  assert.equal(await isOpen(), true);
  await page.keyboard.press('Escape');
  assert.equal(await isOpen(), false);
  await page.context().close();
});

test('a camera that is refused, absent or out of reach is said, and told by a code', async () => {
  for (const [name, code, words] of [
    ['NotAllowedError', 'forbidden', 'got a refusal'],
    ['NotFoundError', 'not-found', 'got a device that has none'],
    ['NotReadableError', 'unavailable', 'got one that another program uses'],
  ] as const) {
    const page = await lab.open(ONE);
    // The real browser's refusals differ by what the machine has; the names are the standard's.
    await page.evaluate((refusal) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', refusal));
    }, name);
    await inside(page, 'button.camera').click();
    await inside(page, '[role=alert]').getByText('No picture from the camera.').waitFor();
    await inside(page, '[role=alert]').getByText(words).waitFor();
    assert.deepEqual(await lastTold(page), { type: 'digit-error', code });
    assert.equal(await inside(page, 'button.camera').isVisible(), true);
    await page.context().close();
  }
});

test(
  'where a policy of the page forbids the camera it is not the person who is told to allow it',
  BY_POLICY,
  async () => {
    const page = await lab.open('<digit-classifier src="/nothing/" data-no-camera></digit-classifier>');
    await inside(page, 'button.camera').click();
    await inside(page, '[role=alert]').getByText('got a page policy that forbids it').waitFor();
    await page.context().close();
  },
);

test('a picture that the camera does not give is said, and told by a code', async () => {
  const page = await lab.open(ONE);
  await inside(page, 'button.camera').click();
  await inside(page, 'video').waitFor({ state: 'visible' });
  await page.evaluate(() => {
    globalThis.createImageBitmap = () => Promise.reject(new DOMException('no frame', 'InvalidStateError'));
  });
  await inside(page, 'button.take').click();
  await inside(page, '[role=alert]').getByText('No picture from the camera.').waitFor();
  await inside(page, '[role=alert]').getByText('got no frame').waitFor();
  assert.deepEqual(await lastTold(page), { type: 'digit-error', code: 'unavailable' });
  assert.equal(await inside(page, 'video').isVisible(), false);
  await page.context().close();
});
