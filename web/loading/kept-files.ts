import { TenfoldError, unmet } from '../../core/errors.js';
import { type DownloadOptions, download } from './download.js';
import { sha256 } from './sha256.js';

/** The cache of the page's origin that holds what was loaded; every version of this code takes the same. */
const CACHE_NAME = 'tenfold-files';

/** A file whose content is known before it is loaded. */
export interface KnownFile {
  url: string;
  /** Lower-case hexadecimal. */
  sha256: string;
}

export interface KeepOptions extends DownloadOptions {
  /** Nothing is written before this. */
  keepAfter?: Promise<unknown>;
  /** Told with code `storage-full` where a file could not be kept; it is used all the same, and loaded again next time. */
  onUnkept?: (error: TenfoldError) => void;
}

/**
 * A file's bytes, from an earlier visit where they were kept, else from its server, and kept from then on in the place of what the same
 * URL had before. Where the browser has no Cache Storage (plain http) or forbids it, nothing is kept and nobody is told: nothing is wrong.
 * @throws TenfoldError what `download` throws; `corrupt` where the server's bytes have another hash.
 */
export async function loadKnown(
  file: KnownFile,
  options: KeepOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const cache = await openCache();
  const key = keyOf(file);
  const kept = await bytesIn(cache, key);
  if (kept && (await sha256(kept)) === file.sha256) {
    options.onBytes?.(kept.length);
    return kept;
  }
  const bytes = await downloadKnown(file, options);
  if (cache) void keep(cache, key, bytes, options);
  return bytes;
}

/**
 * A small text whose content may change, always asked for; what was kept of it stands in while its server does not answer.
 * @throws TenfoldError what `download` throws where nothing was kept.
 */
export async function loadText(url: string, options: KeepOptions = {}): Promise<string> {
  const cache = await openCache();
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await download(url, { ...options, cache: 'no-cache' });
    if (cache) void keep(cache, url, bytes, options);
  } catch (error) {
    const unanswered = error instanceof TenfoldError && ['offline', 'unavailable'].includes(error.code);
    const kept = unanswered && (await bytesIn(cache, url));
    if (!kept) throw error;
    bytes = kept;
  }
  return new TextDecoder().decode(bytes);
}

/** What came with another hash may be of the browser's own cache, from before a new version: it is asked for once more, past that. */
async function downloadKnown(file: KnownFile, options: KeepOptions): Promise<Uint8Array<ArrayBuffer>> {
  let came = 0;
  const onBytes = (bytes: number) => {
    came += bytes;
    options.onBytes?.(bytes);
  };
  const first = await download(file.url, { ...options, onBytes });
  if ((await sha256(first)) === file.sha256) return first;
  options.onBytes?.(-came);
  const second = await download(file.url, { ...options, cache: 'reload' });
  const measured = await sha256(second);
  if (measured === file.sha256) return second;
  throw unmet({
    code: 'corrupt',
    what: `the sha256 of ${file.url}`,
    expected: file.sha256,
    got: measured,
    advice:
      'It was changed on its way, or a newer version took its place: reload the page. If this stays, its files are to be published anew, together.',
  });
}

/** One key a content: a new version never meets an old one's bytes. */
function keyOf({ url, sha256: hash }: KnownFile): string {
  const key = new URL(url);
  key.searchParams.set('sha256', hash);
  return key.href;
}

async function openCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(CACHE_NAME);
  } catch {
    // A sandboxed frame, or a browser that is told to keep nothing.
    return undefined;
  }
}

async function bytesIn(cache: Cache | undefined, key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const response = await cache?.match(key);
    return response && new Uint8Array(await response.arrayBuffer());
  } catch {
    // Kept, but not readable any more: as good as never kept.
    return undefined;
  }
}

async function keep(
  cache: Cache,
  key: string,
  bytes: Uint8Array<ArrayBuffer>,
  { keepAfter, onUnkept = () => {} }: KeepOptions,
): Promise<void> {
  try {
    await keepAfter;
    await cache.delete(key, { ignoreSearch: true });
    await cache.put(key, new Response(bytes));
  } catch (cause) {
    if ((cause as Error).name !== 'QuotaExceededError') return;
    onUnkept(
      unmet({
        code: 'storage-full',
        what: `keeping ${key.split('?')[0]}`,
        expected: `room for ${Math.ceil(bytes.length / 1e6)} MB`,
        got: 'none left',
        advice: 'It works, but is loaded anew on each visit, until there is room on this device.',
        cause,
      }),
    );
  }
}
