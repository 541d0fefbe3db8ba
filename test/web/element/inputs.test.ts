import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { isFirefox } from '../browser.js';
import { answerOf, drawDigit, modelLoaded } from '../drawing.js';
import { inside, type Lab, startLab, toldIn, withElement } from '../lab.js';

const ONE = '<digit-classifier></digit-classifier>';

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.close());

test('the keyboard alone draws a 1, takes it back and clears it', async () => {
  const page = await lab.open(ONE);
  await page.keyboard.press('Tab');
  const press = async (key: string, times: number) => {
    for (let time = 0; time < times; time++) await page.keyboard.press(key);
  };
  await press('ArrowRight', 1);
  assert.equal(await inside(page, '.cursor').isVisible(), true);
  await press(' ', 1);
  await inside(page, '[role=status]').getByText('Pen down').waitFor({ state: 'attached' });
  await press('ArrowDown', 15);
  await press(' ', 1);
  await answerOf(page).getByText('1').waitFor();
  await page.keyboard.press('Control+z');
  await inside(page, 'text=Nothing there').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await inside(page, '.cursor').isVisible(), false);
  await page.context().close();
});

test("a stroke that is taken away under the keyboard's pen lifts it, and the next one is drawn", async () => {
  const page = await lab.open(ONE);
  const status = (text: string) =>
    inside(page, '[role=status]').getByText(text).waitFor({ state: 'attached' });
  await inside(page, 'canvas.ink').focus();
  const takers: (() => Promise<unknown>)[] = [
    () => page.keyboard.press('Backspace'),
    () => withElement(page, (element) => element.clear()),
  ];
  for (const take of takers) {
    await page.keyboard.press(' ');
    await status('Pen down');
    await take();
    await status('Pen up');
  }
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press(' ');
  await status('Pen down');
  for (let time = 0; time < 15; time++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press(' ');
  await answerOf(page).getByText('1').waitFor();
  await page.keyboard.press('Backspace');
  // A mouse takes the pen over, and draws on.
  await page.keyboard.press(' ');
  await drawDigit(page, 7);
  await answerOf(page).getByText('7').waitFor();
  await page.context().close();
});

test('of an answer that was to be spoken as the pen went down again nothing is spoken', async () => {
  const page = await lab.open(ONE);
  await withElement(page, (element) => {
    element.addEventListener(
      'digit-change',
      () => {
        // Nor does the answer to the next stroke take its place.
        Worker.prototype.postMessage = () => {};
        const event = new KeyboardEvent('keydown', { key: ' ', cancelable: true });
        element.shadowRoot!.querySelector('.ink')!.dispatchEvent(event);
      },
      { once: true },
    );
  });
  await drawDigit(page, 1);
  const status = inside(page, '[role=status]');
  await status.getByText('Pen down').waitFor({ state: 'attached' });
  // Longer than an answer rests before it is spoken.
  await page.waitForTimeout(1000);
  assert.match((await status.textContent())!, /^Pen down/);
  await page.context().close();
});

test('Control Z takes a stroke back in whatever layout, with Caps Lock as well; with Shift it does not', async () => {
  const page = await lab.open(ONE);
  for (const [key, code, shiftKey, isUndone] of [
    ['z', 'KeyZ', false, true],
    ['Z', 'KeyZ', false, true],
    ['я', 'KeyZ', false, true],
    ['z', 'KeyY', false, true],
    ['y', 'KeyZ', false, false],
    ['Z', 'KeyZ', true, false],
  ] as const) {
    const found = await withElement(page, async (element) => {
      element.clear();
      element.formStateRestoreCallback('[[500,200,1000,500,800,1000]]');
      return (await element.toBlob()) !== null;
    });
    assert.equal(found, true);
    const left = await page.evaluate(
      async (init) => {
        const element = document.querySelector('digit-classifier')!;
        const event = new KeyboardEvent('keydown', { ...init, ctrlKey: true, cancelable: true });
        element.shadowRoot!.querySelector('.ink')!.dispatchEvent(event);
        return [event.defaultPrevented, (await element.toBlob()) === null];
      },
      { key, code, shiftKey },
    );
    assert.deepEqual(left, [isUndone, isUndone], `${key} of ${code}${shiftKey ? ' with Shift' : ''}`);
  }
  await page.context().close();
});

test('who clears or takes back by keyboard goes on at the pad, or where pictures are opened', async () => {
  const page = await lab.open(ONE);
  const focused = () => withElement(page, (element) => element.shadowRoot!.activeElement?.className);
  for (const tool of ['clear', 'undo']) {
    await drawDigit(page, 1);
    await inside(page, `button.${tool}`).focus();
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'ink', tool);
  }
  await withElement(page, (element) => {
    element.mode = 'upload';
    element.value = '7';
  });
  await inside(page, 'button.clear').focus();
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'open');
  await page.context().close();
});

