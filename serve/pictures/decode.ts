import sharp from 'sharp';
import { unmet } from '../../core/errors.js';
import type { RgbaImage } from '../../core/image.js';
import type { Turn } from './decode-gate.js';
import { type Excess, readHeader } from './header.js';
import { pictureKind } from './kinds.js';
import { decodeSmallPng } from './small-png.js';

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
  /** The most frames of an animation, of which the first is decoded. */
  frames: number;
  /** Names the picture in messages: `image 2 (seven.png)`. */
  name: string;
  /** In which it is decoded, unless that takes no time; by default at once. */
  turn?: Turn;
  /** Told the picture's pixels before they are decoded; what it throws is thrown, and nothing decoded. */
  hold?: (pixels: number) => void;
}

/** Where nobody else decodes. */
const atOnce: Turn = (_pixels, decode) => decode();

/**
 * A file's pixels, one for one: never resized, turned by its EXIF orientation, the first frame of an animation,
 * colour profiles ignored as the browser's decoder is told to do.
 * @throws TenfoldError `bad-input` where it is empty or damaged, `unsupported-media`, `too-large`.
 */
export async function decode(
  bytes: Buffer,
  { pixels, frames, name, turn = atOnce, hold = () => {} }: DecodeOptions,
): Promise<RgbaImage> {
  const kind = pictureKind(bytes, name);
  const small = decodeSmallPng(bytes);
  if (small && small.width * small.height <= pixels) {
    hold(small.width * small.height);
    return small;
  }
  const header = await readHeader(kind, bytes, { frames, turn });
  if (header.excess) throw tooLarge(header.excess, name);
  if (header.pixels > pixels) throw tooManyPixels(pixels, name);
  return turn(header.pixels, () => {
    hold(header.pixels);
    return decodePixels(bytes, pixels, name);
  });
}

async function decodePixels(bytes: Buffer, pixels: number, name: string): Promise<RgbaImage> {
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

const tooLarge = ({ expected, got }: Excess, name: string, cause?: unknown) =>
  unmet({
    code: 'too-large',
    what: name,
    expected,
    got,
    advice: 'Crop it to the digit, or make it smaller.',
    cause,
  });

const tooManyPixels = (pixels: number, name: string, cause?: unknown) =>
  tooLarge({ expected: `at most ${pixels} pixels`, got: 'a picture with more' }, name, cause);

function undecodable(cause: Error, pixels: number, name: string) {
  if (/pixel limit/i.test(cause.message)) return tooManyPixels(pixels, name, cause);
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
