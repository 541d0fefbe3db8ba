import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { preprocess } from '../../../core/preprocess.js';
import { type LabelledImages, loadMnistSplit } from '../../../train/dataset/mnist.js';
import { PICTURES } from '../../../train/suites/pictures/index.js';
import type { DigitReading } from '../../../web/element/events.js';
import { PATIENCE, PLAIN_HTTP_HOST, startBrowser } from '../browser.js';
import { answerOf, drawDigit, drawOnBoth, modelLoaded } from '../drawing.js';
import { type Site, startSite } from '../site-server.js';
import { makeTinyBundle, type TinyBundle } from '../tiny-bundle.js';
import { until } from '../visit.js';

const ONE = '<digit-classifier></digit-classifier>';

let bundle: TinyBundle;
let site: Site;
let browser: Browser;
let digits: LabelledImages;
let flakyAnswers = 0;

before(async () => {
  [bundle, browser, digits] = await Promise.all([makeTinyBundle(), startBrowser(), loadMnistSplit('test')]);
  site = await startSite({
    bundle: bundle.directory,
    pages: {
      '/one': ONE,
      '/two': '<digit-classifier id="a"></digit-classifier><digit-classifier id="b"></digit-classifier>',
      '/isolated': ONE,
      '/below': `<div><br>${'<p>text</p>'.repeat(200)}</div>${ONE}`,
      '/nowhere': '<digit-classifier src="/nothing-here/"></digit-classifier>',
      '/tampered-page': '<digit-classifier src="/tampered"></digit-classifier>',
      '/flaky-page': '<digit-classifier src="/flaky/"></digit-classifier>',
    },
    extend(app) {
      app.use((_request, response, next) => {
        response.setHeader('Access-Control-Allow-Origin', '*');
        next();
      });
      app.get('/elsewhere', ({ socket }, response) => {
        const home = `http://127.0.0.1:${socket.localPort}`;
        response.setHeader(
          'Content-Security-Policy',
          `default-src 'none'; script-src ${home} 'wasm-unsafe-eval'; worker-src blob: ${home}; connect-src ${home}`,
        );
        response.send(`<script type="module" src="${home}/digit-classifier.js"></script>${ONE}`);
      });
      app.get(/\.m?js$|isolated/, (_request, response, next) => {
        response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
        response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
        response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
        next();
      });
      app.get('/tampered/model.onnx', async (_request, response) => {
        const model = await readFile(join(bundle.directory, 'model.onnx'));
        model[model.length >> 1]! ^= 1;
        response.send(model);
      });
      app.get('/tampered/manifest.json', (_request, response) => response.redirect('/model/manifest.json'));
      app.get('/flaky/:file', ({ params: { file } }, response) => {
        if (flakyAnswers++ < 1) response.sendStatus(503);
        else response.redirect(`/model/${file}`);
      });
    },
  });
});

after(async () => {
  await browser?.close();
  await site?.close();
  await bundle?.remove();
});

interface Told {
  type: string;
  message?: string;
}

/** Opens a page that notes the element's events where they have bubbled to the document. */
async function open(path: string, base = new URL(site.url)): Promise<Page> {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const told: Told[] = [];
    Object.assign(globalThis, { told });
    for (const type of ['digit-load', 'digit-change', 'digit-error'] as const) {
      document.addEventListener(type, (event) => {
        const message = 'error' in event.detail ? event.detail.error.message : undefined;
        told.push({ type, ...(message && { message }) });
      });
    }
  });
  await page.goto(new URL(path, base).href);
  return page;
}

const toldIn = (page: Page): Promise<Told[]> =>
  page.evaluate(() => (globalThis as unknown as { told: Told[] }).told);

const inElement = (page: Page, selector: string) => page.locator(`digit-classifier >> ${selector}`).first();

const testDigit = (index: number): Buffer =>
  Buffer.from(digits.images.subarray(index * INPUT_LENGTH, (index + 1) * INPUT_LENGTH));

