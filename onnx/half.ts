const LARGEST = 65_504;

/**
 * Numbers in half precision (IEEE 754 binary16) as their bits, rounded to the nearest, of two as near to the even one. What is beyond
 * the largest, 65504, becomes infinite from 65520 on; half of the smallest, 2^-25, and less becomes 0.
 */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (single) => {
    const sign = (single >>> 16) & 0x8000;
    const magnitude = single & 0x7fffffff;
    if (magnitude > 0x7f800000) return sign | 0x7e00;
    // 65520, which lies half way between the largest and what would come next.
    if (magnitude >= 0x477ff000) return sign | 0x7c00;
    // 2^-14: smaller ones are multiples of 2^-24, which float64 divides exactly and Math.round does not round to even.
    if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(fromBits(single)) * 2 ** 24);
    const exponentRebased = magnitude - 0x38000000;
    return sign | ((exponentRebased + 0x0fff + ((exponentRebased >>> 13) & 1)) >>> 13);
  });
}

/** Whether a number has a finite one of half precision near it. */
export const fitsHalf = (value: number): boolean => Math.abs(value) <= LARGEST;

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

function fromBits(bits: number): number {
  scratchBits[0] = bits;
  return scratch[0]!;
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
