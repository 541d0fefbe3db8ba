import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ErrorCode } from '../../core/errors.js';
import type { Reply } from '../../web/protocol.js';

/** An event of the element, where it has bubbled to the document. */
export interface Told {
  type: string;
  code?: ErrorCode;
  message?: string;
}

interface Noted {
  told: Told[];
  replies: Reply[];
}

/** Opens a page that notes the element's events, and what its worker says. */
export async function visit(opener: Browser | BrowserContext, url: string): Promise<Page> {
  const page = await opener.newPage();
  await page.addInitScript(() => {
    const told: Told[] = [];
    const replies: Reply[] = [];
    Object.assign(globalThis, { told, replies });
    for (const type of ['digit-load', 'digit-change', 'digit-error'] as const) {
      document.addEventListener(type, (event) => {
        const error = 'error' in event.detail ? event.detail.error : undefined;
        told.push({ type, ...(error && { code: error.code, message: error.message }) });
      });
    }
    globalThis.Worker = class extends Worker {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        this.addEventListener('message', ({ data }) => replies.push(data as Reply));
      }
    };
  });
  await page.goto(url);
  return page;
}

export const toldIn = async (page: Page): Promise<Told[]> =>
  page.evaluate(() => (globalThis as unknown as Noted).told);

export const repliesIn = async (page: Page): Promise<Reply[]> =>
  page.evaluate(() => (globalThis as unknown as Noted).replies);

/** The first `digit-error`, once there is one. */
export async function errorIn(page: Page): Promise<Told> {
  const found = await page.waitForFunction(() =>
    (globalThis as unknown as Noted).told.find(({ type }) => type === 'digit-error'),
  );
  return (await found.jsonValue()) as Told;
}

/** Waits until worker, runtime, model and manifest are kept, whole: a key is there before its last byte. Their keys, without the origin. */
export async function kept(page: Page): Promise<string[]> {
  const found = await page.waitForFunction(
    async (count) => {
      const cache = await caches.open('tenfold-files');
      const requests = await cache.keys();
      for (const { url } of requests) {
        const bytes = await (await cache.match(url))?.arrayBuffer();
        const expected = new URL(url).searchParams.get('sha256');
        if (!bytes) return false;
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
        const measured = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
        if (expected !== null && measured !== expected) return false;
      }
      return (
        requests.length === count && requests.map(({ url }) => url.replace(/^https?:\/\/[^/]*/, '')).sort()
      );
    },
    KEPT_FILES,
    { polling: 200 },
  );
  return (await found.jsonValue()) as string[];
}

const KEPT_FILES = 4;
