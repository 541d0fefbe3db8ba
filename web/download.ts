import { unmet } from '../core/errors.js';

/** Called with the bytes of each piece as it comes. */
export type OnBytes = (bytes: number) => void;

/**
 * Fetches a whole file, counting its bytes after decompression.
 * @throws TenfoldError `not-found` for a status of 3xx or 4xx, `unavailable` for 5xx and where nothing answers.
 */
export async function download(url: string, onBytes: OnBytes = () => {}): Promise<Uint8Array<ArrayBuffer>> {
  const response = await request(url);
  const pieces: Uint8Array[] = [];
  try {
    const reader = response.body!.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      onBytes(next.value.length);
    }
  } catch (cause) {
    throw unreachable(url, cause);
  }
  return join(pieces);
}

async function request(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw unreachable(url, cause);
  }
  if (!response.ok) {
    const missing = response.status < 500;
    throw unmet({
      code: missing ? 'not-found' : 'unavailable',
      what: url,
      expected: 'status 200',
      got: `${response.status} ${response.statusText}`.trim(),
      advice: missing
        ? 'Check the src attribute: it names the folder that holds manifest.json and model.onnx.'
        : 'Try again in a while.',
    });
  }
  return response;
}

function unreachable(url: string, cause: unknown) {
  return unmet({
    code: 'unavailable',
    what: url,
    expected: 'a whole answer',
    got: (cause as Error).message,
    advice: 'Check the connection, then try again.',
    cause,
  });
}

function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
