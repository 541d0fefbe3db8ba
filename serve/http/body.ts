import type { IncomingMessage } from 'node:http';
import { unmet } from '../../core/errors.js';

/**
 * A request's whole body.
 * @throws TenfoldError `unsupported-media` where it is compressed, and what `receiveBody` throws.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') {
    throw unmet({
      code: 'unsupported-media',
      what: 'the Content-Encoding',
      expected: 'an uncompressed body',
      got: encoding,
      advice: 'Pictures are compressed already: send them as they are.',
    });
  }
  const chunks = await receiveBody(request, limit);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * A request's whole body as it came, piece by piece.
 * @throws TenfoldError `too-large` as soon as it is longer than `limit` bytes, by its header or by what arrives;
 * `bad-input` where the client went away.
 */
export function receiveBody(request: IncomingMessage, limit: number): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > limit) throw tooLong(limit, `${announced} bytes`);

    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      reject(tooLong(limit, 'more'));
    });
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
