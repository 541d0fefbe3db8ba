import type { RgbaImage } from '../../core/image.js';

/** Pictures on their way to a worker: the small ones in one piece of memory, the large ones in one each. */
export interface PackedImages {
  /** Width and height of each picture, in their order. */
  sizes: Uint32Array;
  /** The pixels of the small pictures, one after another. */
  small: Uint8Array<ArrayBuffer>;
  /** The pixels of the others, in their order. */
  large: Uint8Array<ArrayBuffer>[];
}

/** Up to this, one piece of memory for several is cheaper than one for each. */
const MOST_SMALL_BYTES = 64 * 1024;

const isSmall = (width: number, height: number): boolean => width * height * 4 <= MOST_SMALL_BYTES;

/**
 * Packs copies of pictures, and says which memory `postMessage` is to hand over. The pictures' own would not do: sharp's and WebAssembly's
 * cannot be handed over, which Node 21 and later throw for and Node 20 passes over, and a caller's is the caller's.
 */
export function pack(images: readonly RgbaImage[]): { packed: PackedImages; transfer: ArrayBuffer[] } {
  const sizes = new Uint32Array(images.length * 2);
  const large: Uint8Array<ArrayBuffer>[] = [];
  let smallBytes = 0;
  images.forEach(({ width, height, data }, index) => {
    sizes[index * 2] = width;
    sizes[index * 2 + 1] = height;
    if (isSmall(width, height)) smallBytes += data.length;
    else large.push(new Uint8Array(data));
  });
  const small = new Uint8Array(smallBytes);
  let offset = 0;
  for (const { width, height, data } of images) {
    if (!isSmall(width, height)) continue;
    small.set(data, offset);
    offset += data.length;
  }
  return { packed: { sizes, small, large }, transfer: [small, ...large].map(({ buffer }) => buffer) };
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
