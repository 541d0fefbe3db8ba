import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import type { ErrorCode } from '../../../core/errors.js';
import { MANIFEST_FILE, type Manifest, MODEL_FILE } from '../../../core/manifest.js';
import { speechOf, type Trouble } from '../../../web/element/texts.js';
import { inChromium, startBrowser } from '../browser.js';
import { answerOf, drawDigit, modelLoaded } from '../drawing.js';
import { CONTENT_SECURITY_POLICY, type Site, startSite } from '../site-server.js';
import { makeTinyBundle, type TinyBundle } from '../tiny-bundle.js';
import { errorIn, kept, progressIn, repliesIn, toldIn, visit } from '../visit.js';

const SITE = fileURLToPath(new URL('../../../web/site/', import.meta.url));
const RUNTIME = 'ort-wasm-simd-threaded.wasm';
const WORKER = 'digit-classifier-worker.js';
const ONE = '<digit-classifier></digit-classifier>';

/** A copy of the built site with one file put in the place of another. */
const COPIES: Record<string, { file: string; damage: (bytes: Buffer) => Buffer | null }> = {
  'changed-runtime': { file: RUNTIME, damage: flip },
  'changed-worker': { file: WORKER, damage: flip },
  'no-runtime': { file: RUNTIME, damage: () => null },
  'no-worker': { file: WORKER, damage: () => null },
};

/** What each policy lacks, and what a page under it is to be told. */
const POLICIES: Record<string, { from: string; to: string; advice: RegExp }> = {
  'no-wasm': { from: " 'wasm-unsafe-eval'", to: '', advice: /Add 'wasm-unsafe-eval' to script-src/ },
  'no-worker-src': {
    from: "worker-src 'self' blob:",
    to: "worker-src 'self'",
    advice: /Add blob: to worker-src/,
  },
  'no-connect-src': {
    from: "connect-src 'self'",
    to: "connect-src 'none'",
    advice: /Add http.* to connect-src/,
  },
};

function flip(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed[changed.length >> 1]! ^= 1;
  return changed;
}

let bundle: TinyBundle;
let site: Site;
let browser: Browser;
/** Paths that were asked for, in order. */
let asked: string[] = [];
/** What `/versions/` serves. */
let version = '1.0.0';
/** Lets the rest of the slow runtime go. */
let goOn: () => void;
const held = new Promise<void>((resolve) => {
  goOn = resolve;
});

const element = (folder: string) =>
  `<script type="module" src="/${folder}/digit-classifier.js"></script><digit-classifier src="/model/"></digit-classifier>`;

before(async () => {
  [bundle, browser] = await Promise.all([makeTinyBundle(), startBrowser()]);
  const manifest = JSON.parse(await readFile(join(bundle.directory, MANIFEST_FILE), 'utf8')) as Manifest;
  site = await startSite({
    bundle: bundle.directory,
    pages: {
      '/one': ONE,
      '/below': `${'<p>text</p>'.repeat(200)}${ONE}`,
      '/versions-page': '<digit-classifier src="/versions/"></digit-classifier>',
      '/other-version': '<digit-classifier src="/other/"></digit-classifier>',
      '/no-address': '<digit-classifier src="http://["></digit-classifier>',
    },
    extend(app) {
      app.use(({ path }, _response, next) => {
        asked.push(path);
        next();
      });
      for (const [name, { file, damage }] of Object.entries(COPIES)) {
        app.get(`/${name}-page`, (_request, response) => response.send(element(name)));
        app.get(`/${name}/${file}`, async (_request, response) => {
          const bytes = damage(await readFile(join(SITE, file)));
          if (bytes) response.type(file.endsWith('js') ? 'text/javascript' : 'application/wasm').send(bytes);
          else response.sendStatus(404);
        });
        app.use(`/${name}`, express.static(SITE));
      }
      app.get('/slow-page', (_request, response) => response.send(element('slow')));
      app.get(`/slow/${RUNTIME}`, async (_request, response) => {
        const bytes = await readFile(join(SITE, RUNTIME));
        response.type('application/wasm').write(bytes.subarray(0, 5_000_000));
        await held;
        response.end(bytes.subarray(5_000_000));
      });
      app.use('/slow', express.static(SITE));
      for (const [name, { from, to }] of Object.entries(POLICIES)) {
        app.get(`/${name}`, (_request, response) => {
          assert.ok(CONTENT_SECURITY_POLICY.includes(from));
          response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY.replace(from, to));
          response.send(`<script type="module" src="/digit-classifier.js"></script>${ONE}`);
        });
      }
      app.get(`/versions/${MANIFEST_FILE}`, (_request, response) => {
        response.json({ ...manifest, version });
      });
      app.get('/other/:file', (_request, response) => {
        response.json({ ...manifest, input: { ...manifest.input, preprocessing: 99 } });
      });
      app.get(`/versions/${MODEL_FILE}`, (_request, response) => response.redirect(`/model/${MODEL_FILE}`));
    },
  });
});

beforeEach(() => {
  asked = [];
});

after(async () => {
  await browser?.close();
  await site?.close();
  await bundle?.remove();
});

