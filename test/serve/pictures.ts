import { crc32, deflateSync } from 'node:zlib';
import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../core/image.js';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** PNG's colour types by their channels. */
const COLOUR_TYPE = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;

/** A chunk of a PNG with its length and checksum. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8 + body.length);
  frame.writeUInt32BE(data.length, 0);
  body.copy(frame, 4);
  frame.writeUInt32BE(crc32(body), 4 + body.length);
  return frame;
}

export interface PngOptions {
  width: number;
  height: number;
  channels: keyof typeof COLOUR_TYPE;
}

/** An 8-bit PNG whose rows are `filtered`, each behind its filter's number: `[height, 1 + width * channels]`. */
export function png(filtered: Uint8Array, { width, height, channels }: PngOptions): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOUR_TYPE[channels], 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(filtered)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A grey PNG of `values`, `[height, width]`, unfiltered. */
export function greyPng(values: ArrayLike<number>, width = INPUT_SIDE, height = INPUT_SIDE): Buffer {
  const filtered = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) filtered[y * (width + 1) + 1 + x] = values[y * width + x]!;
  }
  return png(filtered, { width, height, channels: 1 });
}

/** Opaque grey. */
export function greyImage(values: ArrayLike<number>, width = INPUT_SIDE, height = INPUT_SIDE): RgbaImage {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let index = 0; index < width * height; index++) {
    data.fill(values[index]!, index * 4, index * 4 + 3);
  }
  return { width, height, data };
}

/** The row of the input that the tiny bundle's network reads as `digit`: every second one. */
export const rowOfDigit = (digit: number): number => 4 + 2 * digit;

/**
 * A picture in MNIST's own style that the tiny bundle's network reads as `digit`: an upright line with a bar in the
 * digit's row, and a second bar in a row that no digit has, which keeps it centred.
 */
export function rowPicture(digit: number): Uint8Array {
  const values = new Uint8Array(INPUT_LENGTH);
  const row = rowOfDigit(digit);
  for (let y = 4; y <= 23; y++) values[y * INPUT_SIDE + 14] = 255;
  for (const y of [row, Math.min(29 - row, 23)]) values.fill(255, y * INPUT_SIDE + 11, y * INPUT_SIDE + 18);
  return values;
}

const bar = (left: number, top: number) => ({ left, top, width: 5, height: 30 });

/** A white page with upright bars, three in one line and two in another, and where they stand. */
export function twoLines() {
  const [width, height] = [90, 110];
  const lines = [
    [bar(12, 10), bar(36, 10), bar(60, 10)],
    [bar(24, 68), bar(48, 68)],
  ];
  const values = new Uint8Array(width * height).fill(255);
  for (const { left, top, ...size } of lines.flat()) {
    for (let y = top; y < top + size.height; y++) {
      values.fill(0, y * width + left, y * width + left + size.width);
    }
  }
  return { width, height, values, lines };
}
