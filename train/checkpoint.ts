import { readFile } from 'node:fs/promises';
import { unmet } from '../core/errors.js';
import type { BestEpoch } from './early-stopping.js';
import type { NamedTensor } from './tensors.js';

/** What the steps of an epoch add up to until it ends. */
export interface EpochSums {
  /** Sum over the images of their loss. */
  loss: number;
  /** Sum over the images of 1 where the digit was right. */
  right: number;
  images: number;
  /** Time spent in training steps. */
  stepSeconds: number;
  /** That, and what came between them. */
  seconds: number;
}

export const NO_SUMS: EpochSums = { loss: 0, right: 0, images: 0, stepSeconds: 0, seconds: 0 };

/** Before the names of tensors that are no weight in training and no slot: which weights they are. */
export const PREFIXES = { average: 'average/', best: 'best/' } as const;

/** Everything that a training needs to go on after a step, in one file: `optimizer.bin`. */
export interface Checkpoint {
  /** Steps finished: with the recipe this tells the epoch and the place in it. */
  step: number;
  /** Time spent in training steps so far. */
  trainSeconds: number;
  /** Of the epoch that the last step is in; nothing where that step ended it. */
  epochSums: EpochSums;
  /** The best epoch so far, where the training may stop early. */
  best?: BestEpoch;
  /**
   * Every weight in training, the optimiser's slots, the moving averages of the weights where they are kept, and the weights
   * of the best epoch where there is one; each in their order.
   */
  tensors: NamedTensor[];
}

/**
 * The weights that the run is judged by, under the names that `model.json` gives them: those of the best epoch, else the
 * moving averages, else those in training.
 */
export function keptWeights({ tensors }: Pick<Checkpoint, 'tensors'>): Map<string, Float32Array> {
  const prefix =
    [PREFIXES.best, PREFIXES.average].find((one) => tensors.some(({ name }) => name.startsWith(one))) ?? '';
  const kept = tensors.filter(({ name }) => name.startsWith(prefix));
  return new Map(kept.map(({ name, values }) => [name.slice(prefix.length), values]));
}

const MAGIC = 'tenfold checkpoint 1\n';

interface Header extends Omit<Checkpoint, 'tensors'> {
  tensors: { name: string; length: number }[];
}

/** A line that names the format, a line of JSON, padding to 4 bytes, then float32 little-endian. */
export function encodeCheckpoint({ tensors, ...rest }: Checkpoint): Uint8Array {
  const header: Header = {
    ...rest,
    tensors: tensors.map(({ name, values }) => ({ name, length: values.length })),
  };
  const text = Buffer.from(`${MAGIC}${JSON.stringify(header)}\n`);
  const padding = Buffer.alloc((4 - (text.length % 4)) % 4, ' ');
  const bytes = tensors.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return Buffer.concat([text, padding, ...bytes]);
}

/** @throws TenfoldError `corrupt` where the file is not whole. */
export function decodeCheckpoint(bytes: Uint8Array, path: string): Checkpoint {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = text.indexOf('\n', MAGIC.length) + 1;
  if (!text.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC)) || end === 0) {
    throw damaged(
      path,
      JSON.stringify(MAGIC.trim()),
      JSON.stringify(text.subarray(0, MAGIC.length).toString()),
    );
  }
  const { tensors, ...rest } = parseHeader(text.subarray(MAGIC.length, end).toString(), path);
  let offset = end + ((4 - (end % 4)) % 4);
  const expectedBytes = tensors.reduce((sum, { length }) => sum + 4 * length, offset);
  if (expectedBytes !== text.length) throw damaged(path, `${expectedBytes} bytes`, `${text.length} bytes`);
  return {
    ...rest,
    tensors: tensors.map(({ name, length }) => {
      const values = new Float32Array(length);
      text.copy(new Uint8Array(values.buffer), 0, offset, offset + 4 * length);
      offset += 4 * length;
      return { name, values };
    }),
  };
}

function parseHeader(line: string, path: string): Header {
  try {
    const header = JSON.parse(line) as Header | null;
    if (Array.isArray(header?.tensors)) return header;
  } catch {
    // Told below, with what came.
  }
  throw damaged(path, 'a header with its tensors', JSON.stringify(line.slice(0, 60)));
}

const damaged = (path: string, expected: string, got: string) =>
  unmet({ code: 'corrupt', what: path, expected, got, advice: 'The run cannot be resumed: train it anew.' });

export async function readCheckpoint(path: string): Promise<Checkpoint> {
  return decodeCheckpoint(await readFile(path), path);
}