test('mode says which ways there are: no pad for upload, no pictures for draw', async () => {
  const page = await lab.open('<digit-classifier mode="upload"></digit-classifier>');
  assert.deepEqual(await buttons(page), ['Clear', 'Open picture', 'Camera']);
  assert.doesNotMatch((await wordsOf(page)).join('\n'), /draw/i);
  await drawDigit(page, 0);
  assert.equal(await withElement(page, (element) => element.toBlob()), null);
  await withElement(page, (element) => {
    element.mode = 'draw';
  });
  assert.deepEqual(await buttons(page), ['Undo', 'Clear']);
  await drawDigit(page, 0);
  await answerOf(page).getByText('0').waitFor();
  await page.context().close();
});

const buttons = (page: Page) =>
  withElement(page, (element) =>
    [...element.shadowRoot!.querySelectorAll('.tools button')]
      .filter((button) => button.checkVisibility())
      .map(({ textContent }) => textContent),
  );

/** What stands in the answer's place, and what a form says of an element without a value. */
const wordsOf = (page: Page) =>
  withElement(page, (element) => {
    element.required = true;
    return [
      element.shadowRoot!.querySelector<HTMLElement>('.headline')!.innerText,
      element.validationMessage,
    ];
  });

test('while somebody draws digit-input tells; digit-change comes once, when the pen is lifted', async () => {
  const page = await lab.open(ONE);
  const pad = inside(page, 'canvas.ink');
  const box = (await pad.boundingBox())!;
  const at = (y: number) => [box.x + box.width / 2, box.y + y * box.height] as const;
  await page.mouse.move(...at(0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.8), { steps: 10 });
  await page.waitForFunction(() => (globalThis as unknown as { told: unknown[] }).told.length > 0);
  assert.ok((await toldIn(page)).every(({ type }) => type === 'digit-input'));
  await page.mouse.up();
  await page.waitForFunction(() =>
    (globalThis as unknown as { told: { type: string }[] }).told.some(({ type }) => type === 'digit-change'),
  );
  const told = await toldIn(page);
  assert.deepEqual(told.at(-1), { type: 'digit-change', text: '1' });
  assert.equal(told.filter(({ type }) => type === 'digit-change').length, 1);
  await page.context().close();
});

test('an element that leaves the page under a pen comes back with the stroke whole, and a pad that draws', async () => {
  const page = await lab.open(ONE);
  const box = (await inside(page, 'canvas.ink').boundingBox())!;
  const at = (y: number) => [box.x + box.width / 2, box.y + y * box.height] as const;
  await page.mouse.move(...at(0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.8), { steps: 10 });
  await withElement(page, (element) => {
    element.remove();
    Object.assign(globalThis, { element });
  });
  await page.mouse.up();
  await page.evaluate(() => {
    document.body.append((globalThis as unknown as { element: HTMLElement }).element);
  });
  await modelLoaded(page);
  const drawn = () =>
    withElement(page, async (element) => [...new Uint8Array(await (await element.toBlob())!.arrayBuffer())]);
  const before = await drawn();
  await page.mouse.move(...at(0.2));
  await page.mouse.move(box.x + 0.2 * box.width, box.y + 0.5 * box.height, { steps: 4 });
  assert.deepEqual(await drawn(), before, 'a pen that is up has drawn');
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '1');
  await withElement(page, (element) => element.clear());
  await drawDigit(page, 0);
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '0');
  await page.context().close();
});

