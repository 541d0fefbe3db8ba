import type { IncomingMessage } from 'node:http';
import { unmet } from '../../core/errors.js';
import { Budget, type Holding } from '../budget.js';
import type { Limits } from '../limits.js';

/** What a body is held to. */
export interface BodyLimits {
  /** Bytes of one. */
  limit: number;
  /** What the request holds of what all bodies may take together. */
  holding: Holding;
}

const BYTES_OF_PIXEL = 4;

/** The bodies of all requests may take as much memory as the pictures that they become. */
export const bodyBudget = ({ queuedPixels }: Pick<Limits, 'queuedPixels'>): Budget =>
  new Budget(BYTES_OF_PIXEL * queuedPixels, 'bytes');

/** The content coding of a body, in lower case, for it is the same in any (RFC 9110, section 8.4.1); `identity` where it has none. */
export const contentCoding = ({ headers }: IncomingMessage): string =>
  headers['content-encoding']?.trim().toLowerCase() || 'identity';

/**
 * A request's whole body.
 * @throws TenfoldError `unsupported-media` where it is compressed, and what `receiveBody` throws.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  const encoding = contentCoding(request);
  if (encoding !== 'identity') {
    throw unmet({
      code: 'unsupported-media',
      what: 'the Content-Encoding',
      expected: 'an uncompressed body',
      got: encoding,
      advice: 'Pictures are compressed already: send them as they are.',
    });
  }
  const chunks = await receiveBody(request, limits);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * A request's whole body as it came, piece by piece; it is held for as long as its holding is.
 * @throws TenfoldError `too-large` as soon as it is longer than `limit` bytes, by its header or by what arrives;
 * `unavailable` where all bodies together would be larger than the budget; `bad-input` where the client went away; `failed` where
 * somebody else read it.
 */
export function receiveBody(request: IncomingMessage, { limit, holding }: BodyLimits): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > limit) throw tooLong(limit, `${announced} bytes`);
    if (request.readableEnded) throw readBefore();

    const chunks: Buffer[] = [];
    let length = 0;
    const keep = (chunk: Buffer) => {
      length += chunk.length;
      try {
        if (length > limit) throw tooLong(limit, 'more');
        holding.add(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        // What still arrives is let go of.
        request.off('data', keep);
        chunks.length = 0;
        reject(error);
      }
    };
    request.on('data', keep);
    request.on('end', () => resolve(chunks));
    request.on('error', (cause) => {
      reject(
        unmet({
          code: 'bad-input',
          what: 'the body',
          expected: 'all of it',
          got: `${length} bytes and then nothing`,
          advice: 'Send it again.',
          cause,
        }),
      );
    });
  });
}

const tooLong = (limit: number, got: string) =>
  unmet({
    code: 'too-large',
    what: 'the body',
    expected: `at most ${limit} bytes`,
    got,
    advice: 'Send fewer or smaller pictures in one request.',
  });

const readBefore = () =>
  unmet({
    code: 'failed',
    what: 'the body',
    expected: 'one that nobody has read',
    got: 'one that was read to its end',
    advice: 'Mount the app before express.json() and other parsers of bodies.',
  });
