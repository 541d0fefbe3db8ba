import { unmet } from '../../core/errors.js';
import { CLASS_COUNT, INPUT_LENGTH, type RgbaImage } from '../../core/image.js';
import { type PackedImages, pack } from './packing.js';
import type { PictureWork, Work, WorkKind } from './work.js';

/** A batch on its way to a worker, by kind. */
export interface BatchOf {
  one: PackedImages;
  many: PackedImages;
  tensor: Float32Array;
}

/** How requests of one kind become a batch, and its output theirs again. */
interface Batching<Kind extends WorkKind> {
  /** @throws TenfoldError `bad-input` where it is not as long as it says, as memory is that was handed over to somebody else. */
  check(input: Work[Kind]['input']): void;
  /** Pictures or rows. */
  sizeOf(input: Work[Kind]['input']): number;
  /** Pixels that it keeps in memory, four bytes each. */
  pixelsOf(input: Work[Kind]['input']): number;
  /** Whether several requests may be one batch. */
  isShared: boolean;
  /** @returns the batch, and which memory `postMessage` is to hand over. */
  pack(inputs: readonly Work[Kind]['input'][]): { batch: BatchOf[Kind]; transfer: ArrayBuffer[] };
  /** The output of `size` pictures or rows from `first` on. */
  part(output: Work[Kind]['output'], first: number, size: number): Work[Kind]['output'];
}

const pixelsOf = (images: readonly RgbaImage[]): number =>
  images.reduce((sum, { width, height }) => sum + width * height, 0);

function checkImages(images: readonly RgbaImage[]): void {
  for (const { width, height, data } of images) {
    if (data.length === width * height * 4) continue;
    throw unmet({
      code: 'bad-input',
      what: `the pixels of a picture of ${width} x ${height}`,
      expected: `${width * height * 4} bytes`,
      got: String(data.length),
      advice: 'Give RGBA, and keep its memory until the answer.',
    });
  }
}

function checkTensor({ length }: Float32Array): void {
  if (length > 0 && length % INPUT_LENGTH === 0) return;
  throw unmet({
    code: 'bad-input',
    what: 'the input',
    expected: `rows of ${INPUT_LENGTH} numbers`,
    got: `${length} numbers`,
    advice: 'Send [batch, 1, 28, 28].',
  });
}

function packImages(inputs: readonly RgbaImage[][]): { batch: PackedImages; transfer: ArrayBuffer[] } {
  const { packed, transfer } = pack(inputs.length === 1 ? inputs[0]! : inputs.flat());
  return { batch: packed, transfer };
}

function packTensors(inputs: readonly Float32Array[]): { batch: Float32Array; transfer: ArrayBuffer[] } {
  const batch = new Float32Array(inputs.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const input of inputs) {
    batch.set(input, offset);
    offset += input.length;
  }
  return { batch, transfer: [batch.buffer] };
}

const pictures = <Kind extends PictureWork>(isShared: boolean): Batching<Kind> => ({
  check: checkImages,
  sizeOf: (images) => images.length,
  pixelsOf,
  isShared,
  pack: packImages as Batching<Kind>['pack'],
  part: (output, first, size) => output.slice(first, first + size) as Work[Kind]['output'],
});

export const BATCHING: { readonly [Kind in WorkKind]: Batching<Kind> } = {
  one: pictures<'one'>(true),
  // Each picture of a number is some hundred inputs: a batch of its own already.
  many: pictures<'many'>(false),
  tensor: {
    check: checkTensor,
    sizeOf: ({ length }) => length / INPUT_LENGTH,
    pixelsOf: ({ length }) => length,
    isShared: true,
    pack: packTensors,
    part: ({ logits, probabilities }, first, size) => ({
      logits: rows(logits, first, size),
      probabilities: rows(probabilities, first, size),
    }),
  },
};

const rows = (values: Float32Array, first: number, size: number): Float32Array =>
  values.subarray(first * CLASS_COUNT, (first + size) * CLASS_COUNT);