test('a number is read digit by digit, with a box around each', async () => {
  const page = await lab.open('<digit-classifier digits="many"></digit-classifier>');
  const box = (await inside(page, 'canvas.ink').boundingBox())!;
  for (const x of [0.25, 0.5, 0.75]) {
    await page.mouse.move(box.x + x * box.width, box.y + 0.25 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + x * box.width, box.y + 0.75 * box.height, { steps: 8 });
    await page.mouse.up();
  }
  await answerOf(page).getByText('111').waitFor();
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '111');
  const centres = await withElement(page, (element) =>
    [...element.shadowRoot!.querySelectorAll('rect')].map((rect) => {
      const { left, width } = rect.getBoundingClientRect();
      const pad = element.shadowRoot!.querySelector('.ink')!.getBoundingClientRect();
      return (left + width / 2 - pad.left) / pad.width;
    }),
  );
  for (const [index, x] of [0.25, 0.5, 0.75].entries()) {
    assert.ok(Math.abs(centres[index]! - x) < 0.02, `box ${index} is at ${centres[index]}`);
  }
  await inside(page, '.chip >> nth=2').click();
  assert.equal(await inside(page, '.bars').getAttribute('aria-label'), 'Probabilities of digit 3, read as 1');
  await withElement(page, (element) => {
    element.digits = 'one';
  });
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.result?.digits === 'one');
  await page.context().close();
});

test("what is drawn takes the ink's colour, whoever changes it", async () => {
  const page = await lab.open(ONE);
  await drawDigit(page, 1);
  const painted = (red: number) =>
    page.waitForFunction((wanted) => {
      const canvas = document
        .querySelector('digit-classifier')!
        .shadowRoot!.querySelector<HTMLCanvasElement>('canvas.ink')!;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      const inked = data.findIndex((alpha, at) => at % 4 === 3 && alpha === 255);
      return data[inked - 3] === wanted;
    }, red);
  const light = 0x14;
  const dark = 0xee;
  await painted(light);
  await page.evaluate(() => {
    document.documentElement.style.colorScheme = 'dark';
  });
  await painted(dark);
  await withElement(page, (element) => {
    element.theme = 'light';
  });
  await painted(light);
  await withElement(page, (element) => element.style.setProperty('--digit-classifier-ink', '#990000'));
  await painted(0x99);
  // Firefox's protocol cannot ask for a scheme.
  if (!isFirefox) {
    await page.evaluate(() => {
      document.documentElement.style.colorScheme = 'light dark';
    });
    await withElement(page, (element) => {
      element.theme = 'auto';
      element.style.removeProperty('--digit-classifier-ink');
    });
    await painted(light);
    await page.emulateMedia({ colorScheme: 'dark' });
    await painted(dark);
  }
  await page.context().close();
});

test('a browser without light-dark() has the same colours, dark where theme says so', async () => {
  const page = await lab.open('');
  await page.evaluate((html) => {
    // There is none here; what the element makes of its sheet then is what an older one would get.
    CSS.supports = () => false;
    document.body.innerHTML = html;
  }, ONE);
  const colours = (theme: 'auto' | 'dark' | 'light') =>
    page
      .locator('digit-classifier')
      .evaluate((element: HTMLElementTagNameMap['digit-classifier'], chosen) => {
        element.theme = chosen;
        const root = element.shadowRoot!;
        const [sheet] = root.adoptedStyleSheets;
        if ([...sheet!.cssRules].some(({ cssText }) => cssText.includes('light-dark'))) return 'light-dark()';
        const { backgroundColor, borderTopColor, color } = getComputedStyle(root.querySelector('.frame')!);
        return [backgroundColor, borderTopColor, color].join(' ');
      }, theme);
  const light = 'rgb(255, 255, 255) rgb(217, 219, 215) rgb(20, 22, 26)';
  assert.equal(await colours('auto'), light);
  assert.equal(await colours('light'), light);
  assert.equal(await colours('dark'), 'rgb(25, 27, 31) rgb(51, 54, 61) rgb(238, 236, 232)');
  await withElement(page, (element) => element.style.setProperty('--digit-classifier-surface', '#990000'));
  assert.match(await colours('dark'), /^rgb\(153, 0, 0\) /);
  await page.context().close();
});

test('its words follow lang, around or on it, and texts of the page', async () => {
  const page = await lab.open(ONE);
  await page.evaluate(() => {
    document.documentElement.lang = 'zh';
  });
  await inside(page, 'text=清除').waitFor();
  await withElement(page, (element) => {
    element.lang = 'de';
    element.texts = { clear: 'Leeren' };
  });
  await inside(page, 'text=Leeren').waitFor();
  assert.equal(await inside(page, '.frame').getAttribute('lang'), 'de');
  await modelLoaded(page);
  await page.context().close();
});
