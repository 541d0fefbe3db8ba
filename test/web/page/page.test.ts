import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Figures } from '../../../core/figures.js';
import type { Manifest } from '../../../core/manifest.js';
import { inChromium, isFirefox, startBrowser } from '../browser.js';
import { answerOf, drawDigit, modelLoaded } from '../drawing.js';
import { type Site, startSite } from '../site-server.js';
import { makeTinyBundle, type TinyBundle } from '../tiny-bundle.js';

const defaultBundle = fileURLToPath(new URL('../../../../models/default', import.meta.url));

let bundle: TinyBundle;
let site: Site;
let browser: Browser;

before(async () => {
  [bundle, browser] = await Promise.all([makeTinyBundle(), startBrowser()]);
  site = await startSite({ bundle: bundle.directory });
});

after(async () => {
  await browser?.close();
  await site?.close();
  await bundle?.remove();
});

/** Opens the page; `complaints` collects what the browser's console would show in red. */
async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(site.url);
  return { page, complaints };
}

const row = (page: Page, id: string) => page.locator(`#${id} > *`).allTextContents();
const text = (page: Page, selector: string) => page.locator(selector).textContent();

test('under the strict policy the page draws, answers and asks the server, and nothing complains', async () => {
  const { page, complaints } = await open();
  assert.equal(await modelLoaded(page), 'tiny-linear 1.0.0');
  assert.equal(await text(page, '#model-name'), 'tiny-linear 1.0.0');
  assert.equal(await text(page, '#model-parameters'), '7,850');
  await drawDigit(page, 7);
  await answerOf(page).getByText('7').waitFor();
  assert.match((await row(page, 'browser-row')).join(' '), /^Browser 7 \d+\.\d% \S+ ms$/);
  await page.locator('#ask').click();
  await page.locator('#verdict').getByText('The same answer').waitFor();
  assert.match((await row(page, 'server-row')).join(' '), /^Server and back 7 \d+\.\d% \S+ ms$/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a server that is gone is said in words, and the page goes on', async () => {
  const { page } = await open();
  await modelLoaded(page);
  await page.route('**/predict?*', (route) => route.fulfill({ status: 503, json: { error: 'Too busy.' } }));
  await drawDigit(page, 1);
  await answerOf(page).getByText('1').waitFor();
  await page.locator('#ask').click();
  await page.locator('#verdict').getByText('The server answered 503: Too busy.').waitFor();
  assert.equal(await page.locator('#ask').isEnabled(), true);
  await page.context().close();
});

test('what the server says of another drawing than the one there by then is not shown', async () => {
  const { page } = await open();
  await modelLoaded(page);
  let answer!: () => void;
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/predict?*', (route) => held.then(() => route.continue()));
  await drawDigit(page, 1);
  await answerOf(page).getByText('1').waitFor();
  const answered = page.waitForResponse('**/predict?*');
  await page.locator('#ask').click();
  await page.locator('#verdict').getByText('Asking').waitFor();
  await page.locator('digit-classifier >> text=Clear').click();
  await drawDigit(page, 7);
  await answerOf(page).getByText('7').waitFor();
  answer();
  await (await answered).finished();
  await page.waitForTimeout(300);
  assert.equal(await text(page, '#verdict'), '');
  assert.deepEqual((await row(page, 'server-row')).slice(1), ['–', '–', '–']);
  await page.locator('#ask').click();
  await page.locator('#verdict').getByText('The same answer').waitFor();
  await page.context().close();
});

test('a whole number is read in both places, and compared digit by digit', async () => {
  const { page, complaints } = await open();
  await page.locator('input[value=many]').check();
  await modelLoaded(page);
  await drawDigit(page, 1);
  await answerOf(page).getByText('1').waitFor();
  await page.locator('#ask').click();
  await page.locator('#verdict').getByText('The same answer').waitFor();
  assert.match((await row(page, 'server-row')).join(' '), /^Server and back 1 \d+\.\d% \S+ ms$/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the figures are those of the bundle, and of its manifest alone where it was not measured', async () => {
  const { page } = await open();
  await page.locator('#figures').scrollIntoViewIfNeeded();
  await page.locator('#figures-state').getByText('was not measured further').waitFor();
  const { metrics } = JSON.parse(await readFile(join(bundle.directory, 'manifest.json'), 'utf8')) as Manifest;
  const accuracy = `${(metrics.testAccuracy * 100).toFixed(2)}%`;
  assert.equal(await text(page, '#figures-tiles dd:not(.of)'), accuracy);
  await page.context().close();
  const measured = await startSite({ bundle: defaultBundle });
  const figures = JSON.parse(await readFile(join(defaultBundle, 'figures.json'), 'utf8')) as Figures;
  const other = await browser.newPage();
  await other.goto(measured.url);
  await other.locator('#figures').scrollIntoViewIfNeeded();
  await other.locator('summary').first().waitFor();
  const shown = await other.locator('#figures-tiles dd:not(.of)').allTextContents();
  const groups = Object.values(figures.suites).flat();
  const share = (value: number) => `${(value * 100).toFixed(2)}%`;
  assert.deepEqual(shown, [
    share(figures.test.accuracy),
    share(figures.test.calibrationError.after),
    ...groups.map(({ mean }) => share(mean)),
  ]);
  const rows = await other.locator('details tbody tr td:nth-child(3)').allTextContents();
  assert.deepEqual(
    rows,
    groups.flatMap(({ suites }) => suites.map((suite) => share(suite.accuracy))),
  );
  await other.close();
  await measured.close();
});

test('the game asks all ten digits, goes on by itself once one is read, and counts what was skipped', async () => {
  const { page, complaints } = await open();
  await page.locator('#game-start').click();
  await modelLoaded(page, '#player');
  const asked: number[] = [];
  for (let round = 0; round < 10; round++) {
    await page
      .locator('.asked-count')
      .getByText(`${round + 1} of 10`)
      .waitFor();
    const digit = Number(await text(page, '#game-asked strong'));
    asked.push(digit);
    if (round < 8) await page.locator('#game-skip').click();
    else await drawDigit(page, digit, '#player');
  }
  assert.deepEqual(
    asked.toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  await page
    .locator('#game-asked')
    .getByText(/^2 of 10 read, in \d+\.\d seconds/)
    .waitFor();
  assert.equal(await page.locator('#game-rounds [data-read=true]').count(), 2);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('the snippets name this server', async () => {
  const { page } = await open();
  assert.ok((await text(page, '#embed-code'))!.includes(`src="${site.url}digit-classifier.js"`));
  assert.equal(await text(page, '#call-code'), `curl -F image=@digit.png ${site.url}predict`);
  await page.context().close();
});

test('from 300 pixels up nothing runs out of the page, in either colour scheme', async () => {
  // Firefox's protocol cannot ask for a scheme.
  for (const colorScheme of isFirefox ? (['light'] as const) : (['light', 'dark'] as const)) {
    const { page } = await open({ colorScheme, viewport: { width: 1440, height: 900 } });
    for (const width of [1440, 768, 360, 320, 300]) {
      await page.setViewportSize({ width, height: 740 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide at ${width} in ${colorScheme}`);
    }
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(ground, colorScheme === 'light' ? 'rgb(244, 245, 243)' : 'rgb(15, 16, 18)');
    await page.context().close();
  }
});

const BY_TOUCH = inChromium("only Chromium's protocol has fingers");
test('on a phone a vertical touch stroke draws and does not scroll', BY_TOUCH, async () => {
  const { page } = await open({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await modelLoaded(page);
  const pad = page.locator('digit-classifier >> canvas.ink');
  await pad.scrollIntoViewIfNeeded();
  const box = (await pad.boundingBox())!;
  const scrolled = await page.evaluate(() => scrollY);
  const touch = await page.context().newCDPSession(page);
  const at = (y: number) => [{ x: box.x + box.width / 2, y: box.y + y * box.height }];
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0.2) });
  for (let y = 0.25; y <= 0.8; y += 0.05) {
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(y) });
  }
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await answerOf(page).getByText('1').waitFor();
  assert.equal(await page.evaluate(() => scrollY), scrolled);
  await page.context().close();
});

// At 360 pixels the pad is 300 wide, which is a canvas's own default: its height, 150, is not the pad's.
for (const width of [320, 360, 768]) {
  test(`at ${width} pixels the ink lies where the pen went`, async () => {
    const { page } = await open({ viewport: { width, height: 740 } });
    await modelLoaded(page);
    await drawDigit(page, 1);
    const pad = page.locator('digit-classifier >> canvas.ink');
    const size = await pad.evaluate((canvas: HTMLCanvasElement) => {
      const { width: across, height: down, clientWidth, clientHeight } = canvas;
      return { across, down, clientWidth, clientHeight };
    });
    assert.deepEqual([size.across, size.down], [size.clientWidth, size.clientHeight]);
    await page.context().close();
  });
}
