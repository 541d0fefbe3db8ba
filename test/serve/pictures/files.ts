import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { chunk } from '../pictures.js';

/** Pictures that no encoder writes, made by hand. */

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A black PNG, 1 bit a pixel, of any size: some bytes for each kilobyte of pixels. */
export function blackPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + Math.ceil(width / 8)));
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([PNG_SIGNATURE, ...chunks]);
}

/** Chunks put behind a PNG's header. */
export function withChunks(png: Buffer, chunks: readonly Buffer[]): Buffer {
  const afterHeader = PNG_SIGNATURE.length + 25;
  return Buffer.concat([png.subarray(0, afterHeader), ...chunks, png.subarray(afterHeader)]);
}

const word = (value: number): number[] => [value & 0xff, value >> 8];

export interface GifOptions {
  /** Width and height of the logical screen. */
  screen: [number, number];
  /** Width and height of each frame, of which the first pixel alone is given: it is white. */
  frame: [number, number];
  frames?: number;
}

/** A GIF whose screen and frames are as large as they say they are. */
export function gif({ screen, frame, frames = 1 }: GifOptions): Buffer {
  const palette = [0, 0, 0, 255, 255, 255];
  const header = [...Buffer.from('GIF89a'), ...screen.flatMap(word), 0x80, 0, 0, ...palette];
  const control = [0x21, 0xf9, 4, 0, 10, 0, 0, 0];
  // Codes of three bits: clear, colour 1, end.
  const codes = 4 | (1 << 3) | (5 << 6);
  const image = [0x2c, 0, 0, 0, 0, ...frame.flatMap(word), 0, 2, 2, ...word(codes), 0];
  const each = Buffer.from([...control, ...image]);
  return Buffer.concat([Buffer.from(header), ...new Array<Buffer>(frames).fill(each), Buffer.from([0x3b])]);
}

/** The segments of a JPEG, each with its marker, from its first marker to its last. */
function segments(jpeg: Buffer): { code: number; bytes: Buffer }[] {
  const starts: number[] = [];
  for (let at = 2; at < jpeg.length; ) {
    starts.push(at);
    at += 2 + (jpeg[at + 1] === 0xd9 ? 0 : jpeg.readUInt16BE(at + 2));
    while (at < jpeg.length && !(jpeg[at] === 0xff && jpeg[at + 1] !== 0)) at++;
  }
  return starts.map((start, index) => ({
    code: jpeg[start + 1]!,
    bytes: jpeg.subarray(start, starts[index + 1]),
  }));
}

/**
 * A red progressive JPEG that says nothing about its luma's coefficients in up to 63 * 14 scans, each of one coefficient at one
 * more bit of precision: as the standard has it, and one pass over all pixels for each.
 */
export async function manyScans(side: number, scans: number): Promise<Buffer> {
  const red = sharp({ create: { width: side, height: side, channels: 3, background: 'red' } });
  const parts = segments(await red.jpeg({ progressive: true, mozjpeg: false }).toBuffer());
  const isScan = ({ code }: { code: number }) => code === 0xda;
  // A scan's header: its length, the count of its components, two bytes for each, then the coefficients.
  const first = parts.findIndex(isScan);
  const empty = parts.findIndex((part) => isScan(part) && part.bytes[4] === 1 && part.bytes[7]! > 0);
  const tables = parts.slice(first + 1, empty).filter(({ code }) => code === 0xc4);
  const added = Array.from({ length: scans }, (_, index) => {
    const scan = Buffer.from(parts[empty]!.bytes);
    const coefficient = 1 + Math.floor(index / 14);
    const bit = 13 - (index % 14);
    scan.set([coefficient, coefficient, ((bit === 13 ? 0 : bit + 1) << 4) | bit], 7);
    return scan;
  });
  const start = [...parts.slice(0, first + 1), ...tables].map(({ bytes }) => bytes);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...start, ...added, Buffer.from([0xff, 0xd9])]);
}
