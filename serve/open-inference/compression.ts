import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { constants, deflate, gunzip, gzip, inflate, type ZlibOptions } from 'node:zlib';
import { describe, unmet } from '../../core/errors.js';
import { contentCoding } from '../http/body.js';
import { refused } from './validate.js';

type Transform = (bytes: Uint8Array, options: ZlibOptions) => Promise<Buffer>;

/** Content codings of bodies both ways. HTTP's deflate is zlib's format (RFC 9110, 8.4.1.2). */
const CODINGS = {
  gzip: { compress: promisify(gzip) as Transform, decompress: promisify(gunzip) as Transform },
  deflate: { compress: promisify(deflate) as Transform, decompress: promisify(inflate) as Transform },
} as const;

export type Coding = keyof typeof CODINGS;
export const CODING_NAMES = Object.keys(CODINGS) as Coding[];

/** An answer smaller than this is sent as it is: compressing takes longer than it saves. */
export const LEAST_COMPRESSED_BYTES = 1024;
/** Of what is being decompressed: fewer, larger pieces. */
const CHUNK_BYTES = 64 * 1024;

/**
 * The coding of a request's body; null where it has none.
 * @throws TenfoldError `unsupported-media` where it is another.
 */
export function codingOf(request: IncomingMessage): Coding | null {
  const given = contentCoding(request);
  if (given === 'identity') return null;
  const coding = CODING_NAMES.find((name) => name === given);
  if (coding !== undefined) return coding;
  throw unmet({
    code: 'unsupported-media',
    what: 'the Content-Encoding',
    expected: `${CODING_NAMES.join(', ')} or none`,
    got: describe(given),
    advice: 'Compress the body in one of these ways, or not at all.',
  });
}

/**
 * @throws TenfoldError `too-large` where it would become longer than `limit` bytes, before it is; `bad-input` where it
 * is not of that coding.
 */
export async function decompress(bytes: Buffer, coding: Coding, limit: number): Promise<Buffer> {
  try {
    return await CODINGS[coding].decompress(bytes, { maxOutputLength: limit, chunkSize: CHUNK_BYTES });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw unmet({
        code: 'too-large',
        what: 'the decompressed body',
        expected: `at most ${limit} bytes`,
        got: 'more',
        advice: 'Send fewer rows in one request.',
        cause,
      });
    }
    throw refused({
      what: 'the body',
      expected: `whole ${coding} data, as its Content-Encoding says`,
      got: message,
      advice: 'Compress the JSON and the bytes behind it together, or send them as they are.',
      cause,
    });
  }
}

export const compress = (bytes: Buffer, coding: Coding): Promise<Buffer> =>
  CODINGS[coding].compress(bytes, { level: constants.Z_BEST_SPEED });
