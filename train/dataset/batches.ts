import { INPUT_LENGTH } from '../../core/image.js';
import { randomStream } from '../random.js';

export interface BatchOptions {
  /** Images in the set. */
  count: number;
  batchSize: number;
  /** Leave out the last batch where it would be smaller than the others; false keeps it. */
  dropPartial?: boolean;
}

export interface ShuffleOptions extends BatchOptions {
  seed: number;
  epoch: number;
}

/** Batches in an epoch. */
export const batchCount = ({ count, batchSize, dropPartial = false }: BatchOptions): number =>
  dropPartial ? Math.floor(count / batchSize) : Math.ceil(count / batchSize);

const chunks = (order: Uint32Array, options: BatchOptions): Uint32Array[] =>
  Array.from({ length: batchCount(options) }, (_, batch) =>
    order.subarray(batch * options.batchSize, (batch + 1) * options.batchSize),
  );

const ascending = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, index) => index);

/**
 * The image numbers of every batch of an epoch, each image at most once. The order is a function of seed and epoch
 * alone, so that a resumed run goes on as the uninterrupted one would have.
 */
export const shuffledBatches = (options: ShuffleOptions): Uint32Array[] =>
  chunks(randomStream(options.seed, 'shuffle', options.epoch).shuffle(ascending(options.count)), options);

/** The image numbers of every batch in the set's own order, for evaluation. */
export const orderedBatches = (options: BatchOptions): Uint32Array[] =>
  chunks(ascending(options.count), options);

/** Each byte as the model sees it; a look-up is faster than the division and gives the same float32. */
const UNIT = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * Writes bytes as the model sees them, ink 1.0 on 0.0. Most of a digit's image is background, which goes by four pixels at a time.
 * @param bytes a multiple of four of them, beginning at such an offset
 * @throws RangeError where `out` is not as long.
 */
export function toUnit(bytes: Uint8Array, out: Float32Array): void {
  if (out.length !== bytes.length)
    throw new RangeError(`out must hold ${bytes.length} values, got: ${out.length}`);
  const quads = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  out.fill(0);
  for (let quad = 0; quad < quads.length; quad++) {
    if (quads[quad] === 0) continue;
    const end = 4 * quad + 4;
    for (let pixel = 4 * quad; pixel < end; pixel++) out[pixel] = UNIT[bytes[pixel]!]!;
  }
}

/**
 * Writes the images at `indices` into `out` as `[indices.length, 28, 28, 1]`, ink 1.0 on 0.0.
 * @param images `[count, 28 * 28]`
 * @returns the part of `out` that was written, so that one buffer serves the smaller last batch too.
 * @throws RangeError where `out` is too small.
 */
export function gatherBatch(images: Uint8Array, indices: Uint32Array, out: Float32Array): Float32Array {
  const length = indices.length * INPUT_LENGTH;
  if (out.length < length) throw new RangeError(`out must hold ${length} values, got: ${out.length}`);
  let position = 0;
  for (let row = 0; row < indices.length; row++) {
    const start = indices[row]! * INPUT_LENGTH;
    for (let pixel = start; pixel < start + INPUT_LENGTH; pixel++) out[position++] = UNIT[images[pixel]!]!;
  }
  return out.subarray(0, length);
}

/**
 * Copies the images at `indices` into `out` as they are.
 * @param images `[count, 28 * 28]`
 * @returns the part of `out` that was written, `[indices.length, 28 * 28]`
 * @throws RangeError where `out` is too small.
 */
export function gatherBytes(images: Uint8Array, indices: Uint32Array, out: Uint8Array): Uint8Array {
  for (const [row, index] of indices.entries()) {
    const start = index * INPUT_LENGTH;
    out.set(images.subarray(start, start + INPUT_LENGTH), row * INPUT_LENGTH);
  }
  return out.subarray(0, indices.length * INPUT_LENGTH);
}

/** The labels at `indices`, `[indices.length]`. */
export const gatherLabels = (labels: Uint8Array, indices: Uint32Array): Int32Array =>
  Int32Array.from(indices).map((index) => labels[index]!);
