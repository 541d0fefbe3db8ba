import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { preprocess } from '../../../core/preprocess.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import type { DigitReading } from '../../../web/element/events.js';
import { answerOf, drawDigit, modelLoaded } from '../drawing.js';
import { inside, type Lab, startLab, toldIn, withElement } from '../lab.js';

const ONE = '<digit-classifier></digit-classifier>';
const FAKE_CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

let lab: Lab;
let digit: Buffer;

before(async () => {
  const { images } = await loadMnistSplit('test');
  const grey = Buffer.from(images.subarray(0, INPUT_LENGTH));
  digit = await sharp(grey, { raw: { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 } })
    .negate()
    .resize(96)
    .png()
    .toBuffer();
  lab = await startLab({
    switches: FAKE_CAMERA,
    extend(app) {
      app.get('/digit.png', (_request, response) => {
        response.type('png').send(digit);
      });
    },
  });
});
after(() => lab?.close());

const lastTold = async (page: Page) => (await toldIn(page)).at(-1);

test('a file, an address, an image, a canvas, a bitmap and pixels give the model the same values as Node does', async () => {
  const { data, info } = await sharp(digit)
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const expected = [...preprocess({ width: info.width, height: info.height, data }).input];
  const page = await lab.open(ONE);
  const inputs = await withElement(page, async (element) => {
    const address = new URL('/digit.png', location.href);
    const file = await (await fetch(address)).blob();
    const image = new Image();
    image.src = address.href;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    const context = canvas.getContext('2d')!;
    context.drawImage(image, 0, 0);
    const bitmap = await createImageBitmap(image);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
    const read: { [source: string]: number[] } = {};
    for (const [name, source] of Object.entries({
      file,
      address,
      text: address.href,
      image,
      canvas,
      bitmap,
      pixels,
    })) {
      read[name] = [...((await element.classify(source)) as DigitReading).input];
      if ((await element.toBlob())!.type !== 'image/png') throw new Error(`${name} gives no PNG back`);
    }
    if (bitmap.width === 0 || pixels.data.length === 0) throw new Error('what was given was taken away');
    return read;
  });
  for (const [source, input] of Object.entries(inputs)) assert.deepEqual(input, expected, source);
  await page.context().close();
});

test('what cannot be read is refused by a code, in words, and the pad goes on', async () => {
  const page = await lab.open(ONE);
  const gif = await sharp(Buffer.alloc(8 * 16 * 3).fill(9, 0, 192), {
    raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
  })
    .gif()
    .toBuffer();
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
  const huge = Buffer.from(png);
  huge.writeUInt32BE(50_000, 16);
  huge.writeUInt32BE(50_000, 20);
  const files: [Buffer, string, string][] = [
    [Buffer.from('%PDF-1.7'), 'unsupported-media', 'It is of a kind that is not read.'],
    [gif, 'unsupported-media', 'got an animation'],
    [huge, 'too-large', 'got 50000 x 50000'],
    [digit.subarray(0, 60), 'bad-input', 'one that the browser cannot decode'],
  ];
  for (const [buffer, code, words] of files) {
    await inside(page, 'input[type=file]').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer });
    await inside(page, '[role=alert]').getByText(words).waitFor();
    assert.deepEqual(await lastTold(page), { type: 'digit-error', code });
  }
  await drawDigit(page, 0);
  await answerOf(page).getByText('0').waitFor();
  assert.equal(await inside(page, '.notice').isVisible(), false);
  await page.context().close();
});

/** Adds an element to a page without one, and gives it this file before its model is there. */
async function giveEarly(page: Page, buffer = digit): Promise<void> {
  await page.evaluate((body) => {
    document.body.innerHTML = body;
  }, ONE);
  await inside(page, 'input[type=file]').setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer });
  await inside(page, 'text=Not read yet').waitFor();
}

test('a picture whose model did not load is read once it has, and anew by the model of another src', async () => {
  const page = await lab.open('');
  await page.route('**/model/manifest.json', (route) => route.fulfill({ status: 503 }));
  await giveEarly(page);
  await inside(page, '.failure').getByText('503').waitFor();
  await page.unroute('**/model/manifest.json');
  await inside(page, '.failure button').click();
  await answerOf(page).getByText('7').waitFor();
  assert.deepEqual(await lastTold(page), { type: 'digit-change', text: '7' });
  const told = (await toldIn(page)).length;
  await withElement(page, (element) => {
    element.src = '/model/?other';
  });
  await page.waitForFunction(
    (before) => (globalThis as unknown as { told: unknown[] }).told.length > before,
    told,
  );
  assert.deepEqual((await toldIn(page)).slice(told), [{ type: 'digit-change', text: '7' }]);
  assert.equal(await withElement(page, (element) => element.value), '7');
  await page.context().close();
});

test('a file that is refused takes no answer from the picture before it', async () => {
  const page = await lab.open('');
  let goOn!: () => void;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  await page.route('**/model.onnx', (route) => held.then(() => route.continue()));
  await giveEarly(page);
  const buffer = Buffer.from('%PDF-1.7');
  await inside(page, 'input[type=file]').setInputFiles({ name: 'x', mimeType: 'image/png', buffer });
  await inside(page, '[role=alert]').getByText('It is of a kind that is not read.').waitFor();
  goOn();
  await answerOf(page).getByText('7').waitFor();
  assert.deepEqual(await lastTold(page), { type: 'digit-change', text: '7' });
  await page.context().close();
});

test('of pictures that are decoded at once the last that can be read is shown', async () => {
  const page = await lab.open(ONE);
  const shown = await withElement(page, async (element) => {
    const bytes = await (await fetch('/digit.png')).arrayBuffer();
    /** A file that is given once it is let go. */
    const slow = (name: string) => {
      const file = new File([bytes], name);
      let give!: () => void;
      file.arrayBuffer = () =>
        new Promise((resolve) => {
          give = () => resolve(bytes);
        });
      return { file, give: () => give() };
    };
    const names: string[] = [];
    for (const later of [new File(['no picture'], 'bad'), new File([bytes], 'good')]) {
      const { file, give } = slow('slow');
      const first = element.classify(file);
      await element.classify(later).catch(() => {});
      give();
      await first;
      names.push(((await element.toBlob()) as File).name);
    }
    return names;
  });
  assert.deepEqual(shown, ['slow', 'good']);
  await page.context().close();
});

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

test('the camera is seen, takes one picture, and is off afterwards; Escape, readonly and disabled turn it off as well', async () => {
  const page = await lab.open(ONE);
  await page.evaluate(() => {
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
  const live = () =>
    page.evaluate(
      () =>
        (globalThis as unknown as { streams: MediaStream[] }).streams
          .flatMap((stream) => stream.getTracks())
          .filter(({ readyState }) => readyState === 'live').length,
    );
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

test('mode says which ways there are: no pad for upload, no pictures for draw', async () => {
  const page = await lab.open('<digit-classifier mode="upload"></digit-classifier>');
  assert.deepEqual(await buttons(page), ['Clear', 'Open picture', 'Camera']);
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
