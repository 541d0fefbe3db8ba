import { describe, unmet } from '../../core/errors.js';
import { INPUT_SIDE, type RgbaImage } from '../../core/image.js';
import { checkJsonDepth } from '../http/json-depth.js';

/** What a JSON body asks to classify: a file's bytes, or pixels that need no decoding. */
export type JsonPicture = { kind: 'file'; bytes: Buffer } | { kind: 'pixels'; image: RgbaImage };

const ADVICE =
  'Send {"image": "<base64 or data URL>"} or {"pixels": [[28 rows of 28 numbers, ink high on 0]]}.';

/**
 * Reads `{"image": "..."}` or `{"pixels": [...]}`.
 * @throws TenfoldError `bad-input` where it is neither, or deeper than `depth` levels.
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
  return pixels === undefined
    ? { kind: 'file', bytes: fromBase64(image) }
    : { kind: 'pixels', image: fromPixels(pixels) };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw bad('JSON', 'the body', (cause as Error).message, cause);
  }
}

const DATA_URL = /^data:[^,]*;base64,/;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;

function fromBase64(image: unknown): Buffer {
  if (typeof image !== 'string') throw bad('a base64 string or data URL', 'image', describe(image));
  const text = image.replace(DATA_URL, '').replace(/\s+/g, '');
  if (!BASE64.test(text)) throw bad('a base64 string or data URL', 'image', describe(image));
  return Buffer.from(text, 'base64');
}

/**
 * 28 rows of 28 numbers, or 784 in a row. Where none is above 1 they are shares of full ink, else 0 to 255; they
 * are rounded to 1/255 and go the way of any picture: `pixels` of an MNIST image gives what its PNG file gives.
 */
function fromPixels(pixels: unknown): RgbaImage {
  const rows = Array.isArray(pixels) && Array.isArray(pixels[0]) ? pixels : [pixels];
  const values: unknown[] = rows.flat();
  const regular =
    rows.length === 1 || (rows.length === INPUT_SIDE && rows.every((row) => row.length === INPUT_SIDE));
  if (!Array.isArray(pixels) || !regular || values.length !== INPUT_SIDE * INPUT_SIDE) {
    const got = Array.isArray(pixels) ? `${rows.length} rows, ${values.length} values` : describe(pixels);
    throw bad('28 rows of 28 numbers', 'pixels', got);
  }
  const wrong = values.findIndex((value) => !(typeof value === 'number' && value >= 0 && value <= 255));
  if (wrong >= 0) throw bad('a number from 0 to 255', `value ${wrong} of pixels`, describe(values[wrong]));
  const numbers = values as number[];
  const scale = numbers.some((value) => value > 1) ? 1 : 255;
  const data = new Uint8Array(numbers.length * 4).fill(255);
  numbers.forEach((value, index) => {
    data.fill(Math.round(value * scale), index * 4, index * 4 + 3);
  });
  return { width: INPUT_SIDE, height: INPUT_SIDE, data };
}

const bad = (expected: string, what: string, got: string, cause?: unknown) =>
  unmet({ code: 'bad-input', what, expected, got, advice: ADVICE, cause });
