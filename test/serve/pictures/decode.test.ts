import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import type { RgbaImage } from '../../../core/image.js';
import { blockOtherLoaders, decode } from '../../../serve/pictures/decode.js';
import { chunk } from '../pictures.js';
import { blackPng, gif, manyScans, withChunks } from './files.js';

before(blockOtherLoaders);

const LIMITS = { pixels: 25_000_000, frames: 3 };
const read = (bytes: Buffer, limits: Partial<typeof LIMITS> = {}): Promise<RgbaImage> =>
  decode(bytes, { ...LIMITS, ...limits, name: 'it' });
const refused = (bytes: Buffer, code: string, message: RegExp, limits: Partial<typeof LIMITS> = {}) =>
  assert.rejects(read(bytes, limits), { code, message });

const KINDS = ['png', 'jpeg', 'webp', 'gif'] as const;
const WIDTH = 200;
const HEIGHT = 150;
const noise = Buffer.from(
  Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, index) => (index * index * 31) >> 3),
);
const picture = (): Sharp => sharp(noise, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
/** Two frames, one above the other. */
const animation = (): Sharp =>
  sharp(noise, { raw: { width: WIDTH, height: HEIGHT, channels: 3, pageHeight: HEIGHT / 2 } });
const TOO_MANY_PIXELS = /^Expected at most \d+ pixels for it, got a picture with more/;

for (const kind of KINDS) {
  test(`${kind}: pixels are counted by the header`, async () => {
    const bytes = await picture().toFormat(kind).toBuffer();
    const { width, height, data } = await read(bytes, { pixels: WIDTH * HEIGHT });
    assert.deepEqual([width, height, data.length], [WIDTH, HEIGHT, WIDTH * HEIGHT * 4]);
    await refused(bytes, 'too-large', TOO_MANY_PIXELS, { pixels: WIDTH * HEIGHT - 1 });
  });

  test(`${kind}: its turn comes by its pixels, and they are held before they are decoded`, async () => {
    const bytes = await picture().toFormat(kind).toBuffer();
    const told: (number | string)[] = [];
    const full = decode(bytes, {
      ...LIMITS,
      name: 'it',
      turn: (pixels, work) => {
        told.push(pixels);
        return work();
      },
      hold: (pixels) => {
        told.push(`held ${pixels}`);
        throw new Error('no room');
      },
    });
    await assert.rejects(full, { message: 'no room' });
    const pixels = WIDTH * HEIGHT;
    const header = ['webp', 'gif'].includes(kind) ? [0] : [];
    assert.deepEqual(told, [...header, pixels, `held ${pixels}`]);
  });

  test(`${kind}: cut off anywhere it is damaged`, async () => {
    const whole = await picture().toFormat(kind).toBuffer();
    for (const share of [0.01, 0.1, 0.5, 0.9, 0.99]) {
      const cut = whole.subarray(0, Math.max(12, Math.floor(whole.length * share)));
      await refused(cut, 'bad-input', /^Expected a whole, undamaged picture for it/);
    }
  });

  test(`${kind}: what follows the picture is not looked at`, async () => {
    const whole = await picture().toFormat(kind).toBuffer();
    const archive = Buffer.from('PK\x03\x04 <script>alert(1)</script> <svg onload="alert(1)"/>', 'latin1');
    assert.deepEqual(await read(Buffer.concat([whole, archive])), await read(whole));
  });
}

test('a file that begins as one kind and goes on as another is damaged', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>');
  const tiff = await picture().tiff().toBuffer();
  const heads = ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'RIFF\0\0\x01\0WEBP', 'GIF89a'];
  for (const head of heads.map((text) => Buffer.from(text, 'latin1'))) {
    for (const body of [svg, tiff]) {
      await refused(Buffer.concat([head, body]), 'bad-input', /undamaged picture for it/);
    }
  }
});

test('a PNG of 14,000 x 14,000 pixels in some kilobytes', async () => {
  const bomb = blackPng(14_000, 14_000);
  assert.ok(bomb.length < 602_000, `${bomb.length} bytes`);
  await refused(bomb, 'too-large', TOO_MANY_PIXELS);
});

