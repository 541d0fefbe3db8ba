import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startBrowser } from './browser.js';
import { modelLoaded } from './drawing.js';
import { type Site, type SiteOptions, startSite } from './site-server.js';
import { makeTinyBundle, type TinyBundle } from './tiny-bundle.js';

/** What a page tells of the element's events, in their order. */
export interface Told {
  type: string;
  code?: string;
  text?: string;
}

export interface Lab {
  site: Site;
  browser: Browser;
  bundle: TinyBundle;
  /** Opens a page with this body, its element loaded where there is one; `told` collects events that reached the document. */
  open(body: string, options?: BrowserContextOptions): Promise<Page>;
  close(): Promise<void>;
}

/** A site, a small real bundle and a browser. */
export async function startLab(
  options: Partial<SiteOptions> & { switches?: readonly string[] } = {},
): Promise<Lab> {
  const [bundle, browser] = await Promise.all([makeTinyBundle(), startBrowser(options.switches)]);
  const site = await startSite({
    bundle: bundle.directory,
    ...options,
    extend(app) {
      options.extend?.(app);
      app.get('/lab', (request, response) => {
        response
          .type('html')
          .send(
            `<!doctype html><html lang="en"><head><title>Lab</title><script type="module" src="/digit-classifier.js"></script></head><body>${request.query.body}</body></html>`,
          );
      });
    },
  });
  return {
    site,
    browser,
    bundle,
    async open(body, contextOptions) {
      const context = await browser.newContext(contextOptions);
      const page = await context.newPage();
      await page.addInitScript(() => {
        const told: Told[] = [];
        Object.assign(globalThis, { told });
        for (const type of ['digit-input', 'digit-change', 'digit-error'] as const) {
          document.addEventListener(type, ({ detail }) => {
            told.push('error' in detail ? { type, code: detail.error.code } : { type, text: detail.text });
          });
        }
      });
      await page.goto(`${site.url}lab?${new URLSearchParams({ body })}`);
      if (body.includes('<digit-classifier') && !body.includes('src=')) await modelLoaded(page);
      return page;
    },
    async close() {
      await browser.close();
      await site.close();
      await bundle.remove();
    },
  };
}

export const toldIn = (page: Page): Promise<Told[]> =>
  page.evaluate(() => (globalThis as unknown as { told: Told[] }).told);

/** Something within the first element. */
export const inside = (page: Page, selector: string) =>
  page.locator(`digit-classifier >> ${selector}`).first();

/** Evaluates with the page's element. */
export const withElement = <Result>(
  page: Page,
  work: (element: HTMLElementTagNameMap['digit-classifier']) => Result | Promise<Result>,
): Promise<Result> => page.locator('digit-classifier').first().evaluate(work);
