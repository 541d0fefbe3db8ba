import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Frame, Page } from 'playwright-core';
import type { RunningServer } from '../../../serve/server.js';
import type { FrameConnection } from '../../../web/embed/host.js';
import type { FrameMessage, HostMessage } from '../../../web/embed/messages.js';
import { inChromium, startBrowser } from '../browser.js';
import { until } from '../visit.js';
import { type HostSite, startHost } from './host-page.js';
import { SITE, startSiteService } from './service.js';

let service: RunningServer;
let host: HostSite;
let browser: Browser;

/** What a page around the frame does, in a script of its own. */
const HOST_SCRIPT = (documentedImport: string) => `
${documentedImport}
const frame = document.querySelector('iframe');
globalThis.heard = [];
globalThis.overheard = [];
addEventListener('message', ({ data }) => overheard.push(data));
const note = (message) => heard.push(message);
globalThis.connection = connectFrame(frame, { ready: note, input: note, change: note, clear: note, error: note });
`;

before(async () => {
  [service, browser] = await Promise.all([startSiteService(), startBrowser()]);
  const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8');
  const [documentedImport] = readme.match(/import \{ connectFrame \} .*/) ?? [];
  assert.ok(documentedImport, 'README.md connects a frame');
  const frame = (origin: string) =>
    `<iframe width="900" height="700" allow="camera" src="${service.url}/embed?origin=${origin}"></iframe><script type="module" src="/host.js"></script>`;
  host = await startHost({
    policy: `default-src 'none'; script-src 'self'; frame-src ${service.url}`,
    scripts: { '/host.js': HOST_SCRIPT(documentedImport) },
    extend(app) {
      app.get('/digit-classifier-frame.js', (_request, response) => {
        response.sendFile(join(SITE, 'digit-classifier-frame.js'));
      });
      app.get('/friend', ({ headers }, response) => {
        response.type('html').send(frame(`http://${headers.host}`));
      });
      app.get('/stranger', (_request, response) => {
        response.type('html').send(frame('https://friend.example'));
      });
      app.get('/nameless', (_request, response) => {
        response.type('html').send(frame('*'));
      });
    },
  });
});

after(async () => {
  await browser?.close();
  await host?.close();
  await service?.close();
});

interface Heard {
  heard: FrameMessage[];
  /** By a connection that came later. */
  again: FrameMessage[];
  overheard: unknown[];
  connection: FrameConnection;
}

async function open(path: string): Promise<{ page: Page; frame: Frame }> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  await page.goto(host.origin + path);
  const frame = page.frames().find((candidate) => candidate.url().startsWith(service.url))!;
  await frame.evaluate(() => document.querySelector('digit-classifier')!.load());
  return { page, frame };
}

/** The first message of this type that the page has heard since it last forgot. */
async function heard<Type extends FrameMessage['type']>(
  page: Page,
  type: Type,
  by: 'heard' | 'again' = 'heard',
) {
  const found = await page.waitForFunction(
    ([wanted, list]) => (globalThis as unknown as Heard)[list].find((message) => message.type === wanted),
    [type, by] as const,
  );
  return (await found.jsonValue()) as Extract<FrameMessage, { type: Type }>;
}

const forget = (page: Page) =>
  page.evaluate(() => {
    (globalThis as unknown as Heard).heard.length = 0;
  });

async function drawOne(page: Page): Promise<void> {
  const pad = page.frameLocator('iframe').locator('canvas.ink');
  // The frame is a process of its own, which the mouse reaches once its first picture is there.
  await pad.hover();
  const box = (await pad.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.47, box.y + box.height * 0.8, { steps: 8 });
  await page.mouse.up();
}

const give = (page: Page, bytes: Uint8Array) =>
  page.evaluate(
    (values) => (globalThis as unknown as Heard).connection.classify(new Blob([Uint8Array.from(values)])),
    [...bytes],
  );

const BY_MOUSE = inChromium('its protocol moves no mouse within a frame of another origin');

test('the page around the frame hears what is drawn in it, and clears it', BY_MOUSE, async () => {
  const { page } = await open('/friend');
  await drawOne(page);
  const { result, protocol } = await heard(page, 'change');
  assert.equal(protocol, 'tenfold-digit/1');
  assert.ok('digit' in (await heard(page, 'input')).result);
  assert.ok('digit' in result && result.digit !== null);
  await forget(page);
  await page.evaluate(() => (globalThis as unknown as Heard).connection.clear());
  await heard(page, 'clear');
  await page.close();
});

test('it hears of the model, gives pictures, and hears what is read in them or why none is', async () => {
  const { page } = await open('/friend');
  const { model } = await heard(page, 'ready');
  assert.deepEqual(model, { name: 'tiny-linear', version: '1.0.0' });
  await give(page, await readFile(new URL('../../../../docs/images/seven.png', import.meta.url)));
  const seven = (await heard(page, 'change')).result;
  assert.ok('digit' in seven && seven.digit === 7);
  await give(page, Buffer.from('no picture'));
  const { code, message } = await heard(page, 'error');
  assert.equal(code, 'unsupported-media');
  assert.match(message, /^Expected a PNG, JPEG, WebP or GIF picture/);
  await page.close();
});

test('who connects late hears of the model, and what is sent early is done', async () => {
  const { page } = await open('/friend');
  await heard(page, 'ready');
  await connectAgain(page);
  assert.deepEqual((await heard(page, 'ready', 'again')).model.name, 'tiny-linear');
  await page.waitForTimeout(300);
  const types = await page.evaluate(() => (globalThis as unknown as Heard).heard.map(({ type }) => type));
  assert.deepEqual(types, ['ready', 'ready'], 'once as it was ready, once as somebody asked');
  const seven = await readFile(new URL('../../../../docs/images/seven.png', import.meta.url));
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  await connectAgain(page, `${service.url}/embed?origin=${host.origin}`, seven);
  const { result } = await heard(page, 'change', 'again');
  assert.equal(result.text, '7');
  assert.deepEqual(complaints, []);
  await page.close();
});