/** A test digit as a PNG file, ink on paper, `scale` times its size. */
const png = (index: number, scale = 8): Promise<Buffer> =>
  sharp(testDigit(index), { raw: { width: INPUT_SIDE, height: INPUT_SIDE, channels: 1 } })
    .negate()
    .extend({ top: 2, bottom: 2, left: 2, right: 2, background: '#fff' })
    .resize(32 * scale)
    .png()
    .toBuffer();

/** A picture of a suite as a PNG file. */
async function pictureOf(suite: string): Promise<Buffer> {
  const { width, height, data } = (await PICTURES[suite]!.make(digits, 0)).picture;
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/** Lays a file into a DataTransfer of the page and sends it as a paste or drop would. */
const give = (page: Page, how: 'paste' | 'drop', file: Buffer, type = 'image/png') =>
  page.evaluate(
    ([kind, bytes, mime]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], 'digit.png', { type: mime }));
      const event =
        kind === 'paste'
          ? new ClipboardEvent('paste', { bubbles: true, cancelable: true })
          : new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
      // A made-up paste of Firefox's has a copy of the data without the files.
      if (kind === 'paste') Object.defineProperty(event, 'clipboardData', { value: transfer });
      (kind === 'paste' ? document.body : document.querySelector('digit-classifier')!).dispatchEvent(event);
    },
    [how, [...file], type] as const,
  );

test('each digit that is drawn is named, with ten probabilities that sum to 1', async () => {
  const page = await open('one');
  await modelLoaded(page);
  for (let digit = 0; digit < 10; digit++) {
    await drawDigit(page, digit);
    await answerOf(page).getByText(String(digit)).waitFor();
    const sum = await page.evaluate(() =>
      (document.querySelector('digit-classifier')!.result as DigitReading).probabilities.reduce(
        (total, share) => total + share,
        0,
      ),
    );
    assert.ok(Math.abs(sum - 1) < 1e-6, `the probabilities sum to ${sum}`);
    await inElement(page, 'text=Clear').click();
    await inElement(page, 'text=Nothing there').waitFor();
  }
  await page.close();
});

test('a cleared pad says that nothing is there, undo takes one stroke back, and the answer is spoken', async () => {
  const page = await open('one');
  await modelLoaded(page);
  await drawDigit(page, 4);
  await answerOf(page).getByText('4').waitFor();
  await inElement(page, '[role=status]')
    .getByText(/^4, \d+\.\d%/)
    .waitFor();
  const strokesLeft = () =>
    page.evaluate(() => {
      const root = document.querySelector('digit-classifier')!.shadowRoot!;
      return [...root.querySelectorAll('button')]
        .filter((button) => !button.disabled && button.checkVisibility())
        .map((b) => b.textContent);
    });
  await page.keyboard.press('Control+z');
  assert.deepEqual(await strokesLeft(), ['Undo', 'Clear', 'Open picture', 'Camera']);
  await page.keyboard.press('Backspace');
  assert.deepEqual(await strokesLeft(), ['Open picture', 'Camera']);
  await inElement(page, 'text=Nothing there').waitFor();
  assert.equal(await answerOf(page).textContent(), '');
  await page.close();
});

test('uploaded, pasted and dropped pictures give the model exactly the values that Node prepares', async () => {
  const page = await open('one');
  await modelLoaded(page);
  const plain = Array.from({ length: 6 }, (_, index) => png(index, 1 + index));
  const files = await Promise.all([...plain, ...['frame', 'ruled_lines', 'paper'].map(pictureOf)]);
  for (const [index, file] of files.entries()) {
    const raw = await sharp(file)
      .ensureAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    const expected = preprocess({ width: raw.info.width, height: raw.info.height, data: raw.data });
    const answered = page.evaluate(
      () =>
        new Promise<number[]>((resolve) => {
          document.addEventListener(
            'digit-change',
            ({ detail }) => resolve([...(detail as DigitReading).input]),
            {
              once: true,
            },
          );
        }),
    );
    if (index % 3 === 0) {
      await inElement(page, 'input[type=file]').setInputFiles({
        name: 'digit.png',
        mimeType: 'image/png',
        buffer: file,
      });
    } else await give(page, index % 3 === 1 ? 'paste' : 'drop', file);
    assert.deepEqual(await answered, [...expected.input], `picture ${index}`);
  }
  await page.close();
});

