import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { preprocess } from '../../../core/preprocess.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import type { DigitReading } from '../../../web/element/events.js';
import { answerOf, drawDigit } from '../drawing.js';
import { inside, type Lab, startLab, toldIn, withElement } from '../lab.js';
import { until } from '../visit.js';

const ONE = '<digit-classifier></digit-classifier>';

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
    extend(app) {
      app.get('/digit.png', (_request, response) => {
        response.type('png').send(digit);
      });
      app.get('/cut.png', (_request, response) => {
        response.type('png').set('content-length', String(digit.length)).write(digit.subarray(0, 60));
        setTimeout(() => response.destroy(), 100);
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

test('what is gone, cut off or taken away is refused by a code as well', async () => {
  const page = await lab.open(ONE);
  const codes = await withElement(page, async (element) => {
    const gone = Object.assign(new Blob(['1']), {
      arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
    });
    const taken = new ImageData(8, 8);
    structuredClone(taken.data.buffer, { transfer: [taken.data.buffer] });
    const told: string[] = [];
    for (const source of [gone, taken, '/cut.png', 'http://[', new OffscreenCanvas(0, 0)]) {
      const ending = element.classify(source).then(
        () => 'an answer',
        ({ name, code }) => `${name} ${code}`,
      );
      told.push(await ending);
    }
    return told;
  });
  assert.deepEqual(
    codes,
    ['unavailable', 'bad-input', 'unavailable', 'unavailable', 'bad-input'].map(
      (code) => `TenfoldError ${code}`,
    ),
  );
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

test('an element that leaves the page while its picture is decoded takes no model, and reads the picture once it is back', async () => {
  const page = await lab.open(ONE);
  const told = await withElement(page, async (element) => {
    Object.assign(globalThis, { element });
    const reading = element.classify(await (await fetch('/digit.png')).blob());
    element.remove();
    return reading.then(
      () => 'an answer',
      ({ name, code }) => `${name} ${code}`,
    );
  });
  assert.equal(told, 'TenfoldError unavailable');
  await until(async () => page.workers().length === 0);
  await page.evaluate(() => {
    document.body.append((globalThis as unknown as { element: HTMLElement }).element);
  });
  await answerOf(page).getByText('7').waitFor();
  await page.context().close();
});

test('of the file chooser a page hears one click, and no input before there is an answer', async () => {
  const page = await lab.open(ONE);
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    for (const type of ['click', 'input', 'digit-change']) {
      document.addEventListener(type, () => heard.push(type));
    }
  });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    inside(page, 'button.open').click(),
  ]);
  await chooser.setFiles({ name: 'digit.png', mimeType: 'image/png', buffer: digit });
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.result);
  const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
  assert.deepEqual(heard, ['click', 'digit-change']);
  await page.context().close();
});

test('the answer to each picture is spoken, one that is the same as before as well', async () => {
  const page = await lab.open(ONE);
  await withElement(page, (element) => {
    const status = element.shadowRoot!.querySelector('[role=status]')!;
    const spoken: string[] = [];
    Object.assign(globalThis, { spoken });
    new MutationObserver(() => {
      if (status.textContent) spoken.push(status.textContent);
    }).observe(status, { childList: true });
  });
  for (const times of [1, 2]) {
    await withElement(page, async (element) => void (await element.classify('/digit.png')));
    await page.waitForFunction(
      (count) => (globalThis as unknown as { spoken: string[] }).spoken.length === count,
      times,
    );
  }
  const [first, second] = await page.evaluate(() => (globalThis as unknown as { spoken: string[] }).spoken);
  assert.equal(first, second);
  await page.context().close();
});
