/**
 * The frame that TensorFlow's record files give each record (`tensorflow/core/lib/io/record_writer.h`):
 *
 *     uint64 length, uint32 masked crc32c of the length, byte data[length], uint32 masked crc32c of the data
 *
 * all little-endian. Readers wait at a record that is not whole yet, so a file may be read while it grows.
 */

const HEADER_BYTES = 12;
const FOOTER_BYTES = 4;

/** Castagnoli's polynomial, its bits reversed. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  }
  return remainder;
});

/** The checksum crc32c (RFC 3720, appendix B.4), 0 to 2^32 - 1. Node's zlib has crc32 only, of another polynomial. */
export function crc32c(bytes: Uint8Array): number {
  let checksum = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) {
    checksum = TABLE[(checksum ^ bytes[at]!) & 0xff]! ^ (checksum >>> 8);
  }
  return ~checksum >>> 0;
}

/** Turned and shifted, since the crc of data that hold their own crc says little (`tensorflow/tsl/lib/hash/crc32c.h`). */
const masked = (checksum: number): number => (((checksum >>> 15) | (checksum << 17)) + 0xa282ead8) >>> 0;

/** One record around `data`. */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(HEADER_BYTES + data.length + FOOTER_BYTES);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(masked(crc32c(record.subarray(0, 8))), 8);
  record.set(data, HEADER_BYTES);
  record.writeUInt32LE(masked(crc32c(data)), HEADER_BYTES + data.length);
  return record;
}
