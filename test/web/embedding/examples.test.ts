import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../browser.js';
import { drawDigit, modelLoaded } from '../drawing.js';
import { makeTinyBundle, type TinyBundle } from '../tiny-bundle.js';
import { type Consumer, makeConsumer } from './consumer.js';
import { type HostSite, startHost } from './host-page.js';

/** The entry of each example that has to be bundled. */
const ENTRIES: Record<string, string> = { react: 'react/main.tsx', vue: 'vue/main.ts' };

let browser: Browser;
let bundle: TinyBundle;
let consumer: Consumer;
let host: HostSite;

before(async () => {
  [browser, bundle, consumer] = await Promise.all([startBrowser(), makeTinyBundle(), makeConsumer()]);
  const scripts = Object.fromEntries(
    await Promise.all(
      Object.entries(ENTRIES).map(async ([name, entry]) => [
        `/${name}/main.js`,
        await consumer.bundle(entry),
      ]),
    ),
  );
  host = await startHost({
    policy: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; connect-src 'self'",
    scripts,
    extend(app) {
      app.use('/tenfold/model', express.static(bundle.directory));
      app.use('/tenfold', express.static(join(consumer.package, 'dist', 'web', 'site')));
      app.get('/thanks', ({ query }, response) => response.json(query));
      app.use(express.static(join(consumer.directory, 'src')));
    },
  });
});

after(async () => {
  await browser?.close();
  await host?.close();
  await bundle?.remove();
  await consumer?.remove();
});

async function open(path: string, prepare?: (page: Page) => Promise<unknown>): Promise<Page> {
  const page = await browser.newPage();
  await prepare?.(page);
  await page.goto(host.origin + path);
  await page.locator('digit-classifier').waitFor();
  await page.waitForFunction(() => customElements.get('digit-classifier') !== undefined);
  await modelLoaded(page);
  return page;
}

test('React and Vue sources compile against the packed package, its own types checked too', async () => {
  assert.equal(await consumer.typeErrors(), '');
});

test('the packed package is imported in Node without a page', async () => {
  const program = `for (const entry of ['tenfold/web', 'tenfold/web/element']) {
    const { DigitClassifierElement, setAssetFolder } = await import(entry);
    setAssetFolder('/tenfold/');
    console.log(DigitClassifierElement.formAssociated);
  }`;
  const options = { cwd: consumer.directory };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', program],
    options,
  );
  assert.equal(stdout, 'true\ntrue\n');
});

for (const name of Object.keys(ENTRIES)) {
  test(`${name}: the component draws, reads and keeps up with what is drawn next`, async () => {
    const page = await open(`/${name}/`);
    for (const digit of [7, 0]) {
      await drawDigit(page, digit);
      await page.locator('output').getByText(`read ${digit}`).waitFor();
      await page.locator('digit-classifier >> text=Clear').click();
      await page.locator('output').getByText('nothing yet').waitFor();
    }
    await page.close();
  });
}

/** A bundle that relies on no digit. */
const refuseAll = (page: Page) =>
  page.route('**/manifest.json', async (route) => {
    const manifest = (await (await route.fetch()).json()) as { calibration: { rejection: object } };
    manifest.calibration.rejection = { score: 'max-logit', threshold: 1000 };
    await route.fulfill({ json: manifest });
  });

for (const name of Object.keys(ENTRIES)) {
  test(`${name}: what went wrong is said until the next answer, and a digit that is refused is not read`, async () => {
    const page = await open(`/${name}/`);
    const file = { name: 'x.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') };
    await page.locator('digit-classifier >> input[type=file]').setInputFiles(file);
    await page.locator('output').getByText('unsupported-media').waitFor();
    await drawDigit(page, 7);
    await page.locator('output').getByText('read 7').waitFor();
    await page.close();
    const strict = await open(`/${name}/`, refuseAll);
    await drawDigit(strict, 7);
    await strict.locator('digit-classifier >> text=Not a digit').waitFor();
    await strict.waitForFunction(
      () => document.querySelector('digit-classifier')!.validationMessage !== 'Not read yet',
    );
    assert.equal(await strict.locator('output').textContent(), 'nothing yet');
    await strict.close();
  });
}

test('plain form: what was read is what the form sends, and without it nothing is sent', async () => {
  const page = await open('/plain-form/');
  await page.locator('button[type=submit]').click();
  assert.equal(new URL(page.url()).pathname, '/plain-form/');
  await drawDigit(page, 7);
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '7');
  await page.locator('button[type=submit]').click();
  await page.waitForURL(/\/thanks/);
  assert.deepEqual(JSON.parse((await page.locator('body').textContent())!), { tickets: '7' });
  await page.close();
});

test('what package.json names is in the package, and the package can be asked for it', async () => {
  const text = await readFile(join(consumer.package, 'package.json'), 'utf8');
  const { exports, customElements } = JSON.parse(text) as {
    exports: Record<string, string | Record<string, string>>;
    customElements: string;
  };
  const files = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? entry.replace('*', 'ort-wasm-simd-threaded.wasm') : Object.values(entry),
  );
  for (const file of [customElements, ...files]) await readFile(join(consumer.package, file));
  const { resolve } = createRequire(join(consumer.directory, 'src', 'main.js'));
  for (const [name, file] of [
    ['package.json', 'package.json'],
    ['custom-elements.json', customElements],
    ['assets/digit-classifier-worker.js', 'dist/web/site/digit-classifier-worker.js'],
  ] as const)
    assert.equal(resolve(`tenfold/${name}`), join(await realpath(consumer.package), file));
});

test('a source map of the package holds the sources that are not in it', async () => {
  const files = await readdir(consumer.package, { recursive: true });
  const maps = files.filter((file) => file.endsWith('.map'));
  assert.ok(maps.some((file) => file.endsWith('digit-classifier.js.map')));
  for (const file of maps) {
    const { sourcesContent } = JSON.parse(await readFile(join(consumer.package, file), 'utf8')) as {
      sourcesContent?: string[];
    };
    assert.ok(sourcesContent, file);
  }
});
