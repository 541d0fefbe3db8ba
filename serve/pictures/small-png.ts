import { inflateSync } from 'node:zlib';
import type { RgbaImage } from '../../core/image.js';

/**
 * Decodes the plain small PNG that most clients of a digit service send, in some 20 microseconds: sharp's trip
 * through the thread pool takes fifty times as long. Anything out of the ordinary is left to sharp.
 */

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The signature, then IHDR's length, name, 13 bytes and checksum. */
const HEADER_BYTES = 33;
/** Larger pictures would hold up the event loop. */
const MOST_PIXELS = 128 * 128;
/** Chunks that change no pixel, as libvips reads them. */
const HARMLESS = new Set([
  'IDAT',
  'tEXt',
  'zTXt',
  'iTXt',
  'tIME',
  'pHYs',
  'bKGD',
  'sRGB',
  'gAMA',
  'cHRM',
  'sBIT',
]);

/** Bytes of a pixel, by PNG's colour type: grey, RGB, grey with alpha, RGBA. */
const CHANNELS: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** @returns null where the bytes are not an intact, 8-bit, non-interlaced PNG of at most 128 x 128 pixels. */
export function decodeSmallPng(bytes: Buffer): RgbaImage | null {
  if (bytes.length < HEADER_BYTES || SIGNATURE.compare(bytes, 0, 8) !== 0) return null;
  if (bytes.readUInt32BE(8) !== 13 || bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const channels = CHANNELS[bytes[25]!];
  const plain = bytes[24] === 8 && bytes[26] === 0 && bytes[27] === 0 && bytes[28] === 0;
  if (!plain || !channels || width === 0 || height === 0 || width * height > MOST_PIXELS) return null;
  const compressed = pixelData(bytes);
  const rows = compressed && inflated(compressed, (1 + width * channels) * height);
  if (!rows || !unfilter(rows, width * channels, height, channels)) return null;
  return { width, height, data: EXPAND[channels](rows, width, height) };
}

/** All IDAT chunks as one; null where a chunk is cut off, or may change the pixels' meaning. */
function pixelData(bytes: Buffer): Buffer | null {
  const parts: Buffer[] = [];
  for (let at = HEADER_BYTES; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const start = at + 8;
    at = start + length + 4;
    if (at > bytes.length) return null;
    if (type === 'IEND') return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    if (!HARMLESS.has(type)) return null;
    if (type === 'IDAT') parts.push(bytes.subarray(start, start + length));
  }
  return null;
}

/** The filtered rows, whose own checksum zlib verifies; null unless they are exactly as long as the header says. */
function inflated(compressed: Buffer, length: number): Buffer | null {
  try {
    const rows = inflateSync(compressed, { maxOutputLength: length });
    return rows.length === length ? rows : null;
  } catch {
    return null;
  }
}

/** Undoes each row's filter in place; false where a row names one that does not exist. */
function unfilter(rows: Buffer, stride: number, height: number, channels: number): boolean {
  for (let y = 0; y < height; y++) {
    const row = y * (stride + 1) + 1;
    const above = row - stride - 1;
    const filter = rows[row - 1]!;
    if (filter === 0) continue;
    const predict = PREDICT[filter];
    if (!predict) return false;
    for (let x = 0; x < stride; x++) {
      const left = x < channels ? 0 : rows[row + x - channels]!;
      const up = y === 0 ? 0 : rows[above + x]!;
      const corner = x < channels || y === 0 ? 0 : rows[above + x - channels]!;
      rows[row + x] = rows[row + x]! + predict(left, up, corner);
    }
  }
  return true;
}

/** PNG's filters by number: sub, up, average, Paeth. */
const PREDICT: Readonly<Record<number, (left: number, up: number, corner: number) => number>> = {
  1: (left) => left,
  2: (_left, up) => up,
  3: (left, up) => (left + up) >> 1,
  4: (left, up, corner) => {
    const toLeft = Math.abs(up - corner);
    const toUp = Math.abs(left - corner);
    const toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) return left;
    return toUp <= toCorner ? up : corner;
  },
};

type Expand = (rows: Buffer, width: number, height: number) => Uint8Array;

/** To RGBA; each row begins with its filter's number. */
const expand =
  (channels: number, red: number, green: number, blue: number, alpha: number | null): Expand =>
  (rows, width, height) => {
    // An array of its own, not of Node's pool: it is handed to a worker whole.
    const data = new Uint8Array(width * height * 4);
    let to = 0;
    for (let y = 0; y < height; y++) {
      let from = y * (width * channels + 1) + 1;
      for (let x = 0; x < width; x++, from += channels, to += 4) {
        data[to] = rows[from + red]!;
        data[to + 1] = rows[from + green]!;
        data[to + 2] = rows[from + blue]!;
        data[to + 3] = alpha === null ? 255 : rows[from + alpha]!;
      }
    }
    return data;
  };

const EXPAND: { readonly [C in 1 | 2 | 3 | 4]: Expand } = {
  1: expand(1, 0, 0, 0, null),
  2: expand(2, 0, 0, 0, 1),
  3: expand(3, 0, 1, 2, null),
  4: expand(4, 0, 1, 2, 3),
};