test('a PNG whose sides no other kind could have is refused, though its pixels are few enough', async () => {
  await refused(
    blackPng(1, 65_536),
    'too-large',
    /^Expected at most 65535 pixels a side for it, got 65536\./,
  );
  await refused(blackPng(65_536, 1), 'too-large', /got 65536\./);
  const { width, height } = await read(blackPng(1, 65_535));
  assert.deepEqual([width, height], [1, 65_535]);
});

test('a PNG with more rows compressed than its header says is read as its header says', async () => {
  const header = blackPng(WIDTH, HEIGHT).subarray(0, 33);
  const rows = chunk('IDAT', deflateSync(Buffer.alloc(50_000_000)));
  const { width, height } = await read(Buffer.concat([header, rows, chunk('IEND', Buffer.alloc(0))]));
  assert.deepEqual([width, height], [WIDTH, HEIGHT]);
});

test('texts and profiles in a PNG are not unpacked', async () => {
  const bomb = deflateSync(Buffer.alloc(100_000_000));
  const plain = blackPng(WIDTH, HEIGHT);
  for (const [type, head] of [
    ['zTXt', 'a\0\0'],
    ['iTXt', 'a\0\x01\0\0\0'],
    ['iCCP', 'a\0\0'],
  ] as const) {
    const bytes = withChunks(plain, [chunk(type, Buffer.concat([Buffer.from(head), bomb]))]);
    assert.deepEqual(await read(bytes), await read(plain), type);
  }
});

test('an animated PNG is its still picture', async () => {
  const frames = Buffer.alloc(8);
  frames.writeUInt32BE(1_000_000, 0);
  const still = await picture().png().toBuffer();
  assert.deepEqual(await read(withChunks(still, [chunk('acTL', frames)])), await read(still));
});

for (const kind of ['webp', 'gif'] as const) {
  test(`${kind}: of an animation the first frame is read, and the frames are counted`, async () => {
    const options = { webp: { lossless: true }, gif: {} }[kind];
    const bytes = await animation().toFormat(kind, options).toBuffer();
    assert.equal((await sharp(bytes).metadata()).pages, 2);
    const { width, height, data } = await read(bytes, { frames: 2, pixels: (WIDTH * HEIGHT) / 2 });
    assert.deepEqual([width, height], [WIDTH, HEIGHT / 2]);
    if (kind === 'webp') assert.deepEqual([...data.subarray(0, 3)], [...noise.subarray(0, 3)]);
    await refused(bytes, 'too-large', /^Expected at most 1 frames for it, got 2\./, { frames: 1 });
  });
}

test('a GIF of 100,000 frames', async () => {
  const bytes = gif({ screen: [1, 1], frame: [1, 1], frames: 100_000 });
  await refused(bytes, 'too-large', /^Expected at most 3 frames for it, got 100000\./);
});

test('a GIF whose frame is larger than its screen is as large as its frame', async () => {
  await refused(gif({ screen: [1, 1], frame: [60_000, 60_000] }), 'too-large', TOO_MANY_PIXELS);
  const { width, height } = await read(gif({ screen: [1, 1], frame: [300, 200] }));
  assert.deepEqual([width, height], [300, 200]);
});

test('a JPEG of hundreds of scans, one more pass over its pixels each', async () => {
  const { data } = await read(await manyScans(16, 49));
  assert.ok(data[0]! > 250 && data[1]! < 5 && data[2]! < 5, `red, not ${data.subarray(0, 3)}`);
  await refused(await manyScans(16, 50), 'too-large', /^Expected at most 50 scans for it, got 51\./);
  await refused(await manyScans(16, 882), 'too-large', /got 883\./);
});

test('what looks like scans in the comments of a JPEG and behind its end is not counted', async () => {
  const plain = await picture().jpeg().toBuffer();
  const scans = Buffer.from(new Array(100).fill([0xff, 0xda]).flat());
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, 2 + scans.length]), scans]);
  const bytes = Buffer.concat([plain.subarray(0, 2), comment, plain.subarray(2), scans]);
  assert.deepEqual(await read(bytes), await read(plain));
});

