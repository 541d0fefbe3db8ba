import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startBrowser } from '../browser.js';
import { answerOf, drawDigit, modelLoaded } from '../drawing.js';
import { kept, until } from '../visit.js';
import { startHost } from './host-page.js';
import { startSiteService } from './service.js';

let browser: Browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/** Waits until the service worker is there and has kept this file. */
async function settled(page: Page, file: string): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => {}));
  await until(() =>
    page.evaluate(async (wanted) => {
      const response = await (await caches.open('tenfold-page')).match(wanted);
      return response !== undefined && (await response.arrayBuffer()).byteLength > 0;
    }, file),
  );
}

async function reads(context: BrowserContext, url: string, digit: number): Promise<void> {
  const page = await context.newPage();
  await page.goto(url);
  await modelLoaded(page);
  await drawDigit(page, digit);
  await answerOf(page).getByText(String(digit)).waitFor();
  await page.close();
}

test('our page opens, draws and reads after its service has gone', async () => {
  const service = await startSiteService();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(service.url);
  await modelLoaded(page);
  await settled(page, `${service.url}/style.css`);
  await kept(page);
  await page.close();
  await service.close();
  await reads(context, `${service.url}/`, 7);
  await reads(context, `${service.url}/embed`, 0);
  await context.close();
});

test('a page that embeds the element keeps it by one line in its own service worker', async () => {
  const service = await startSiteService();
  const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8');
  const [snippet] = readme.match(/importScripts\([\s\S]*?keepDigitClassifier\(.*\);/) ?? [];
  let version = 1;
  const host = await startHost({
    pages: {
      '/': `<script type="module" src="${service.url}/digit-classifier.js"></script>
        <script type="module">navigator.serviceWorker.register('/sw.js')</script><digit-classifier></digit-classifier>`,
    },
    extend(app) {
      app.get('/sw.js', (_request, response) => {
        const script = snippet!.replaceAll('https://your-host', service.url);
        response.type('text/javascript').send(`${script}\n// ${version}`);
      });
    },
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(host.origin);
  await modelLoaded(page);
  await settled(page, `${service.url}/digit-classifier.js`);
  await kept(page);
  // When it takes over is for that worker to say: neither does this page get it before its next visit, nor does a new one push an old one out.
  assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);
  await page.reload();
  version++;
  const isWaiting = await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const coming = registration.installing ?? registration.waiting;
    while (coming?.state === 'installing') {
      await new Promise((resolve) => coming.addEventListener('statechange', resolve, { once: true }));
    }
    return registration.waiting !== null;
  });
  assert.equal(isWaiting, true);
  await page.close();
  await service.close();
  await reads(context, host.origin, 3);
  await context.close();
  await host.close();
});
