import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { inChromium, startBrowser } from '../browser.js';
import { CONTENT_SECURITY_POLICY, type Site, startSite } from '../site-server.js';
import { makeTinyBundle, type TinyBundle } from '../tiny-bundle.js';
import { errorIn, visit } from '../visit.js';
import { SITE } from './service.js';

let site: Site;
let bundle: TinyBundle;
let browser: Browser;

/** Our script within one that is no module, and so does not know where it came from. */
async function withinAnother(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: SITE },
    bundle: true,
    write: false,
    format: 'iife',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

/** Two of our scripts, moved away from their files; one is told where those are, and both start a worker. */
const TWO_SCRIPTS = `
import '/moved/digit-classifier.js';
import { DigitClassifierElement, setAssetFolder } from '/moved/digit-classifier-element.js';
setAssetFolder('/');
customElements.define('my-digit', class extends DigitClassifierElement {});
`;

before(async () => {
  [bundle, browser] = await Promise.all([makeTinyBundle(), startBrowser()]);
  const scripts: Record<string, string> = {
    '/lost.js': await withinAnother("import './digit-classifier.js';"),
    '/told.js': await withinAnother(
      "import { setAssetFolder } from './digit-classifier.js'; setAssetFolder('');",
    ),
    '/two.js': TWO_SCRIPTS,
  };
  site = await startSite({
    bundle: bundle.directory,
    extend(app) {
      for (const [path, script] of Object.entries(scripts)) {
        app.get(path, (_request, response) => {
          response.type('text/javascript').send(script);
        });
        const type = path === '/two.js' ? 'type="module"' : '';
        app.get(path.replace('.js', ''), (_request, response) => {
          const policy = `${CONTENT_SECURITY_POLICY}; require-trusted-types-for 'script'; trusted-types tenfold`;
          response.setHeader('Content-Security-Policy', policy);
          response
            .type('html')
            .send(
              `<script ${type} src="${path}"></script><digit-classifier></digit-classifier><my-digit></my-digit>`,
            );
        });
      }
      app.get('/moved/:script', ({ params }, response) => {
        response.sendFile(params.script, { root: SITE });
      });
    },
  });
});

after(async () => {
  await browser?.close();
  await site?.close();
  await bundle?.remove();
});

const isLoaded = (page: Page, selector: string) =>
  page.waitForFunction(
    (name) => (document.querySelector(name) as HTMLElementTagNameMap['digit-classifier']).model,
    selector,
  );

test('a script that does not know where its files are says how to tell it, in the element and by the event', async () => {
  const page = await visit(browser, `${site.url}lost`);
  const { code, message } = await errorIn(page);
  assert.equal(code, 'not-found', message);
  assert.match(message!, /setAssetFolder/);
  await page.locator('digit-classifier >> .failure').getByText('setAssetFolder').waitFor();
  assert.equal(
    await page.locator('digit-classifier').evaluate((element) => Reflect.get(element, 'src')),
    'model/',
  );
  await page.close();
});

test('one that is told loads them, its folder as seen from the page', async () => {
  const page = await visit(browser, `${site.url}told`);
  await isLoaded(page, 'digit-classifier');
  await page.close();
});

const WITH_TRUST = inChromium('it has no Trusted Types');
test(
  'what one script is told of its files another of the same page knows, and both share a policy',
  WITH_TRUST,
  async () => {
    const page = await visit(browser, `${site.url}two`);
    for (const name of ['digit-classifier', 'my-digit']) await isLoaded(page, name);
    await page.close();
  },
);
