import type { BrowserContext, Page } from 'playwright-core';
import { answerOf, drawDigit, modelLoaded } from './drawing.js';

/** What one visit took. */
export interface Visit {
  /** All that came for the page, headers included. */
  bytes: number;
  /** From the first touch, before which nothing was loaded, to the first answer, milliseconds. */
  firstMilliseconds: number;
}

/** What drawing took, once all is loaded. */
export interface Drawing {
  /** Of each answer, pixels to answer in the worker, milliseconds. */
  predictions: number[];
  /** From each pointer move to the bars that say so in the document, before they are painted, milliseconds. */
  updates: number[];
  /** Tasks of the main thread over 50 ms, milliseconds. */
  longTasks: number[];
}

interface Marks extends Drawing {
  touched?: number;
  answered?: number;
}

type Marked = { marks: Marks };

/** Notes in the page what happens when; the element is not loaded before it is touched. */
function watch(): void {
  // It would load as soon as it is seen.
  globalThis.IntersectionObserver = class {
    observe() {}
    disconnect() {}
  } as unknown as typeof IntersectionObserver;
  const marks: Marks = { predictions: [], updates: [], longTasks: [] };
  Object.assign(globalThis, { marks });
  let moves: number[] = [];
  addEventListener(
    'pointerdown',
    ({ timeStamp }) => {
      marks.touched ??= timeStamp;
    },
    true,
  );
  addEventListener(
    'pointermove',
    ({ timeStamp, buttons }) => {
      if (buttons > 0) moves.push(timeStamp);
    },
    true,
  );
  const onAnswer = ({ detail }: Event & { detail: { reason: string | null; milliseconds: number } }) => {
    const now = performance.now();
    if (detail.reason === 'blank') return;
    marks.answered ??= now;
    marks.predictions.push(detail.milliseconds);
    // A move that came after the question is answered by the next one.
    const asked = now - detail.milliseconds;
    marks.updates.push(...moves.filter((move) => move <= asked).map((move) => now - move));
    moves = moves.filter((move) => move > asked);
  };
  for (const type of ['digit-input', 'digit-change'])
    addEventListener(type, (event) => onAnswer(event as Parameters<typeof onAnswer>[0]));
  new PerformanceObserver((list) => {
    marks.longTasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: 'longtask' });
}

/** Bytes on the wire of all that the page asks for from now on. */
export function countBytes(page: Page): () => Promise<number> {
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (!request.url().startsWith('http')) return;
    sizes.push(
      request
        .sizes()
        .then(({ responseBodySize, responseHeadersSize }) => responseBodySize + responseHeadersSize),
    );
  });
  return async () => (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** Opens the whole page and waits until it could answer. */
export async function visitBytes(context: BrowserContext, url: string): Promise<number> {
  const page = await context.newPage();
  const bytes = countBytes(page);
  await page.goto(url);
  await modelLoaded(page);
  const counted = await bytes();
  await page.close();
  return counted;
}

/** Opens the element alone and draws on it at once. */
export async function visit(context: BrowserContext, url: string): Promise<{ visit: Visit; page: Page }> {
  const page = await context.newPage();
  await page.addInitScript(watch);
  const bytes = countBytes(page);
  await page.goto(url);
  await answerOf(page).waitFor({ state: 'attached' });
  await drawDigit(page, 1);
  const marks = await page.waitForFunction(() => {
    const { touched, answered } = (globalThis as unknown as Marked).marks;
    return answered !== undefined && { touched: touched!, answered };
  });
  const { touched, answered } = (await marks.jsonValue()) as { touched: number; answered: number };
  return { visit: { bytes: await bytes(), firstMilliseconds: answered - touched }, page };
}

/** Draws all ten digits on a page that `visit` opened. */
export async function draw(page: Page): Promise<Drawing> {
  await page.evaluate(() => {
    const { marks } = globalThis as unknown as Marked;
    for (const list of [marks.predictions, marks.updates, marks.longTasks]) list.length = 0;
  });
  for (let digit = 0; digit < 10; digit++) {
    await page.evaluate(() => document.querySelector('digit-classifier')!.clear());
    await drawDigit(page, digit);
  }
  await page.waitForTimeout(200);
  return page.evaluate(() => (globalThis as unknown as Marked).marks);
}
