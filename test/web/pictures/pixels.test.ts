import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { preprocess } from '../../../core/preprocess.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import { PICTURES } from '../../../train/suites/pictures/index.js';
import type { DigitReading } from '../../../web/element/events.js';
import { isFirefox } from '../browser.js';
import { type Lab, startLab } from '../lab.js';

const DIGITS = 1000;
const PICTURES_EACH = 14;
/** Files that go to the browser in one message. */
const BATCH = 40;

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.close());

const isHalfTransparent = (rgba: Uint8Array | Uint8ClampedArray) =>
  rgba.some((value, at) => at % 4 === 3 && value !== 0 && value !== 255);

const hash = (values: Float32Array) =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');

test('1,000 test digits and 210 larger pictures, half transparent ones too, give the model the same float32 values in the browser as in Node', async (context) => {
  const digits = await loadMnistSplit('test');
  const files: Buffer[] = [];
  const expected: string[] = [];
  const halfTransparent = new Set<number>();
  for (let index = 0; index < DIGITS; index++) {
    const grey = Buffer.from(digits.images.subarray(index * INPUT_LENGTH, (index + 1) * INPUT_LENGTH));
    const options = { raw: { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 } } as const;
    files.push(await sharp(grey, options).png().toBuffer());
    const data = Uint8Array.from({ length: INPUT_LENGTH * 4 }, (_, at) =>
      at % 4 === 3 ? 255 : grey[at >> 2]!,
    );
    expected.push(hash(preprocess({ width: INPUT_SIDE, height: INPUT_SIDE, data }).input));
  }
  for (const suite of Object.values(PICTURES)) {
    for (let index = 0; index < PICTURES_EACH; index++) {
      const { width, height, data } = (await suite.make(digits, index)).picture;
      if (isHalfTransparent(data)) halfTransparent.add(files.length);
      files.push(
        await sharp(data, { raw: { width, height, channels: 4 } })
          .png()
          .toBuffer(),
      );
      expected.push(hash(preprocess({ width, height, data }).input));
    }
  }
  assert.ok(
    files.length >= 1200 && halfTransparent.size >= PICTURES_EACH,
    `${files.length}, ${halfTransparent.size}`,
  );
  const page = await lab.open('<digit-classifier></digit-classifier>');
  const hasTextures = await page.evaluate(() => new OffscreenCanvas(1, 1).getContext('webgl2') !== null);
  // Without a graphics library Firefox has no WebGL, and its canvas rounds half transparent colours.
  assert.ok(hasTextures || isFirefox);
  if (!hasTextures) context.diagnostic(`no WebGL 2: ${halfTransparent.size} half transparent ones left out`);
  const got: string[] = [];
  for (let start = 0; start < files.length; start += BATCH) {
    const inputs = await page.evaluate(
      async (encoded) => {
        const element = document.querySelector('digit-classifier')!;
        const read: string[] = [];
        for (const text of encoded) {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          const { input } = (await element.classify(new Blob([bytes]))) as DigitReading;
          read.push(btoa(String.fromCharCode(...new Uint8Array(input.buffer))));
        }
        return read;
      },
      files.slice(start, start + BATCH).map((file) => file.toString('base64')),
    );
    got.push(...inputs.map((text) => createHash('sha256').update(Buffer.from(text, 'base64')).digest('hex')));
  }
  const different = got.flatMap((value, index) =>
    value === expected[index] || (halfTransparent.has(index) && !hasTextures) ? [] : [index],
  );
  assert.deepEqual(different, []);
  await page.context().close();
});
