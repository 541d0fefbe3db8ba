import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { customElementsManifest } from '../../web/custom-elements.js';
import { DigitClassifierElement } from '../../web/digit-classifier-element.js';
import { startBrowser } from './browser.js';
import { startSite } from './site-server.js';
import { makeTinyBundle } from './tiny-bundle.js';

const declaration = customElementsManifest().modules[0]!.declarations![0]!;
const named = (entries: readonly { name: string }[]) => entries.map(({ name }) => name).sort();

test('it is what its published schema asks for, and is written beside the element', async () => {
  const schema = JSON.parse(
    await readFile(fileURLToPath(import.meta.resolve('custom-elements-manifest/schema.json')), 'utf8'),
  ) as object;
  const validate = new Ajv({ strict: false }).compile(schema);
  assert.ok(validate(customElementsManifest()), JSON.stringify(validate.errors?.slice(0, 3)));
  const written = await readFile(new URL('../../web/custom-elements.json', import.meta.url), 'utf8');
  assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(customElementsManifest())));
});

test('attributes are those that the class observes', () => {
  assert.deepEqual(named(declaration.attributes), [...DigitClassifierElement.observedAttributes].sort());
});

test('members, parts and custom properties are those of the element in a browser', async () => {
  const bundle = await makeTinyBundle();
  const site = await startSite({
    bundle: bundle.directory,
    pages: { '/one': '<digit-classifier></digit-classifier>' },
  });
  const browser = await startBrowser();
  const page = await browser.newPage();
  await page.goto(`${site.url}one`);
  const found = await page.evaluate(async () => {
    await customElements.whenDefined('digit-classifier');
    const element = document.querySelector('digit-classifier')!;
    const root = element.shadowRoot!;
    const own: string[] = [];
    for (
      let type = Object.getPrototypeOf(element);
      type !== HTMLElement.prototype;
      type = Object.getPrototypeOf(type)
    ) {
      own.push(...Object.getOwnPropertyNames(type));
    }
    return {
      members: own.filter((name) => name !== 'constructor' && !name.endsWith('Callback')),
      parts: [...root.querySelectorAll('[part]')].flatMap((part) => [...part.part]),
    };
  });
  await browser.close();
  await site.close();
  await bundle.remove();
  const script = await readFile(new URL('../../web/site/digit-classifier.js', import.meta.url), 'utf8');
  const unique = (names: readonly string[]) => [...new Set(names)].sort();
  assert.deepEqual(named(declaration.members), unique(found.members));
  assert.deepEqual(named(declaration.cssParts), unique(found.parts));
  assert.deepEqual(
    named(declaration.cssProperties),
    unique(script.match(/--digit-classifier-[a-z-]+/g) ?? []),
  );
});
