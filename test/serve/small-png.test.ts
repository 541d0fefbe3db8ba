import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import sharp from 'sharp';
import { decode } from '../../serve/pictures/decode.js';
import { decodeSmallPng } from '../../serve/pictures/small-png.js';
import { greyPng, png, rowPicture } from './pictures.js';

const CHANNELS = [1, 2, 3, 4] as const;

const filteredRows = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    channels: fc.constantFrom(...CHANNELS),
  })
  .chain((shape) => {
    const row = fc
      .tuple(fc.integer({ min: 0, max: 4 }), fc.uint8Array({ minLength: 80, maxLength: 80 }))
      .map(([filter, bytes]) => [filter, ...bytes.subarray(0, shape.width * shape.channels)]);
    return fc
      .array(row, { minLength: shape.height, maxLength: shape.height })
      .map((rows) => ({ shape, rows: Uint8Array.from(rows.flat()) }));
  });

test('every filter and colour type gives the pixels that sharp gives', async () => {
  await fc.assert(
    fc.asyncProperty(filteredRows, async ({ shape, rows }) => {
      const file = png(rows, shape);
      const own = decodeSmallPng(file)!;
      const { data, info } = await sharp(file)
        .toColourspace('srgb')
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const wide = info.channels === 4;
      const rgba = wide
        ? [...data]
        : [...data].flatMap((value, at) => (at % 2 ? [value] : [value, value, value]));
      assert.deepEqual([own.width, own.height], [info.width, info.height]);
      assert.deepEqual([...own.data], rgba);
    }),
    { numRuns: 200 },
  );
});

test('no change of a byte gets past it unseen, and none makes it throw', () => {
  const whole = greyPng(rowPicture(5));
  const pixels = decodeSmallPng(whole)!.data;
  const idat = { from: 41, to: whole.length - 16 };
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= change;
      const decoded = decodeSmallPng(damaged);
      const inPixels = at >= idat.from && at < idat.to;
      if (inPixels && decoded) assert.deepEqual(decoded.data, pixels);
    }),
    { numRuns: 500 },
  );
  for (let length = 0; length < whole.length - 12; length++) {
    assert.equal(decodeSmallPng(whole.subarray(0, length)), null, `cut off at ${length}`);
  }
});

test('what is not plain is left to sharp', async () => {
  const picture = sharp(Buffer.from(rowPicture(5)), { raw: { width: 28, height: 28, channels: 1 } });
  const files = {
    palette: await picture.clone().png({ palette: true }).toBuffer(),
    interlaced: await picture.clone().png({ progressive: true }).toBuffer(),
    sixteenBit: await picture.clone().toColourspace('grey16').png().toBuffer(),
    large: await picture.clone().resize(129, 129).png().toBuffer(),
    profile: await picture.clone().toColourspace('srgb').withIccProfile('p3').png().toBuffer(),
  };
  for (const [name, file] of Object.entries(files)) {
    assert.equal(decodeSmallPng(file), null, name);
    const { width, height, data } = await decode(file, { pixels: 1e6, frames: 1, name });
    assert.equal(data.length, width * height * 4);
  }
});
