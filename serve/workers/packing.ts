import type { RgbaImage } from '../../core/image.js';

/** Pictures on their way to a worker: the small ones in one piece of memory, the large ones as they are. */
export interface PackedImages {
  /** Width and height of each picture, in their order. */
  sizes: Uint32Array;
  /** The pixels of the small pictures, one after another. */
  small: Uint8Array<ArrayBuffer>;
  /** The pixels of the others, in their order. */
  large: RgbaImage['data'][];
}

/** Up to this, copying is cheaper than handing over a piece of memory for each picture. */
const MOST_SMALL_BYTES = 64 * 1024;

const isSmall = (width: number, height: number): boolean => width * height * 4 <= MOST_SMALL_BYTES;

/** Packs pictures, and says which memory `postMessage` is to hand over. */
export function pack(images: readonly RgbaImage[]): { packed: PackedImages; transfer: ArrayBuffer[] } {
  const sizes = new Uint32Array(images.length * 2);
  const large: RgbaImage['data'][] = [];
  let smallBytes = 0;
  images.forEach(({ width, height, data }, index) => {
    sizes[index * 2] = width;
    sizes[index * 2 + 1] = height;
    if (isSmall(width, height)) smallBytes += data.length;
    else large.push(data);
  });
  const small = new Uint8Array(smallBytes);
  let offset = 0;
  for (const { width, height, data } of images) {
    if (!isSmall(width, height)) continue;
    small.set(data, offset);
    offset += data.length;
  }
  const buffers = large.map(({ buffer }) => buffer).filter((buffer) => buffer instanceof ArrayBuffer);
  return { packed: { sizes, small, large }, transfer: [small.buffer, ...new Set(buffers)] };
}

/** The pictures again, the small ones as views into one piece of memory. */
export function unpack({ sizes, small, large }: PackedImages): RgbaImage[] {
  let offset = 0;
  let nextLarge = 0;
  return Array.from({ length: sizes.length / 2 }, (_, index) => {
    const width = sizes[index * 2]!;
    const height = sizes[index * 2 + 1]!;
    if (!isSmall(width, height)) return { width, height, data: large[nextLarge++]! };
    const start = offset;
    offset += width * height * 4;
    return { width, height, data: small.subarray(start, offset) };
  });
}
