import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { ErrorCode } from '../../core/errors.js';
import type { LoadProgress, Reply } from '../../web/worker/protocol.js';
import { PATIENCE } from './browser.js';

/** An event of the element, where it has bubbled to the document. */
export interface Told {
  type: string;
  code?: ErrorCode;
  message?: string;
}

interface Noted {
  told: Told[];
  progress: LoadProgress[];
  replies: Reply[];
}

/** Opens a page that notes the element's events, and what its worker says. */
export async function visit(opener: Browser | BrowserContext, url: string): Promise<Page> {
  const page = await opener.newPage();
  await page.addInitScript(() => {
    const told: Told[] = [];
    const progress: LoadProgress[] = [];
    const replies: Reply[] = [];
    Object.assign(globalThis, { told, progress, replies });
    document.addEventListener('digit-progress', ({ detail }) => progress.push(detail));
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

/** What `digit-progress` said, each time. */
export const progressIn = async (page: Page): Promise<LoadProgress[]> =>
  page.evaluate(() => (globalThis as unknown as Noted).progress);

export const repliesIn = async (page: Page): Promise<Reply[]> =>
  page.evaluate(() => (globalThis as unknown as Noted).replies);

/** The first `digit-error`, once there is one. */
export async function errorIn(page: Page): Promise<Told> {
  const found = await page.waitForFunction(() =>
    (globalThis as unknown as Noted).told.find(({ type }) => type === 'digit-error'),
  );
  return (await found.jsonValue()) as Told;
}

const KEPT_FILES = 4;

/** Waits until worker, runtime, model and manifest are kept, whole: a key is there before its last byte. Their keys, without the origin. */
export const kept = (page: Page): Promise<string[]> =>
  until(async () => {
    const keys = await page.evaluate(wholeKeys);
    return keys.length === KEPT_FILES && keys;
  });

/** Runs in the page. */
async function wholeKeys(): Promise<string[]> {
  const whole: string[] = [];
  const cache = await caches.open('tenfold-files');
  for (const { url } of await cache.keys()) {
    const bytes = await (await cache.match(url))?.arrayBuffer();
    if (!bytes) continue;
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const measured = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const { pathname, search, searchParams } = new URL(url);
    if ([null, measured].includes(searchParams.get('sha256'))) whole.push(pathname + search);
  }
  return whole.sort();
}

/** Asks again until there is an answer; Playwright's own waiting takes a promise for one. */
export async function until<Value>(ask: () => Promise<Value | false | undefined>): Promise<Value> {
  for (const started = Date.now(); Date.now() - started < PATIENCE; ) {
    const value = await ask();
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no answer within ${PATIENCE / 1000} s: ${ask}`);
}
