import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { readHeader } from '../../../web/pictures/picture-header.js';

const blank = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } });

const frames = (width: number, height: number, count: number) => {
  const data = Buffer.alloc(width * height * count * 3).map(
    (_, index) => Math.floor(index / (width * height * 3)) * 90,
  );
  return sharp(data, { raw: { width, height: height * count, channels: 3, pageHeight: height } });
};

const ENCODERS: Record<string, (width: number, height: number) => Promise<Buffer>> = {
  PNG: (width, height) => blank(width, height).png().toBuffer(),
  JPEG: (width, height) => blank(width, height).jpeg().toBuffer(),
  'progressive JPEG with a profile': (width, height) =>
    blank(width, height).jpeg({ progressive: true }).withMetadata({ icc: 'p3' }).toBuffer(),
  'lossy WebP': (width, height) => blank(width, height).webp().toBuffer(),
  'lossless WebP': (width, height) => blank(width, height).webp({ lossless: true }).toBuffer(),
  'WebP with a profile': (width, height) =>
    blank(width, height).webp().withMetadata({ icc: 'p3' }).toBuffer(),
  GIF: (width, height) => blank(width, height).gif().toBuffer(),
};

for (const [kind, encode] of Object.entries(ENCODERS)) {
  test(`the size in the header of a ${kind} is the one that was encoded`, async () => {
    const side = fc.integer({ min: 1, max: 700 });
    await fc.assert(
      fc.asyncProperty(side, side, async (width, height) => {
        assert.deepEqual(readHeader(await encode(width, height)), { width, height, isAnimated: false });
      }),
      { numRuns: 8 },
    );
  });
}

test('two frames of a GIF or WebP are an animation, one is not', async () => {
  for (const format of ['gif', 'webp'] as const) {
    for (const count of [1, 2, 3]) {
      const file = await frames(20, 16, count).toFormat(format).toBuffer();
      assert.deepEqual(
        readHeader(file),
        { width: 20, height: 16, isAnimated: count > 1 },
        `${format}, ${count}`,
      );
    }
  }
});

test('a PNG with animation control before its pixels is an animation', async () => {
  const png = await blank(9, 7).png().toBuffer();
  const afterHeader = 8 + 25;
  const control = Buffer.alloc(20);
  control.writeUInt32BE(8, 0);
  control.write('acTL', 4, 'latin1');
  const animated = Buffer.concat([png.subarray(0, afterHeader), control, png.subarray(afterHeader)]);
  assert.deepEqual(readHeader(animated), { width: 9, height: 7, isAnimated: true });
});

test('any bytes, and any start of a picture, are answered and not looped on', async () => {
  const starts = await Promise.all(Object.values(ENCODERS).map((encode) => encode(40, 30)));
  const cut = fc
    .record({
      file: fc.constantFrom(...starts),
      length: fc.nat(2000),
      tail: fc.uint8Array({ maxLength: 200 }),
    })
    .map(({ file, length, tail }) => Buffer.concat([file.subarray(0, length), tail]));
  fc.assert(
    fc.property(fc.oneof(cut, fc.uint8Array({ maxLength: 300 })), (bytes) => {
      const header = readHeader(bytes);
      assert.ok(header === null || (header.width >= 0 && header.height >= 0));
    }),
    { numRuns: 2000 },
  );
});