/** Connects once more, to the frame that is there or to one that begins to load; there it gives a picture at once. */
const connectAgain = (page: Page, address = '', picture: Uint8Array = Buffer.alloc(0)) =>
  page.evaluate(
    async ([src, bytes]) => {
      // As the page's own script imports it.
      const { connectFrame } = await import('/digit-classifier-frame.js' as string);
      const again: FrameMessage[] = [];
      Object.assign(globalThis, { again });
      const note = (message: FrameMessage) => again.push(message);
      if (src) document.body.prepend(Object.assign(document.createElement('iframe'), { src }));
      const connection = connectFrame(document.querySelector('iframe')!, { ready: note, change: note });
      if (src) connection.classify(new Blob([Uint8Array.from(bytes)]));
    },
    [address, [...picture]] as const,
  );

test('a picture that is refused while there is no model is told, and a model that does not load once', async () => {
  const page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  let fail!: () => void;
  const held = new Promise<void>((resolve) => {
    fail = resolve;
  });
  await page.route('**/manifest.json', (route) => held.then(() => route.fulfill({ status: 503 })));
  await page.goto(`${host.origin}/friend`);
  await page.frameLocator('iframe').locator('progress').waitFor();
  await give(page, Buffer.from('no picture'));
  assert.equal((await heard(page, 'error')).code, 'unsupported-media');
  await forget(page);
  await give(page, await readFile(new URL('../../../../docs/images/seven.png', import.meta.url)));
  await page.frameLocator('iframe').locator('canvas.picture').waitFor();
  fail();
  assert.equal((await heard(page, 'error')).code, 'unavailable');
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => (globalThis as unknown as Heard).heard.length), 1);
  await page.close();
});

test('what it gives in place of a picture is refused, and no address among it is fetched', async () => {
  const { page } = await open('/friend');
  await heard(page, 'ready');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  for (const picture of ['/livez', null, undefined, { size: 1 }]) {
    await forget(page);
    await page.evaluate((value) => {
      const message = { protocol: 'tenfold-digit/1', type: 'classify', picture: value };
      document.querySelector('iframe')!.contentWindow!.postMessage(message, '*');
    }, picture);
    const { code, message } = await heard(page, 'error');
    assert.equal(code, 'bad-input', message);
    assert.match(message, /^Expected a Blob for the picture/);
  }
  assert.ok(!asked.includes(`${service.url}/livez`), asked.join(' '));
  await page.close();
});

for (const path of ['/stranger', '/nameless']) {
  test(
    `${path}: a page whose origin the frame was not told hears nothing, and cannot clear it`,
    BY_MOUSE,
    async () => {
      const { page, frame } = await open(path);
      await drawOne(page);
      const textIn = () => frame.evaluate(() => document.querySelector('digit-classifier')!.result?.text);
      // Of a drawing that is whole: the answers while somebody draws may differ.
      await frame.waitForFunction(() => document.querySelector('digit-classifier')!.value !== '');
      const before = await textIn();
      await page.evaluate(() => (globalThis as unknown as Heard).connection.clear());
      await page.waitForTimeout(300);
      assert.equal(await textIn(), before);
      assert.deepEqual(await page.evaluate(() => (globalThis as unknown as Heard).overheard), []);
      await page.close();
    },
  );
}

test(
  'what other windows say, and what is no message of the protocol, is not heard by either side',
  BY_MOUSE,
  async () => {
    const { page, frame } = await open('/friend');
    await heard(page, 'ready');
    await drawOne(page);
    await heard(page, 'change');
    await page.waitForTimeout(300);
    await forget(page);
    const clear: HostMessage = { protocol: 'tenfold-digit/1', type: 'clear' };
    const forged: FrameMessage = { protocol: 'tenfold-digit/1', type: 'clear' };
    const before = await frame.evaluate(() => document.querySelector('digit-classifier')!.result?.text);
    // The page to itself; the frame to itself; wrong versions and shapes in both directions.
    await page.evaluate((message) => postMessage(message), forged);
    await frame.evaluate((message) => postMessage(message), clear);
    for (const data of [
      null,
      7,
      'clear',
      { type: 'clear' },
      { ...clear, protocol: 'tenfold-digit/2' },
      { ...clear, type: 'toString' },
    ]) {
      await page.evaluate(
        (value) => document.querySelector('iframe')!.contentWindow!.postMessage(value, '*'),
        data,
      );
      await frame.evaluate((value) => parent.postMessage(value, '*'), data);
    }
    await page.waitForTimeout(300);
    assert.deepEqual(await page.evaluate(() => (globalThis as unknown as Heard).heard), []);
    assert.equal(
      await frame.evaluate(() => document.querySelector('digit-classifier')!.result?.text),
      before,
    );
    await page.close();
  },
);

test('a service that names others lets nobody else frame it', async () => {
  const closed = await startSiteService({ embedOrigins: ['https://friend.example'] });
  const framing = await startHost({ pages: { '/': `<iframe src="${closed.url}/embed"></iframe>` } });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(framing.origin);
  await until(async () => complaints.some((text) => text.includes('frame-ancestors')));
  assert.equal(
    page.frames().some((frame) => frame.url().startsWith(closed.url)),
    false,
  );
  await page.close();
  await framing.close();
  await closed.close();
});
