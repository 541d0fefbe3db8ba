import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import type { RunningServer } from '../../../serve/server.js';
import { inChromium, startBrowser } from '../browser.js';
import { answerOf, drawDigit, drawOnBoth, modelLoaded } from '../drawing.js';
import { errorIn, visit } from '../visit.js';
import { type HostSite, startHost } from './host-page.js';
import { startSiteService } from './service.js';

let service: RunningServer;
let host: HostSite;
let browser: Browser;

/** The policy as the README has it, with the addresses of here, and what it adds for Trusted Types. */
async function documentedPolicies(home: string): Promise<{ plain: string; trusting: string }> {
  const readme = await readFile(new URL('../../../../README.md', import.meta.url), 'utf8');
  const [policy] = readme.match(/(?<=Content-Security-Policy: )default-src 'none'.*/) ?? [];
  const [trust] = readme.match(/require-trusted-types-for 'script'; trusted-types \w+/) ?? [];
  assert.ok(policy && trust, 'README.md has the policies');
  const plain = policy.replaceAll('https://your-host', home);
  return { plain, trusting: `${plain}; ${trust}` };
}

before(async () => {
  [service, browser] = await Promise.all([startSiteService(), startBrowser()]);
  const script = `<script type="module" src="${service.url}/digit-classifier.js"></script>`;
  const { plain, trusting } = await documentedPolicies(service.url);
  const page = `${script}<digit-classifier></digit-classifier>`;
  host = await startHost({
    policy: plain,
    pages: {
      '/one': page,
      '/two': `${script}<digit-classifier id="a"></digit-classifier><digit-classifier id="b"></digit-classifier>`,
      '/twice': `${script}${script}<script type="module" src="${service.url}/digit-classifier.js?again"></script><digit-classifier></digit-classifier>`,
      '/gone': `${script}<digit-classifier src="${service.url}/nothing/"></digit-classifier>`,
    },
    extend(app) {
      app.get('/trusting', (_request, response) => {
        response.setHeader('Content-Security-Policy', trusting).type('html').send(page);
      });
      app.get('/trusting-isolated', (_request, response) => {
        response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
        response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
        response.setHeader('Content-Security-Policy', trusting).type('html').send(page);
      });
      app.get('/distrusting', (_request, response) => {
        const policy = trusting.replace(/trusted-types \w+$/, "trusted-types 'none'");
        response.setHeader('Content-Security-Policy', policy).type('html').send(page);
      });
    },
  });
});

after(async () => {
  await browser?.close();
  await host?.close();
  await service?.close();
});

/** Opens a page of the host and notes what its policy forbids, and what the console has to say. */
async function open(path: string) {
  const complaints: string[] = [];
  const complain = (message: string, url = '') => {
    // The host has no icon, and its policy would forbid one.
    if (![message, url].some((text) => text.includes('/favicon.ico'))) complaints.push(message);
  };
  const page = await visit(browser, 'about:blank');
  page.on('console', (message) => {
    if (message.type() === 'error') complain(message.text(), message.location().url);
  });
  page.on('pageerror', ({ message }) => complain(message));
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(host.origin + path);
  return { page, complaints, asked };
}

test('under the documented policy, and nothing else allowed, a page of another origin draws and reads', async () => {
  const { page, complaints, asked } = await open('/one');
  await modelLoaded(page);
  for (const digit of [1, 7, 0]) {
    await drawDigit(page, digit);
    await answerOf(page).getByText(String(digit)).waitFor();
    await page.locator('digit-classifier >> text=Clear').click();
  }
  assert.deepEqual(complaints, []);
  const elsewhere = asked.filter(
    (url) => ![host.origin, service.url, 'blob:'].some((start) => url.startsWith(start)),
  );
  assert.deepEqual(elsewhere, []);
  await page.close();
});

const WITH_TRUST = inChromium('it has no Trusted Types');

for (const path of ['/trusting', '/trusting-isolated']) {
  test(`${path}: under the documented policy with Trusted Types as well`, WITH_TRUST, async () => {
    const { page, complaints } = await open(path);
    assert.equal(await page.evaluate(() => crossOriginIsolated), path.endsWith('isolated'));
    await modelLoaded(page);
    await drawDigit(page, 7);
    await answerOf(page).getByText('7').waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  });
}

test(
  'a page with Trusted Types that allows none of the element is told what to add',
  WITH_TRUST,
  async () => {
    const { page } = await open('/distrusting');
    const { code, message } = await errorIn(page);
    assert.equal(code, 'forbidden', message);
    assert.match(message!, /Add tenfold to trusted-types of the page's policy/);
    await page.close();
  },
);

test('two elements on it share one worker, and a picture that is dropped is read', async () => {
  const { page, complaints } = await open('/two');
  await drawOnBoth(page);
  assert.equal(page.workers().length, 1);
  const seven = [...(await readFile(new URL('../../../../docs/images/seven.png', import.meta.url)))];
  await page.evaluate((bytes) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(bytes)], 'seven.png', { type: 'image/png' }));
    const drop = new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector('#a')!.dispatchEvent(drop);
  }, seven);
  await answerOf(page, '#a').getByText('7').waitFor();
  assert.deepEqual(complaints, []);
  await page.close();
});

test('its script loaded several times over is one element', async () => {
  const { page, complaints } = await open('/twice');
  await modelLoaded(page);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('what is not there is said on it as well', async () => {
  const { page } = await open('/gone');
  assert.equal((await errorIn(page)).code, 'not-found');
  await page.close();
});
