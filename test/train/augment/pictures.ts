import fc from 'fast-check';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';

/** Any picture `[28, 28]`, 0 to 1. */
export const picture = fc
  .array(fc.nat(255), { minLength: INPUT_LENGTH, maxLength: INPUT_LENGTH })
  .map((bytes) => Float32Array.from(bytes, (byte) => byte / 255));

/** `[28, 28]` of these values. */
export const filled = (valueAt: (row: number, column: number) => number): Float32Array =>
  Float32Array.from({ length: INPUT_LENGTH }, (_, pixel) =>
    valueAt(Math.floor(pixel / INPUT_SIDE), pixel % INPUT_SIDE),
  );