/** Waits until the element says in its own words, in English and in Chinese, what does not work and why. */
async function isSaid(page: Page, place: string, trouble: Trouble, code: ErrorCode): Promise<void> {
  for (const language of ['en', 'zh']) {
    const { texts } = speechOf(language, {});
    await page.evaluate((lang) => {
      document.querySelector('digit-classifier')!.lang = lang;
    }, language);
    const words = `${texts.trouble[trouble]} ${texts.reasons[code]}`;
    await page.locator(`digit-classifier >> ${place}`).getByText(words).waitFor();
  }
}

test('a second visit loads nothing but the manifest anew', async () => {
  const context = await browser.newContext();
  const first = await visit(context, `${site.url}one`);
  await modelLoaded(first);
  const keys = await kept(first);
  assert.deepEqual(
    keys.map((key) => key.replace(/=[0-9a-f]{64}$/, '=hash')),
    [
      `/${WORKER}?sha256=hash`,
      `/model/${MANIFEST_FILE}`,
      `/model/${MODEL_FILE}?sha256=hash`,
      `/${RUNTIME}?sha256=hash`,
    ].sort(),
  );
  await first.close();
  asked = [];
  const second = await visit(context, `${site.url}one`);
  await modelLoaded(second);
  assert.deepEqual(asked, ['/one', '/digit-classifier.js', `/model/${MANIFEST_FILE}`]);
  await drawDigit(second, 7);
  await answerOf(second).getByText('7').waitFor();
  await context.close();
});

test('bytes that were changed where they are kept are not used', async () => {
  const context = await browser.newContext();
  const page = await visit(context, `${site.url}one`);
  await modelLoaded(page);
  await kept(page);
  await page.evaluate(async () => {
    const cache = await caches.open('tenfold-files');
    for (const request of await cache.keys()) {
      if (request.url.includes('sha256')) await cache.put(request, new Response('something else'));
    }
  });
  asked = [];
  await page.reload();
  await modelLoaded(page);
  assert.ok(asked.includes(`/${RUNTIME}`) && asked.includes(`/model/${MODEL_FILE}`), asked.join(' '));
  await context.close();
});

test('a new version takes the place of the old one', async () => {
  const context = await browser.newContext();
  const page = await visit(context, `${site.url}versions-page`);
  await modelLoaded(page);
  const before = await kept(page);
  await page.evaluate(async () => {
    const cache = await caches.open('tenfold-files');
    const old = `/versions/model.onnx?sha256=${'0'.repeat(64)}`;
    await cache.put(old, new Response('an older model'));
    for (const { url } of await cache.keys())
      if (url.includes('model.onnx') && !url.endsWith('0000')) await cache.delete(url);
  });
  version = '2.0.0';
  await page.reload();
  assert.equal(await modelLoaded(page), 'tiny-linear 2.0.0');
  assert.deepEqual(await kept(page), before);
  await context.close();
});

test('once loaded, a page answers while its server is away', async () => {
  const context = await browser.newContext();
  const page = await visit(context, `${site.url}below`);
  await page.evaluate(() => document.querySelector('digit-classifier')!.scrollIntoView());
  await modelLoaded(page);
  await kept(page);
  await page.reload();
  await context.setOffline(true);
  await page.evaluate(() => document.querySelector('digit-classifier')!.scrollIntoView());
  assert.equal(await modelLoaded(page), 'tiny-linear 1.0.0');
  await drawDigit(page, 3);
  await answerOf(page).getByText('3').waitFor();
  await context.close();
});

test('offline at the first use is said as that; the next connection loads by itself', async () => {
  const context = await browser.newContext();
  const page = await visit(context, `${site.url}below`);
  await context.setOffline(true);
  await page.evaluate(() => document.querySelector('digit-classifier')!.scrollIntoView());
  const { code, message } = await errorIn(page);
  assert.equal(code, 'offline');
  assert.match(message!, /got no connection\. Connect to the internet once/);
  await isSaid(page, '.failure', 'model', 'offline');
  await context.setOffline(false);
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.model !== null);
  await context.close();
});

const BY_PROTOCOL = inChromium("only Chromium's protocol can limit a page's storage");
test('a device with no room is told so once, and answers all the same', BY_PROTOCOL, async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', {
    origin: new URL(site.url).origin,
    quotaSize: 1000,
  });
  const visited = await visit(context, `${site.url}one`);
  await modelLoaded(visited);
  const { code, message } = await errorIn(visited);
  assert.equal(code, 'storage-full');
  assert.match(message!, /room for 1 MB for keeping http.*, got none left\. It works/);
  await isSaid(visited, '.notice', 'storage', 'storage-full');
  await drawDigit(visited, 0);
  await answerOf(visited).getByText('0').waitFor();
  // By then all four files have been tried.
  await visited.waitForTimeout(1500);
  const complaints = (await toldIn(visited)).filter(({ type }) => type === 'digit-error');
  assert.equal(complaints.length, 1);
  await context.close();
});

test('a browser that keeps nothing loads from the network, and nobody is told', async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Object.defineProperty(CacheStorage.prototype, 'open', {
      value: () => Promise.reject(new DOMException('denied', 'SecurityError')),
    });
  });
  const page = await visit(context, `${site.url}one`);
  await modelLoaded(page);
  assert.deepEqual(await toldIn(page), [{ type: 'digit-load' }]);
  await context.close();
});

