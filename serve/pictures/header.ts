import sharp from 'sharp';
import type { Turn } from './decode-gate.js';
import type { PictureKind } from './kinds.js';

/** What makes a file take far longer to decode than its pixels would. */
export interface Excess {
  /** The most that is decoded: `100 frames`. */
  expected: string;
  got: string;
}

/** What a file says of itself, before anything of it is decoded. */
export interface Header {
  /** Of the picture, of an animation's first; 0 where the file does not say, and is refused when it is decoded. */
  pixels: number;
  /** What it has too much of; null where there is nothing. */
  excess: Excess | null;
}

/** As in the other kinds' headers; a PNG of 1 x 25,000,000 keeps libvips busy for half a minute. */
const MOST_SIDE = 65_535;
/** Encoders write some ten; each is one more pass over all pixels, so that 110 kB of them take twelve seconds. */
const MOST_SCANS = 50;

export interface HeaderOptions {
  /** The most frames of an animation. */
  frames: number;
  /** In which libvips reads, where it has to. */
  turn: Turn;
}

type ReadHeader = (bytes: Buffer, options: HeaderOptions) => Promise<Header>;

/** Animations, by libvips: it takes the size of one from all that lies in it. */
const ofAnimation: ReadHeader = async (bytes, { frames, turn }) => {
  // A header that cannot be read has none.
  const read = () =>
    sharp(bytes, { limitInputPixels: false })
      .metadata()
      .catch(() => null);
  const { width, height, pages = 0 } = (await turn(0, read)) ?? { width: 0, height: 0 };
  return { pixels: width * height, excess: atMost(frames, 'frames', pages) };
};

const HEADERS: { readonly [K in PictureKind]: ReadHeader } = {
  PNG: async (bytes) => {
    // The header comes first: its length and name, then width and height; without one, nothing is decoded.
    const hasHeader = bytes.length >= 24 && bytes.toString('latin1', 12, 16) === 'IHDR';
    const [width, height] = hasHeader ? [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] : [0, 0];
    return { pixels: width * height, excess: atMost(MOST_SIDE, 'pixels a side', Math.max(width, height)) };
  },
  JPEG: async (bytes) => {
    const { pixels, scans } = readJpeg(bytes);
    return { pixels, excess: atMost(MOST_SCANS, 'scans', scans) };
  },
  WebP: ofAnimation,
  GIF: ofAnimation,
};

/** Reads what a file says of itself. */
export const readHeader = (kind: PictureKind, bytes: Buffer, options: HeaderOptions): Promise<Header> =>
  HEADERS[kind](bytes, options);

const atMost = (most: number, what: string, got: number): Excess | null =>
  got > most ? { expected: `at most ${most} ${what}`, got: String(got) } : null;

const MARKER = 0xff;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
/** Markers without a segment, and the zero that says that the marker byte before it is none. */
const isBare = (code: number): boolean => code <= 0x01 || (code >= 0xd0 && code <= 0xd8);
/** Of the sixteen codes for the start of a frame, three mean something else. */
const isFrame = (code: number): boolean => code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);

/** The pixels and scans of a JPEG, as libjpeg comes upon them: from marker to marker, over segments, to the image's end. */
function readJpeg(bytes: Buffer): { pixels: number; scans: number } {
  let scans = 0;
  let pixels = 0;
  for (let at = bytes.indexOf(MARKER); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(MARKER, at)) {
    const code = bytes[at + 1]!;
    if (code === END_OF_IMAGE) break;
    if (code === START_OF_SCAN) scans++;
    // The segment's length, a byte of precision, then height and width.
    if (isFrame(code) && at + 9 <= bytes.length) {
      pixels = Math.max(pixels, bytes.readUInt16BE(at + 5) * bytes.readUInt16BE(at + 7));
    }
    if (code === MARKER) at += 1;
    else if (isBare(code) || at + 3 >= bytes.length) at += 2;
    else at += 2 + bytes.readUInt16BE(at + 2);
  }
  return { pixels, scans };
}
