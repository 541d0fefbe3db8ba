import sharp from 'sharp';
import type { PictureKind } from './kinds.js';

/** What makes a file take far longer to decode than its pixels would. */
export interface Excess {
  /** The most that is decoded: `100 frames`. */
  expected: string;
  got: string;
}

/** As in the other kinds' headers; a PNG of 1 x 25,000,000 keeps libvips busy for half a minute. */
const MOST_SIDE = 65_535;
/** Encoders write some ten; each is one more pass over all pixels, so that 110 kB of them take twelve seconds. */
const MOST_SCANS = 50;

/** By kind, what its files have too much of; null where there is none. Pixels are libvips's own to count. */
const EXCESS: { readonly [K in PictureKind]: (bytes: Buffer, frames: number) => Promise<Excess | null> } = {
  PNG: async (bytes) => {
    // The header comes first: its length and name, then width and height; without one, nothing is decoded.
    const hasHeader = bytes.length >= 24 && bytes.toString('latin1', 12, 16) === 'IHDR';
    const side = hasHeader ? Math.max(bytes.readUInt32BE(16), bytes.readUInt32BE(20)) : 0;
    return atMost(MOST_SIDE, 'pixels a side', side);
  },
  JPEG: async (bytes) => atMost(MOST_SCANS, 'scans', scansOf(bytes)),
  WebP: async (bytes, frames) => atMost(frames, 'frames', await framesOf(bytes)),
  GIF: async (bytes, frames) => atMost(frames, 'frames', await framesOf(bytes)),
};

/** Looks for more than may be decoded, before anything is. */
export const findExcess = (kind: PictureKind, bytes: Buffer, frames: number): Promise<Excess | null> =>
  EXCESS[kind](bytes, frames);

const atMost = (most: number, what: string, got: number): Excess | null =>
  got > most ? { expected: `at most ${most} ${what}`, got: String(got) } : null;

/** Of an animation; a header that cannot be read has none, and its picture is refused when it is decoded. */
async function framesOf(bytes: Buffer): Promise<number> {
  const header = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => null);
  return header?.pages ?? 0;
}

const MARKER = 0xff;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
/** Markers without a segment, and the zero that says that the marker byte before it is none. */
const isBare = (code: number): boolean => code <= 0x01 || (code >= 0xd0 && code <= 0xd8);

/** The scans of a JPEG, as libjpeg comes upon them: from marker to marker, over segments, to the image's end. */
function scansOf(bytes: Buffer): number {
  let scans = 0;
  for (let at = bytes.indexOf(MARKER); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(MARKER, at)) {
    const code = bytes[at + 1]!;
    if (code === END_OF_IMAGE) break;
    if (code === START_OF_SCAN) scans++;
    if (code === MARKER) at += 1;
    else if (isBare(code) || at + 3 >= bytes.length) at += 2;
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return scans;
}