test('a picture that cannot be read is refused in words; the pad still works', async () => {
  const page = await open('one');
  await modelLoaded(page);
  await give(page, 'paste', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'image/svg+xml');
  const refusal =
    'Expected a PNG, JPEG, WebP or GIF picture for digit.png, got image/svg+xml. Save it as PNG, or make a screenshot of it.';
  await inElement(page, '[role=alert]').getByText(refusal).waitFor();
  assert.deepEqual((await toldIn(page)).at(-1), { type: 'digit-error', message: refusal });
  await give(page, 'paste', Buffer.alloc(0));
  await inElement(page, '[role=alert]').getByText('got an empty file').waitFor();
  await drawDigit(page, 0);
  await answerOf(page).getByText('0').waitFor();
  await page.close();
});

test('two elements share one worker and answer each for itself', async () => {
  const page = await open('two');
  await drawOnBoth(page);
  assert.equal(page.workers().length, 1);
  await page.close();
});

test("a page of another origin embeds the element by the script's address alone", async () => {
  const page = await open('elsewhere', new URL(site.url.replace('127.0.0.1', 'localhost')));
  assert.equal(await modelLoaded(page), 'tiny-linear 1.0.0');
  await drawDigit(page, 1);
  await answerOf(page).getByText('1').waitFor();
  await page.close();
});

test('over plain http, where the browser has no crypto.subtle, the bundle is verified all the same', async () => {
  const plain = new URL(site.url.replace('127.0.0.1', PLAIN_HTTP_HOST));
  const page = await open('one', plain);
  assert.equal(await page.evaluate(() => crypto.subtle), undefined);
  await modelLoaded(page);
  await drawDigit(page, 7);
  await answerOf(page).getByText('7').waitFor();
  await page.close();
  const tampered = await open('tampered-page', plain);
  await inElement(tampered, '.failure')
    .getByText(/for the sha256 of .*model\.onnx/)
    .waitFor();
  await tampered.close();
});

test('a cross-origin isolated page, where the runtime takes threads, is answered as well', async () => {
  const page = await open('isolated');
  assert.equal(await page.evaluate(() => crossOriginIsolated), true);
  await modelLoaded(page);
  await drawDigit(page, 0);
  await answerOf(page).getByText('0').waitFor();
  await page.close();
});

test('nothing heavy is fetched before the element is seen', async () => {
  const page = await browser.newPage();
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  await page.goto(`${site.url}below`);
  await page.waitForTimeout(300);
  assert.deepEqual(fetched, ['/below', '/digit-classifier.js']);
  await page.evaluate(() => document.querySelector('digit-classifier')!.scrollIntoView());
  await modelLoaded(page);
  assert.ok(fetched.includes('/model/model.onnx'));
  await page.close();
});

test('a bundle that is not there is said, and told by digit-error', async () => {
  const page = await open('nowhere');
  const failure = inElement(page, '.failure');
  await failure.getByText('The model did not load.').waitFor();
  const expected = `Expected status 200 for ${site.url}nothing-here/manifest.json, got 404 Not Found. Check the src attribute: it names the folder that holds manifest.json and model.onnx.`;
  assert.deepEqual(await toldIn(page), [{ type: 'digit-error', message: expected }]);
  assert.ok((await failure.textContent())!.includes(expected));
  await page.close();
});

