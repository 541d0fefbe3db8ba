import { unmet } from '../../core/errors.js';
import type { Reply } from '../worker/protocol.js';
import { assetUrl } from './assets.js';
import { type KeepOptions, loadKnown } from './kept-files.js';
import { underPolicy } from './policy.js';
import { trustedScript } from './trusted.js';

/** The worker's script, lower-case hexadecimal; the build writes it in. */
declare const WORKER_SHA256: string;

const WORKER_FILE = 'digit-classifier-worker.js';

/** The script's address, the same for all workers of the page; a script that did not come is asked for again. */
let address: Promise<string> | undefined;

/**
 * A worker that has said it is there. Its script is loaded as bytes, held to its hash and started from a blob: URL, so that it runs on pages
 * of any origin, is what this script was built with, and is kept for offline use like all else.
 * @throws TenfoldError what `loadKnown` and `underPolicy` throw; `forbidden` where no worker may be made, `failed` where the script does
 * not run.
 */
export async function startWorker(options: KeepOptions): Promise<Worker> {
  address ??= addressOf(options).catch((error) => {
    address = undefined;
    throw error;
  });
  const url = await address;
  return underPolicy(url, () => started(url));
}

/** It stays valid as long as the page: the runtime starts its threads from it. */
async function addressOf(options: KeepOptions): Promise<string> {
  const script = await loadKnown({ url: assetUrl(WORKER_FILE), sha256: WORKER_SHA256 }, options);
  return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
}

function started(url: string): Promise<Worker> {
  return new Promise((resolve, reject) => {
    const worker = makeWorker(url);
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      if (data.kind === 'started') resolve(worker);
    });
    worker.addEventListener('error', (event) => {
      reject(
        unmet({
          code: 'failed',
          what: WORKER_FILE,
          expected: 'a worker that starts',
          got: event.message || 'none',
          advice: 'Use a browser that has module workers: Chrome 112, Firefox 119, Safari 16.4, or later.',
        }),
      );
    });
  });
}

function makeWorker(url: string): Worker {
  try {
    return new Worker(trustedScript(url), { type: 'module' });
  } catch (cause) {
    throw unmet({
      code: 'forbidden',
      what: WORKER_FILE,
      expected: 'a page that lets it start',
      got: (cause as Error).message,
      advice: "Add tenfold to trusted-types of the page's policy, where it requires them.",
      cause,
    });
  }
}
