import { describe } from '../../core/errors.js';
import { INPUT } from './contract.js';
import { refused } from './validate.js';

const ADVICE =
  'Send ink as numbers from 0 to 1, row by row: one value that is no number makes every answer none.';

const bad = (what: string, expected: string, got: string) => refused({ what, expected, got, advice: ADVICE });

/**
 * Little-endian float32 within a body: the body's own memory where it lies right in it and nobody else uses it (see
 * `serve/open-inference/body.ts`), else a copy.
 * @throws TenfoldError `bad-input` where a value is NaN or infinite.
 */
export function floatsOfBytes(body: Buffer, start: number, count: number): Float32Array {
  const size = Float32Array.BYTES_PER_ELEMENT;
  const offset = body.byteOffset + start;
  // Small buffers are parts of a common one.
  const isAlone = body.buffer.byteLength - body.length < size;
  const floats =
    isAlone && offset % size === 0
      ? new Float32Array(body.buffer, offset, count)
      : new Float32Array(copyOf(body.subarray(start, start + count * size)), 0, count);
  requireFinite(floats);
  return floats;
}

function copyOf(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}

/**
 * Numbers of JSON, flat or nested in any way: like Triton it takes them in the order in which they stand.
 * @throws TenfoldError `bad-input` where they are not `count` numbers that float32 has.
 */
export function floatsOfJson(data: unknown, count: number): Float32Array {
  if (!Array.isArray(data)) throw bad(`the data of ${INPUT.name}`, 'a list of numbers', describe(data));
  const floats = new Float32Array(count);
  const length = fill(floats, data, 0);
  if (length !== count) throw wrongCount(count, `${length}`);
  requireFinite(floats);
  return floats;
}

/** Writes what a list holds from `at` on; `readJson` has seen to it that it is not too deep. */
function fill(floats: Float32Array, list: readonly unknown[], at: number): number {
  let next = at;
  for (const value of list) {
    if (typeof value === 'number') {
      if (next === floats.length) throw wrongCount(floats.length, 'more');
      floats[next++] = value;
    } else if (Array.isArray(value)) next = fill(floats, value, next);
    else throw bad(`value ${next} of ${INPUT.name}`, 'a number', describe(value));
  }
  return next;
}

const wrongCount = (count: number, got: string) =>
  bad(`the data of ${INPUT.name}`, `${count} numbers (as many as its shape says)`, got);

function requireFinite(floats: Float32Array): void {
  let sum = 0;
  // Anything finite gives 0, so that one comparison does for all.
  for (let index = 0; index < floats.length; index++) sum += floats[index]! * 0;
  if (sum === 0) return;
  const index = floats.findIndex((value) => !Number.isFinite(value));
  throw bad(`value ${index} of ${INPUT.name}`, 'a finite float32', `${floats[index]}`);
}
