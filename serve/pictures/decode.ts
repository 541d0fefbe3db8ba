import sharp from 'sharp';
import { unmet } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import { decodeSmallPng } from './small-png.js';

/** The kinds of picture that are decoded, and how their files begin. */
const SIGNATURES: { readonly [kind: string]: (bytes: Buffer) => boolean } = {
  PNG: (bytes) => bytes.length >= 8 && bytes.readUInt32BE(0) === 0x89504e47,
  JPEG: (bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff,
  WebP: (bytes) => bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  GIF: (bytes) => /^GIF8[79]a/.test(bytes.toString('latin1', 0, 6)),
};
const ACCEPTED = 'a PNG, JPEG, WebP or GIF picture';

/** The kinds that people send by mistake, so that the message can name them. */
const REFUSED: { readonly [kind: string]: (bytes: Buffer) => boolean } = {
  'an SVG drawing': (bytes) => /<svg[\s>]/i.test(bytes.toString('utf8', 0, 1024)),
  'a PDF document': (bytes) => bytes.toString('latin1', 0, 5) === '%PDF-',
  'a TIFF picture': (bytes) => /^(II\*\0|MM\0\*)/.test(bytes.toString('latin1', 0, 4)),
  'a HEIF or AVIF picture': (bytes) => bytes.toString('latin1', 4, 8) === 'ftyp',
};

/**
 * Keeps libvips, in this process, to the loaders of the four accepted kinds, whatever a file pretends to be.
 * Where the same process draws SVG plots, it must have done so before.
 */
export function blockOtherLoaders(): void {
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['VipsForeignLoadPng', 'VipsForeignLoadJpeg', 'VipsForeignLoadWebp', 'VipsForeignLoadNsgif'],
  });
}

export interface DecodeOptions {
  /** The most pixels, judged by the file's header. */
  pixels: number;
  /** Names the picture in messages: `image 2 (seven.png)`. */
  name: string;
}

/**
 * A file's pixels, one for one: never resized, turned by its EXIF orientation, the first frame of an animation,
 * colour profiles ignored as the browser's decoder is told to do.
 * @throws TenfoldError `bad-input` where it is empty or damaged, `unsupported-media`, `too-large`.
 */
export async function decode(bytes: Buffer, { pixels, name }: DecodeOptions): Promise<RgbaImage> {
  checkKind(bytes, name);
  const small = decodeSmallPng(bytes);
  if (small && small.width * small.height <= pixels) return small;
  try {
    const { data, info } = await sharp(bytes, {
      limitInputPixels: pixels,
      failOn: 'error',
      pages: 1,
      ignoreIcc: true,
      autoOrient: true,
    })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: toRgba(data, info.channels) };
  } catch (cause) {
    throw undecodable(cause as Error, pixels, name);
  }
}

function checkKind(bytes: Buffer, name: string): void {
  const advice = 'Send the picture as PNG.';
  if (bytes.length === 0) {
    throw unmet({ code: 'bad-input', what: name, expected: ACCEPTED, got: 'no bytes at all', advice });
  }
  if (Object.values(SIGNATURES).some((matches) => matches(bytes))) return;
  const known = Object.entries(REFUSED).find(([, matches]) => matches(bytes))?.[0];
  const start = bytes.toString('hex', 0, 8);
  const got = known ?? `bytes that begin with ${start}`;
  throw unmet({ code: 'unsupported-media', what: name, expected: ACCEPTED, got, advice });
}

function undecodable(cause: Error, pixels: number, name: string) {
  if (/pixel limit/i.test(cause.message)) {
    return unmet({
      code: 'too-large',
      what: name,
      expected: `at most ${pixels} pixels`,
      got: 'a picture with more',
      advice: 'Crop it to the digit, or make it smaller.',
      cause,
    });
  }
  return unmet({
    code: 'bad-input',
    what: name,
    expected: 'a whole, undamaged picture',
    got: `one that cannot be decoded (${cause.message.split('\n')[0]})`,
    advice: 'It may have been cut off on the way: send it again.',
    cause,
  });
}

/** Grey with alpha to RGBA; RGBA as it is. */
function toRgba(data: Buffer, channels: number): Uint8Array {
  if (channels === 4) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const rgba = new Uint8Array((data.length / channels) * 4);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    rgba[to] = rgba[to + 1] = rgba[to + 2] = data[from]!;
    rgba[to + 3] = data[from + channels - 1]!;
  }
  return rgba;
}
