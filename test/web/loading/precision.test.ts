import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { type Manifest, PRECISION_FILES, type Precision } from '../../../core/manifest.js';
import { smallestAsGood } from '../../../core/precision.js';
import { startBrowser } from '../browser.js';
import { answerOf, drawDigit, modelLoaded } from '../drawing.js';
import { type Site, startSite } from '../site-server.js';

const bundle = fileURLToPath(new URL('../../../../models/default', import.meta.url));
const element = (folder: string) => `<digit-classifier src="/${folder}/"></digit-classifier>`;

let site: Site;
let browser: Browser;
let manifest: Manifest;

/** The manifest as it would be if these variants read fewer digits right. */
function withWorse(...precisions: ('fp16' | 'int8')[]): Manifest {
  const changed = structuredClone(manifest);
  for (const precision of precisions) changed.variants![precision]!.metrics.testAccuracy -= 0.01;
  return changed;
}

before(async () => {
  manifest = JSON.parse(await readFile(join(bundle, 'manifest.json'), 'utf8')) as Manifest;
  const manifests: Record<string, () => Manifest> = {
    'int8-worse': () => withWorse('int8'),
    'both-worse': () => withWorse('fp16', 'int8'),
  };
  browser = await startBrowser();
  site = await startSite({
    bundle,
    pages: {
      '/shipped': element('model'),
      ...Object.fromEntries(Object.keys(manifests).map((name) => [`/${name}`, element(`of-${name}`)])),
    },
    extend(app) {
      for (const [name, make] of Object.entries(manifests)) {
        app.get(`/of-${name}/manifest.json`, (_request, response) => void response.json(make()));
        app.get(`/of-${name}/:file`, ({ params: { file } }, response) => response.redirect(`/model/${file}`));
      }
    },
  });
});

after(async () => {
  await browser?.close();
  await site?.close();
});

/** Opens a page, has it read a drawn digit, and tells which graphs were fetched. */
async function graphsFetched(path: string): Promise<string[]> {
  const page = await browser.newPage();
  const fetched = new Set<string>();
  page.on('request', (request) => {
    const file = new URL(request.url()).pathname.split('/').at(-1)!;
    if (file.endsWith('.onnx')) fetched.add(file);
  });
  await page.goto(new URL(path, site.url).href);
  await modelLoaded(page);
  await drawDigit(page, 7);
  await answerOf(page).getByText('7').waitFor();
  await page.close();
  return [...fetched];
}

test('the element loads the smallest graph that is as good, and reads by it', async () => {
  const expected: Record<string, Precision> = {
    '/shipped': smallestAsGood(manifest),
    '/int8-worse': 'fp16',
    '/both-worse': 'fp32',
  };
  assert.equal(expected['/shipped'], 'int8');
  for (const [path, precision] of Object.entries(expected)) {
    assert.deepEqual(await graphsFetched(path), [PRECISION_FILES[precision]], path);
  }
});
