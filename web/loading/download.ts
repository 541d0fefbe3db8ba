import { concatenated } from '../../core/bytes.js';
import { TenfoldError, unmet } from '../../core/errors.js';
import { underPolicy } from './policy.js';

/** Called with the bytes of each piece as it comes. */
export type OnBytes = (bytes: number) => void;

export interface DownloadOptions {
  onBytes?: OnBytes;
  /** What the browser's own cache is for; by default what its headers say. */
  cache?: RequestCache;
  /** How long not a byte may come before it is given up, milliseconds. */
  patience?: number;
  /** What to do where there is no such file. */
  adviceWhereMissing?: string;
}

/** Longer than a mobile connection takes to come back, shorter than a person waits for nothing. */
const PATIENCE = 30_000;

/**
 * Fetches a whole file, counting its bytes after decompression.
 * @throws TenfoldError `not-found` for a status of 3xx or 4xx, `unavailable` for 5xx, where nothing answers and where the answer stops,
 * `offline` where the browser knows of no connection, `forbidden` where the page's policy does not allow the URL.
 */
export function download(url: string, options: DownloadOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  return underPolicy(url, () => fetchWhole(url, options));
}

async function fetchWhole(url: string, options: DownloadOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { onBytes = () => {}, cache = 'default', patience = PATIENCE } = options;
  const given = new AbortController();
  const giveUp = () => given.abort(new Error(`no byte for ${patience / 1000} s`));
  let timer = setTimeout(giveUp, patience);
  try {
    const response = await fetch(url, { cache, signal: given.signal });
    if (!response.ok) throw refused(response, url, options.adviceWhereMissing);
    const pieces: Uint8Array[] = [];
    const reader = response.body!.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, patience);
      pieces.push(next.value);
      onBytes(next.value.length);
    }
    return concatenated(pieces);
  } catch (cause) {
    throw cause instanceof TenfoldError ? cause : unreachable(url, cause);
  } finally {
    clearTimeout(timer);
  }
}

function refused({ status, statusText }: Response, url: string, adviceWhereMissing?: string) {
  const missing = status < 500;
  return unmet({
    code: missing ? 'not-found' : 'unavailable',
    what: url,
    expected: 'status 200',
    got: `${status} ${statusText}`.trim(),
    advice: missing
      ? (adviceWhereMissing ?? 'Publish all files of one build together.')
      : 'Try again in a while.',
  });
}

function unreachable(url: string, cause: unknown) {
  // Only false is sure: a machine that is connected to something counts as online.
  const offline = globalThis.navigator?.onLine === false;
  return unmet({
    code: offline ? 'offline' : 'unavailable',
    what: url,
    expected: 'a whole answer',
    got: offline ? 'no connection' : (cause as Error).message,
    advice: offline
      ? 'Connect to the internet once: what is needed is kept for later visits.'
      : 'Check the connection, then try again.',
    cause,
  });
}