const REFUSALS: Record<string, { code: ErrorCode; message: RegExp }> = {
  'changed-runtime-page': {
    code: 'corrupt',
    message: /sha256 of http.*wasm, got [0-9a-f]{64}\. .*reload the page/,
  },
  'changed-worker-page': { code: 'corrupt', message: /sha256 of http.*worker\.js, got [0-9a-f]{64}\./ },
  'no-runtime-page': {
    code: 'not-found',
    message: /wasm, got 404 Not Found\. Publish all files of one build/,
  },
  'no-worker-page': { code: 'not-found', message: /worker\.js, got 404 Not Found\. Publish all files/ },
  'no-address': {
    code: 'not-found',
    message: /an address for the bundle, got http:\/\/\[\. Check the src attribute/,
  },
  'other-version': { code: 'incompatible', message: /input\.preprocessing in manifest\.json, got 99/ },
};

for (const [path, { code, message }] of Object.entries(REFUSALS)) {
  test(`${path}: refused as ${code}, in words`, async () => {
    const page = await visit(browser, site.url + path);
    const told = await errorIn(page);
    assert.equal(told.code, code, told.message);
    assert.match(told.message!, message);
    await page.locator('digit-classifier >> .failure').getByText(told.message!).waitFor();
    await isSaid(page, '.failure', 'model', code);
    await page.close();
  });
}

for (const [path, { advice }] of Object.entries(POLICIES)) {
  test(`under a policy with ${path} the page is told what to add`, async () => {
    const page = await visit(browser, site.url + path);
    const told = await errorIn(page);
    assert.equal(told.code, 'forbidden', told.message);
    assert.match(told.message!, advice);
    assert.ok(!asked.includes(`/${RUNTIME}`), 'nothing heavy is loaded for nothing');
    await isSaid(page, '.failure', 'model', 'forbidden');
    await page.close();
  });
}

test('progress counts the bytes of runtime and model together, says when none comes, and then what is made ready', async () => {
  const page = await visit(browser, `${site.url}slow-page`);
  await page.waitForFunction(() =>
    (globalThis as unknown as { replies: { kind: string; state?: string }[] }).replies.some(
      ({ state }) => state === 'stalled',
    ),
  );
  await page.locator('digit-classifier >> .loading').getByText('This takes longer than usual.').waitFor();
  await penIsHeard(page);
  goOn();
  await modelLoaded(page);
  const wasm = (await readFile(join(SITE, RUNTIME))).length;
  const model = (await readFile(join(bundle.directory, MODEL_FILE))).length;
  const events = await progressIn(page);
  const replies = (await repliesIn(page)).filter((reply) => reply.kind === 'progress');
  assert.ok(events.length > 0, 'the element tells it, too');
  for (const progress of [replies, events]) {
    const last = progress.at(-1)!;
    assert.deepEqual([last.loaded, last.total, last.state], [wasm + model, wasm + model, 'starting']);
    for (const [index, { loaded }] of progress.entries()) {
      assert.ok(index === 0 || loaded >= progress[index - 1]!.loaded, 'progress never goes back');
    }
    assert.ok(last.loaded > progress[0]!.loaded, 'it grows');
    const states = progress.map(({ state }) => state);
    const changes = states.filter((state, index) => state !== states[index - 1]);
    assert.match(changes.join(' '), /^loading( stalled( loading)?)+ starting$/);
  }
  await page.close();
});

/** What is spoken of the pen stays, while the element goes on telling that it waits. */
async function penIsHeard(page: Page): Promise<void> {
  const status = page.locator('digit-classifier >> [role=status]');
  await status.getByText('This takes longer than usual.').waitFor({ state: 'attached' });
  await page.locator('digit-classifier >> canvas.ink').press(' ');
  const { length } = await progressIn(page);
  await page.waitForFunction(
    (until) => (globalThis as unknown as { progress: unknown[] }).progress.length > until,
    length + 3,
  );
  assert.equal(await status.textContent(), 'Pen down');
  await page.keyboard.press('Backspace');
}

test('who tries again goes on at the pad, and is shown no progress of the attempt before', async () => {
  const page = await visit(browser, 'about:blank');
  await page.route(`**/${MODEL_FILE}`, (route) => route.fulfill({ status: 503 }));
  await page.goto(`${site.url}one`);
  const retry = page.locator('digit-classifier >> .failure button');
  await retry.waitFor();
  const position = () =>
    page.locator('digit-classifier >> progress').evaluate((bar: HTMLProgressElement) => bar.position);
  assert.ok((await position()) > 0);
  // From now on nothing comes.
  for (const file of [RUNTIME, MANIFEST_FILE]) await page.route(`**/${file}`, () => {});
  await retry.press('Enter');
  assert.equal(await position(), -1);
  assert.equal(
    await page.evaluate(
      () => document.querySelector('digit-classifier')!.shadowRoot!.activeElement?.className,
    ),
    'ink',
  );
  await page.close();
});
