import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { DigitClassifierElement } from '../../web/element/digit-classifier-element.js';
import { type Lab, startLab, withElement } from './lab.js';

let lab: Lab;
let document: string;
before(async () => {
  document = await readFile(new URL('../../../docs/element.md', import.meta.url), 'utf8');
  lab = await startLab();
});
after(() => lab?.close());

const named = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name!).sort();

test('docs/element.md names every part and no other', async () => {
  const page = await lab.open('<digit-classifier digits="many" value="1"></digit-classifier>');
  await withElement(page, async (element) => {
    // Two marks make the parts that only a number has.
    const canvas = new OffscreenCanvas(200, 100);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 200, 100);
    context.fillStyle = '#000';
    context.fillRect(50, 20, 8, 60);
    context.fillRect(130, 20, 8, 60);
    await element.classify(canvas);
  });
  const parts = await withElement(page, (element) => [
    ...new Set(
      [...element.shadowRoot!.querySelectorAll('[part]')].flatMap((node) =>
        node.getAttribute('part')!.split(' '),
      ),
    ),
  ]);
  const said = document.slice(document.indexOf('`::part()`'), document.indexOf('| custom property'));
  assert.deepEqual(named(said, /`([a-z-]+)`/g), parts.sort());
  await page.context().close();
});

test('it names every custom property, with its values', async () => {
  const styles = await readFile(new URL('../../../web/element/styles.ts', import.meta.url), 'utf8');
  const declared = new Map(
    [...styles.matchAll(/var\(--digit-classifier-([a-z-]+), (.+)\);/g)].map(([, name, value]) => [
      name!,
      value!,
    ]),
  );
  const rows = [...document.matchAll(/^\| `--digit-classifier-([a-z-]+)` \| (.+?) \| (.+?) \|/gm)];
  assert.deepEqual(
    rows.map(([, name]) => name!).sort(),
    named(styles, /var\(--digit-classifier-([a-z-]+), /g),
  );
  for (const [, name, light, dark] of rows) {
    const colours = /^light-dark\((.+), (.+)\)$/.exec(declared.get(name!) ?? '');
    if (colours) assert.deepEqual([light, dark], [`\`${colours[1]}\``, `\`${colours[2]}\``], name);
  }
});

test('it names every attribute, property and method of the class', () => {
  const [attributes] = [DigitClassifierElement.observedAttributes];
  for (const attribute of [...attributes, 'name', 'disabled']) {
    assert.match(document, new RegExp(`^\\| \`${attribute}\` \\|`, 'm'));
  }
  const own = [
    DigitClassifierElement,
    Object.getPrototypeOf(DigitClassifierElement) as typeof DigitClassifierElement,
  ]
    .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
    .filter((name) => !/^constructor$|Callback$/.test(name));
  for (const name of own) assert.match(document, new RegExp(`\`${name}[\`(]`), name);
});
