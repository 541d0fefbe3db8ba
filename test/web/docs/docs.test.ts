import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { startTestService, type TestService } from '../../serve/service.js';
import { inChromium, startBrowser } from '../browser.js';

let service: TestService;
let browser: Browser;
before(async () => {
  const siteDirectory = fileURLToPath(new URL('../../../web/site/', import.meta.url));
  [service, browser] = await Promise.all([startTestService({ siteDirectory }), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await service?.close();
});

/** Opens the page; `complaints` collects what the console shows in red, which is where a breach of the policy is told too. */
async function open(options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  const response = await page.goto(`${service.url}/docs`);
  return { page, complaints, asked, policy: response!.headers()['content-security-policy']! };
}

/** Sends an operation's form, and gives what the page then shows. */
async function send(page: Page, operation: string): Promise<{ status: string; answer: string }> {
  const form = page.locator(`#${operation} form`);
  const status = form.locator('.try-status');
  await form.getByRole('button', { name: 'Send' }).click();
  await form.locator('button:enabled', { hasText: 'Send' }).waitFor();
  return {
    status: (await status.textContent())!,
    answer: (await form.locator('.try-answer').textContent())!,
  };
}

test('under the strict policy the page shows every operation, and nothing complains or looks elsewhere', async () => {
  const { page, complaints, asked, policy } = await open();
  assert.match(policy, /default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval/);
  const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
    paths: Record<string, object>;
  };
  const shown = await page
    .locator('.operation .call')
    .evaluateAll((calls) =>
      calls.map(
        (call) => `${call.querySelector('.method')!.textContent} ${call.querySelector('code')!.textContent}`,
      ),
    );
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  assert.deepEqual(shown.sort(), described.sort());
  assert.deepEqual(complaints, []);
  assert.deepEqual(
    asked.filter((url) => !url.startsWith(service.url) && !url.startsWith('data:')),
    [],
  );
  await page.context().close();
});

test('an example picture is sent from the page and its answer shown; so are numbers, pixels, and a refusal', async () => {
  const { page, complaints } = await open();
  const first = await send(page, 'predict');
  assert.match(first.status, /^200 in \S+ ms, \d+ bytes$/);
  assert.equal(JSON.parse(first.answer).model.name, 'row-reader');
  const form = page.locator('#predict form');
  await form.getByLabel('digits').selectOption('many');
  await form.getByLabel('top').fill('2');
  await form.getByRole('radio', { name: 'A drawn 2026' }).check();
  const { digits } = JSON.parse((await send(page, 'predict')).answer).results[0];
  assert.deepEqual([digits.length, digits[0].top.length], [4, 2]);
  await form.getByLabel('digits').selectOption('one');
  await form.getByLabel('JSON', { exact: true }).check();
  await form.getByLabel('Example').selectOption('28 rows of 28 numbers');
  assert.equal(JSON.parse((await send(page, 'predict')).answer).results.length, 1);
  assert.deepEqual(complaints, []);
  await form.getByLabel('top').fill('11');
  const refused = await send(page, 'predict');
  assert.match(refused.status, /^400 /);
  assert.match(JSON.parse(refused.answer).error, /^Expected a whole number from 1 to 10/);
  await page.context().close();
});

test('a picture of one’s own is sent, and a path is filled in', async () => {
  const { page } = await open();
  const picture = Buffer.from('GIF89a, but no picture');
  const file = { name: 'own.gif', mimeType: 'image/gif', buffer: picture };
  await page.locator('#predict input[type=file]').setInputFiles(file);
  assert.equal(await page.locator('#predict .own').textContent(), 'own.gif');
  const { answer } = await send(page, 'predict');
  assert.match(JSON.parse(answer).detail, /undamaged picture for picture 1 of 1 \(own\.gif\)/);
  await page.locator('#modelFile select').selectOption('manifest.json');
  assert.equal(JSON.parse((await send(page, 'modelFile')).answer).version, '1.2.3');
  await page.context().close();
});

test('the samples name this server, and the arrow keys go from one language to the next, everywhere at once', async () => {
  const { page } = await open();
  const sample = page.locator('#predict .sample:visible code');
  assert.equal(await sample.textContent(), `curl -F image=@seven.png ${service.url}/predict`);
  await page.locator('#predict').getByRole('tab', { name: 'curl' }).focus();
  await page.keyboard.press('ArrowRight');
  assert.match((await sample.textContent())!, new RegExp(`fetch\\('${service.url}/predict'`));
  assert.match((await page.locator('#live .sample:visible code').textContent())!, /^const response/);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.match((await sample.textContent())!, /^curl/);
  const focused = await page.evaluate(() => document.activeElement?.textContent);
  assert.equal(focused, 'curl');
  await page.context().close();
});

test('from 320 pixels up nothing runs out of the page, in either colour scheme', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await open({ colorScheme });
    await page.locator('details').evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = true;
    });
    for (const width of [1440, 1024, 768, 360, 320]) {
      await page.setViewportSize({ width, height: 740 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide at ${width} in ${colorScheme}`);
    }
    await page.context().close();
  }
});

const BY_SETTING = inChromium('its protocol cannot turn scripts off');
test('without a script all of it can be read', BY_SETTING, async () => {
  const { page } = await open({ javaScriptEnabled: false });
  assert.equal(await page.locator('#predict .sample:visible').count(), 3);
  assert.equal(await page.locator('form:visible').count(), 0);
  await page.context().close();
});

test('all that the page loads is at most 25 kB', async () => {
  const { page } = await open();
  const sizes = await page.evaluate(() => {
    const entries = [
      ...performance.getEntriesByType('navigation'),
      ...performance.getEntriesByType('resource'),
    ];
    return (entries as PerformanceResourceTiming[]).map(({ name, encodedBodySize }) => ({
      name,
      encodedBodySize,
    }));
  });
  const total = sizes.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  assert.ok(total > 5000 && total <= 25_000, JSON.stringify(sizes));
  await page.context().close();
});