test('a bundle that was changed after the export is refused', async () => {
  const page = await open('tampered-page');
  await inElement(page, '.failure').getByText('The model did not load.').waitFor();
  const [told] = await toldIn(page);
  assert.match(
    told!.message!,
    /^Expected [0-9a-f]{64} for the sha256 of http.*\/tampered\/model\.onnx, got [0-9a-f]{64}\./,
  );
  await page.close();
});

test('after a failure, Try again loads the model and reads what was drawn meanwhile', async () => {
  const page = await open('flaky-page');
  await inElement(page, '.failure').getByText('503').waitFor();
  await drawDigit(page, 7);
  await inElement(page, 'text=Not read yet').waitFor();
  await inElement(page, '.failure button').click();
  await answerOf(page).getByText('7').waitFor();
  assert.ok((await toldIn(page)).some(({ type }) => type === 'digit-load'));
  await page.close();
});

test('an element that leaves the page lets its worker go, and comes back to life', async () => {
  const page = await open('one');
  await modelLoaded(page);
  await page.evaluate(() => {
    const element = document.querySelector('digit-classifier')!;
    element.remove();
    document.body.append(element);
  });
  await modelLoaded(page);
  assert.equal(page.workers().length, 1);
  await drawDigit(page, 3);
  await answerOf(page).getByText('3').waitFor();
  await page.evaluate(() => document.querySelector('digit-classifier')!.remove());
  await until(async () => page.workers().length === 0);
  await page.close();
});

test('who waits for a model gets the new one when src changes, and is told when the element leaves the page', {
  timeout: 3 * PATIENCE,
}, async () => {
  const page = await open('below');
  // The worker starts, and its model never comes.
  await page.route('**/held/**', () => {});
  const endings: { waits: string; end(element: HTMLElementTagNameMap['digit-classifier']): void }[] = [
    { waits: 'done', end: (element) => element.setAttribute('src', '/model/') },
    { waits: 'TenfoldError unavailable', end: (element) => element.remove() },
  ];
  for (const { waits, end } of endings) {
    const element = page.locator('digit-classifier');
    await element.evaluate((waiting: HTMLElementTagNameMap['digit-classifier']) => {
      waiting.src = '/held/';
      const asked = [waiting.load(), waiting.classify(new ImageData(8, 8))].map((work) =>
        work.then(
          () => 'done',
          ({ name, code }) => `${name} ${code}`,
        ),
      );
      Object.assign(globalThis, { asked: Promise.all(asked) });
    });
    await inElement(page, 'text=Not read yet').waitFor();
    await element.evaluate(end);
    const told = await page.evaluate(() => (globalThis as unknown as { asked: Promise<string[]> }).asked);
    assert.deepEqual(told, [waits, waits]);
  }
  await page.close();
});

test('a picture that waits for a model is refused by a code where the element leaves as it comes', async () => {
  const page = await open('below');
  const told = await page.evaluate(() => {
    const element = document.querySelector('digit-classifier')!;
    element.addEventListener('digit-load', () => element.remove());
    return element.classify(new ImageData(8, 8)).then(
      () => 'an answer',
      ({ name, code }) => `${name} ${code}`,
    );
  });
  assert.equal(told, 'TenfoldError unavailable');
  await page.close();
});

test('all workers of a page start from one address', async () => {
  const page = await browser.newPage();
  await page.addInitScript(() => {
    const made: string[] = [];
    const make = URL.createObjectURL;
    URL.createObjectURL = (object) => {
      made.push(make.call(URL, object));
      return made.at(-1)!;
    };
    Object.assign(globalThis, { made });
  });
  await page.goto(`${site.url}two`);
  await page.evaluate(() => document.querySelector('digit-classifier')!.setAttribute('src', '/model/?other'));
  for (const id of ['#a', '#b']) await modelLoaded(page, id);
  // The first one began with what the second one reads, and may have let that go, to be started anew.
  await until(async () => page.workers().length === 2);
  assert.equal(await page.evaluate(() => (globalThis as unknown as { made: string[] }).made.length), 1);
  await page.close();
});
