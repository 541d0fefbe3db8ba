import { gunzipSync } from 'node:zlib';
import { unmet } from '../../core/errors.js';

/** An array out of an IDX file of unsigned bytes. */
export interface IdxArray {
  /** Sizes of the dimensions, outermost first. */
  shape: number[];
  /** The values, last dimension fastest; a view of the file's bytes where these were not compressed. */
  data: Uint8Array;
}

export interface IdxOptions {
  /** Names the file in messages. */
  file: string;
  /** Dimensions that the file must have: 3 for images, 1 for labels. */
  rank: number;
}

/** The third byte of the magic number: unsigned bytes, all that MNIST and its relatives use. */
const UNSIGNED_BYTE = 0x08;

/** What a gzip file may unpack to, bytes: above EMNIST's largest file (547 MB), below what harms a machine. */
const UNPACKED_LIMIT_BYTES = 2 ** 30;

const ADVICE =
  'Use the original MNIST files: download or copy this one again, or leave out --data to take those that are bundled.';

const hexadecimal = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/**
 * Reads an IDX file of unsigned bytes, plain or gzip: a big-endian magic number (0, 0, type, rank), one uint32 a
 * dimension, then exactly the product of the dimensions in bytes.
 * @throws TenfoldError `corrupt` where the magic number, the header or the length is not that.
 */
export function parseIdx(bytes: Uint8Array, { file, rank }: IdxOptions): IdxArray {
  const plain = isGzip(bytes) ? unpack(bytes, file) : bytes;
  const headerBytes = 4 + 4 * rank;
  if (plain.length < headerBytes) {
    throw corrupt(`the length of ${file}`, `a header of ${headerBytes} bytes`, `${plain.length} bytes`);
  }
  const header = new DataView(plain.buffer, plain.byteOffset, headerBytes);
  const magic = header.getUint32(0);
  const expectedMagic = (UNSIGNED_BYTE << 8) | rank;
  if (magic !== expectedMagic) {
    throw corrupt(`the magic number of ${file}`, hexadecimal(expectedMagic), hexadecimal(magic));
  }
  const shape = Array.from({ length: rank }, (_, axis) => header.getUint32(4 + 4 * axis));
  const expectedLength = headerBytes + shape.reduce((product, size) => product * size, 1);
  if (plain.length !== expectedLength) {
    throw corrupt(
      `the length of ${file}, whose header says ${shape.join('x')}`,
      `${expectedLength} bytes`,
      `${plain.length} bytes`,
    );
  }
  return { shape, data: plain.subarray(headerBytes) };
}

function unpack(bytes: Uint8Array, file: string): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: UNPACKED_LIMIT_BYTES });
  } catch (cause) {
    throw corrupt(`the contents of ${file}`, 'whole gzip data', (cause as Error).message, cause);
  }
}

const corrupt = (what: string, expected: string, got: string, cause?: unknown) =>
  unmet({ code: 'corrupt', what, expected, got, advice: ADVICE, cause });
