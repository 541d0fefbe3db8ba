import type { RandomStream } from '../../../train/random.js';

/** One of them. */
export const pick = <T>(random: RandomStream, values: readonly T[]): T =>
  values[random.integer(values.length)]!;

/** Random bytes, as many. */
export function noise(random: RandomStream, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random.integer(256)));
}

/** A place within bytes, their end included. */
export const place = (random: RandomStream, bytes: Buffer): number => random.integer(bytes.length + 1);

/** Numbers at which readers of headers go wrong. */
export const ODD_NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