const CMYK: Record<string, readonly [number, number, number]> = {
  white: [255, 255, 255],
  black: [0, 0, 0],
  red: [255, 0, 0],
};

test('a CMYK JPEG has the colours that it was made of, not their negative', async () => {
  for (const [name, [r, g, b]] of Object.entries(CMYK)) {
    const plain = sharp({ create: { width: 16, height: 16, channels: 3, background: { r, g, b } } });
    const bytes = await plain.toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
    assert.equal((await sharp(bytes).metadata()).space, 'cmyk');
    const { data } = await read(bytes);
    // Ink mixes no pure colour.
    const far = [r, g, b].filter((value, channel) => Math.abs(value - data[channel]!) > 60);
    assert.deepEqual(far, [], `${name} became ${data.subarray(0, 4)}`);
    assert.equal(data[3], 255);
  }
});

test('16 bits a channel become 8, in colour and in grey', async () => {
  const values = Uint16Array.from({ length: 12 }, (_, index) => index * 5000);
  const eight = Array.from(values, (value) => value >> 8);
  const raw = (channels: 1 | 3) => ({ raw: { width: 12 / channels, height: 1, channels } });
  const colour = await sharp(values, raw(3)).toColourspace('rgb16').png().toBuffer();
  const grey = await sharp(values, raw(1)).toColourspace('grey16').png().toBuffer();
  for (const bytes of [colour, grey]) assert.equal((await sharp(bytes).metadata()).depth, 'ushort');
  const opaque = (rgb: number[][]) => rgb.flatMap((pixel) => [...pixel, 255]);
  const triples = [0, 3, 6, 9].map((start) => eight.slice(start, start + 3));
  assert.deepEqual([...(await read(colour)).data], opaque(triples));
  assert.deepEqual([...(await read(grey)).data], opaque(eight.map((value) => [value, value, value])));
});

/**
 * Two rows of three pixels as stored, and as the EXIF standard (tag 0x0112) has them seen: 1 as it is, 2 mirrored, 3 turned by half, 4
 * upside down, 5 transposed, 6 turned right, 7 transposed the other way, 8 turned left.
 */
const SEEN: Readonly<Record<number, number[][]>> = {
  1: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  2: [
    [3, 2, 1],
    [6, 5, 4],
  ],
  3: [
    [6, 5, 4],
    [3, 2, 1],
  ],
  4: [
    [4, 5, 6],
    [1, 2, 3],
  ],
  5: [
    [1, 4],
    [2, 5],
    [3, 6],
  ],
  6: [
    [4, 1],
    [5, 2],
    [6, 3],
  ],
  7: [
    [6, 3],
    [5, 2],
    [4, 1],
  ],
  8: [
    [3, 6],
    [2, 5],
    [1, 4],
  ],
};

for (const kind of ['png', 'webp', 'jpeg'] as const) {
  test(`${kind}: turned as its EXIF orientation says`, async () => {
    // Blocks of 16 pixels, so that JPEG keeps each level.
    const levels = Buffer.from(SEEN[1]!.flat().map((value) => value * 40));
    const stored = await sharp(levels, { raw: { width: 3, height: 2, channels: 1 } })
      .resize(48, 32, { kernel: 'nearest' })
      .toColourspace('srgb')
      .raw()
      .toBuffer();
    const raw = { width: 48, height: 32, channels: 3 } as const;
    for (const [orientation, seen] of Object.entries(SEEN)) {
      const bytes = await sharp(stored, { raw })
        .withMetadata({ orientation: Number(orientation) })
        .toFormat(kind, { quality: 100, ...(kind === 'webp' && { lossless: true }) })
        .toBuffer();
      const { width, height, data } = await read(bytes);
      const rows = Array.from({ length: height / 16 }, (_, y) =>
        Array.from({ length: width / 16 }, (_, x) =>
          Math.round(data[((y * 16 + 8) * width + x * 16 + 8) * 4]! / 40),
        ),
      );
      assert.deepEqual(rows, seen, `orientation ${orientation}`);
    }
  });
}
