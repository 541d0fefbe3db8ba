import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import type { DigitClassifierElement } from '../../../web/element/digit-classifier-element.js';
import { inChromium } from '../browser.js';
import { padOf } from '../drawing.js';
import { inside, type Lab, startLab, toldIn, withElement } from '../lab.js';

const ONE = '<digit-classifier></digit-classifier>';
/** What draws and reads nothing. */
const PAD = '<digit-classifier src="/nothing/"></digit-classifier>';
const BY_PROTOCOL = inChromium('touches, pens and screens are made by its own protocol');

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.close());

/** How many there are; it takes them back. */
const strokesIn = (page: Page): Promise<number> =>
  withElement(page, (element) => {
    const undo = element.shadowRoot!.querySelector<HTMLButtonElement>('button.undo')!;
    let strokes = 0;
    for (; !undo.disabled; strokes++) element.undo();
    return strokes;
  });

/** A place on the pad, 0 to 1 from its left and top, as the page counts. */
async function placeOn(page: Page, x: number, y: number): Promise<{ x: number; y: number }> {
  const box = (await padOf(page).boundingBox())!;
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

async function touch(session: CDPSession, page: Page): Promise<void> {
  for (const [type, y] of [
    ['touchStart', 0.6],
    ['touchMove', 0.8],
  ] as const) {
    const touchPoints = [await placeOn(page, 0.7, y)];
    await session.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}

async function writeByPen(session: CDPSession, page: Page): Promise<void> {
  for (const [type, y] of [
    ['mousePressed', 0.2],
    ['mouseMoved', 0.5],
    ['mouseReleased', 0.5],
  ] as const) {
    await session.send('Input.dispatchMouseEvent', {
      type,
      ...(await placeOn(page, 0.4, y)),
      button: 'left',
      buttons: type === 'mouseReleased' ? 0 : 1,
      clickCount: 1,
      pointerType: 'pen',
    });
  }
}

test('a touch that the browser calls off leaves no stroke', BY_PROTOCOL, async () => {
  const page = await lab.open(PAD, { hasTouch: true });
  const session = await page.context().newCDPSession(page);
  await touch(session, page);
  await session.send('Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] });
  assert.equal(await strokesIn(page), 0);
  await touch(session, page);
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  assert.equal(await strokesIn(page), 1);
  await page.context().close();
});

test(
  'a pen writes while a hand rests on the pad, and what the hand drew is taken back',
  BY_PROTOCOL,
  async () => {
    const page = await lab.open(PAD, { hasTouch: true });
    const session = await page.context().newCDPSession(page);
    await touch(session, page);
    await writeByPen(session, page);
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    const state = await withElement(page, async (element) => {
      const bitmap = await createImageBitmap((await element.toBlob())!);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const isInk = (x: number, y: number) =>
        context.getImageData(x * bitmap.width, y * bitmap.height, 1, 1).data[3]! > 0;
      return { pen: isInk(0.4, 0.35), hand: isInk(0.7, 0.7) };
    });
    assert.deepEqual(state, { pen: true, hand: false });
    assert.equal(await strokesIn(page), 1);
    await page.context().close();
  },
);

for (const barrier of ['disabled', 'readOnly'] as const) {
  test(`a page that sets ${barrier} under a pen has the drawing as it was by then, and its answer`, async () => {
    const page = await lab.open(ONE);
    const at = async (x: number, y: number) => {
      const place = await placeOn(page, x, y);
      await page.mouse.move(place.x, place.y, { steps: 5 });
    };
    await at(0.5, 0.2);
    await page.mouse.down();
    await at(0.5, 0.6);
    const png = () =>
      withElement(page, async (element) => {
        const bytes = new Uint8Array(await (await element.toBlob())!.arrayBuffer());
        return [...bytes].join();
      });
    await page.locator('digit-classifier').evaluate((element: DigitClassifierElement, name) => {
      element[name] = true;
    }, barrier);
    const then = await png();
    await at(0.9, 0.9);
    assert.equal(await png(), then);
    await page.waitForFunction(() =>
      (globalThis as unknown as { told: { type: string }[] }).told.some(
        ({ type }) => type === 'digit-change',
      ),
    );
    await page.mouse.up();
    assert.equal(await png(), then);
    assert.equal((await toldIn(page)).filter(({ type }) => type === 'digit-change').length, 1);
    await page.context().close();
  });
}

test('Space that is held scrolls no page, and puts the pen down once', async () => {
  const page = await lab.open(PAD);
  await inside(page, 'canvas.ink').focus();
  const outcome = await withElement(page, (element) => {
    const ink = element.shadowRoot!.querySelector('.ink')!;
    const status = element.shadowRoot!.querySelector('[role=status]')!;
    return [false, true, true].map((repeat) => {
      const event = new KeyboardEvent('keydown', { key: ' ', repeat, cancelable: true });
      ink.dispatchEvent(event);
      return [event.defaultPrevented, status.textContent];
    });
  });
  assert.deepEqual(outcome, Array(3).fill([true, 'Pen down']));
  await page.context().close();
});

test(
  'a drawing is painted anew at the resolution of another screen, its size the same',
  BY_PROTOCOL,
  async () => {
    const page = await lab.open(PAD);
    await withElement(page, (element) => {
      element.style.width = '400px';
    });
    const isSharp = (ratio: number) =>
      page.waitForFunction((wanted) => {
        const ink = document
          .querySelector('digit-classifier')!
          .shadowRoot!.querySelector<HTMLCanvasElement>('.ink')!;
        return devicePixelRatio === wanted && ink.width === Math.round(ink.clientWidth * wanted);
      }, ratio);
    const session = await page.context().newCDPSession(page);
    for (const deviceScaleFactor of [1, 2, 1.5]) {
      const screen = { width: 1280, height: 720, deviceScaleFactor, mobile: false };
      await session.send('Emulation.setDeviceMetricsOverride', screen);
      await isSharp(deviceScaleFactor);
    }
    await page.context().close();
  },
);
