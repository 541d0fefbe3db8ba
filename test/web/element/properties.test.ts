import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { drawDigit } from '../drawing.js';
import { inside, type Lab, startLab, withElement } from '../lab.js';

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.close());

test('a number is a value as well: handed back it leaves the drawing, and it is text to who reads it', async () => {
  const page = await lab.open('<form><digit-classifier name="digit"></digit-classifier></form>');
  await drawDigit(page, 7);
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '7');
  const handedBack = await withElement(page, async (element) => {
    const result = element.result!;
    // As frameworks and untyped pages do.
    if (result.digits === 'one') Reflect.set(element, 'value', result.digit);
    return [element.value, (await element.toBlob()) !== null, element.result === result];
  });
  assert.deepEqual(handedBack, ['7', true, true]);
  for (const [given, value] of [
    [42, '42'],
    [null, ''],
    [0, '0'],
    [undefined, ''],
  ] as const) {
    const found = await page.evaluate((set) => {
      const element = document.querySelector('digit-classifier')!;
      Reflect.set(element, 'value', set);
      return [element.value, new FormData(document.querySelector('form')!).get('digit') ?? ''];
    }, given);
    assert.deepEqual(found, [value, value], String(given));
  }
  await page.context().close();
});

test('a property that is set to undefined or null is as it was before it was set', async () => {
  const page = await lab.open('<digit-classifier></digit-classifier>');
  const attributes = {
    src: 'src',
    mode: 'mode',
    digits: 'digits',
    theme: 'theme',
    name: 'name',
    defaultValue: 'value',
  };
  for (const unset of [undefined, null]) {
    for (const [property, attribute] of Object.entries(attributes)) {
      const left = await page.evaluate(
        ([name, reflected, nothing]) => {
          const element = document.createElement('digit-classifier');
          const before = Reflect.get(element, name);
          Reflect.set(element, name, '1');
          Reflect.set(element, name, nothing);
          return [element.getAttribute(reflected), Reflect.get(element, name) === before];
        },
        [property, attribute, unset] as const,
      );
      assert.deepEqual(left, [null, true], `${property} = ${unset}`);
    }
    const texts = await page.evaluate((nothing) => {
      const element = document.querySelector('digit-classifier')!;
      element.texts = { clear: 'Away' };
      Reflect.set(element, 'texts', nothing);
      return element.texts;
    }, unset);
    assert.deepEqual(texts, {});
    const wanting = await page.evaluate((nothing) => {
      const element = document.querySelector('digit-classifier')!;
      Reflect.set(element, 'texts', { open: 'Bild', clear: nothing, hint: nothing });
      const { textContent } = element.shadowRoot!;
      return [
        textContent!.includes('Bild'),
        textContent!.includes('Clear'),
        /undefined|null/.test(textContent!),
      ];
    }, unset);
    assert.deepEqual(wanting, [true, true, false]);
    await page.evaluate((nothing) => {
      Reflect.set(document.querySelector('digit-classifier')!, 'texts', nothing);
    }, unset);
    await withElement(page, (element) => {
      element.lang = 'fr';
    });
    await inside(page, 'text=Clear').waitFor();
  }
  await page.context().close();
});
