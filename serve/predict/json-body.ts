import { describe, unmet } from '../../core/errors.js';
import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../core/image.js';
import { checkJsonDepth } from '../http/json-depth.js';
import { jsonText } from '../http/json-text.js';
import { refuseOptions } from './predict-options.js';
import { IMAGE_MEMBER } from './schemas.js';

/** What a JSON body asks to classify: a file's bytes, or pixels that need no decoding. */
export type JsonPicture = { kind: 'file'; bytes: Buffer } | { kind: 'pixels'; image: RgbaImage };

const ADVICE =
  'Send {"image": "<base64 or data URL>"} or {"pixels": [[28 rows of 28 numbers, ink high on 0]]}.';

/**
 * Reads `{"image": "..."}` or `{"pixels": [...]}`.
 * @throws TenfoldError `bad-input` where it is neither, deeper than `depth` levels, or has a parameter of the query beside it.
 */
export function parseJsonBody(body: Buffer, depth: number): JsonPicture {
  checkJsonDepth(body, depth);
  const value = parse(body);
  const { image, pixels } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if ((image === undefined) === (pixels === undefined)) {
    const got =
      typeof value === 'object' && value !== null
        ? `the members ${describe(Object.keys(value))}`
        : describe(value);
    throw bad('an object with image or pixels', 'the JSON body', got);
  }
  refuseOptions(Object.keys(value as object), 'the JSON body');
  return pixels === undefined
    ? { kind: 'file', bytes: fromBase64(image) }
    : { kind: 'pixels', image: fromPixels(pixels) };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(jsonText(body));
  } catch (cause) {
    throw bad('JSON', 'the body', (cause as Error).message, cause);
  }
}

const DATA_URL = /^data:[^,]*,/;

function fromBase64(image: unknown): Buffer {
  const { success, data } = IMAGE_MEMBER.safeParse(image);
  if (!success) throw bad('a base64 string or data URL', 'image', describe(image));
  // Node's decoder passes over white space and takes both alphabets.
  return Buffer.from(data.replace(DATA_URL, ''), 'base64');
}

/**
 * 28 rows of 28 numbers, or 784 in a row. Where none is above 1 they are shares of full ink, else 0 to 255; they
 * are rounded to 1/255 and go the way of any picture: `pixels` of an MNIST image gives what its PNG file gives. Accepts
 * what PIXELS_MEMBER describes.
 */
function fromPixels(pixels: unknown): RgbaImage {
  const inRows = isArrayOf(INPUT_SIDE, pixels) && pixels.every((row) => isArrayOf(INPUT_SIDE, row));
  const values = inRows ? ([] as unknown[]).concat(...pixels) : pixels;
  if (!isArrayOf(INPUT_LENGTH, values)) throw bad('28 rows of 28 numbers', 'pixels', sizeOf(pixels));
  const wrong = values.findIndex((value) => !(typeof value === 'number' && value >= 0 && value <= 255));
  if (wrong >= 0) throw bad('a number from 0 to 255', `value ${wrong} of pixels`, describe(values[wrong]));
  const numbers = values as number[];
  const scale = numbers.some((value) => value > 1) ? 1 : 255;
  const data = new Uint8Array(INPUT_LENGTH * 4);
  for (let index = 0; index < INPUT_LENGTH; index++) {
    const grey = Math.round(numbers[index]! * scale);
    data[index * 4] = data[index * 4 + 1] = data[index * 4 + 2] = grey;
    data[index * 4 + 3] = 255;
  }
  return { width: INPUT_SIDE, height: INPUT_SIDE, data };
}

const isArrayOf = (length: number, value: unknown): value is unknown[] =>
  Array.isArray(value) && value.length === length;

function sizeOf(pixels: unknown): string {
  if (!Array.isArray(pixels)) return describe(pixels);
  const rows = pixels.some(Array.isArray) ? pixels.length : 1;
  return `${rows} rows, ${pixels.flat().length} values`;
}

const bad = (expected: string, what: string, got: string, cause?: unknown) =>
  unmet({ code: 'bad-input', what, expected, got, advice: ADVICE, cause });
