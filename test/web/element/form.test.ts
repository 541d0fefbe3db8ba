import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { answerOf, drawDigit, modelLoaded } from '../drawing.js';
import { inside, type Lab, startLab, type Told, toldIn, withElement } from '../lab.js';

const FORM = (attributes: string) =>
  `<form><label for="d">Your digit</label><digit-classifier id="d" name="digit" ${attributes}></digit-classifier><fieldset></fieldset><button type="reset">Reset</button></form>`;

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.close());

const sent = (page: Page) =>
  page.evaluate(() =>
    [...new FormData(document.querySelector('form')!)].map(([name, value]) => `${name}=${value}`),
  );
const validity = (page: Page) =>
  withElement(page, (element) => {
    const { valid, valueMissing, customError } = element.validity;
    return { valid, valueMissing, customError, message: element.validationMessage };
  });

test('the form sends what was read, and nothing before or after', async () => {
  const page = await lab.open(FORM('required'));
  assert.deepEqual(await sent(page), []);
  assert.deepEqual(await validity(page), {
    valid: false,
    valueMissing: true,
    customError: false,
    message: 'A digit or a number is needed here.',
  });
  await drawDigit(page, 7);
  await answerOf(page).getByText('7').waitFor();
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '7');
  assert.deepEqual(await sent(page), ['digit=7']);
  assert.equal((await validity(page)).valid, true);
  await inside(page, 'text=Clear').click();
  await inside(page, 'text=Nothing there').waitFor();
  assert.deepEqual(await sent(page), []);
  assert.equal((await validity(page)).valueMissing, true);
  await page.context().close();
});

test('reset brings the first value back, silently, and drops the drawing', async () => {
  const page = await lab.open(FORM('value="42" digits="many"'));
  assert.deepEqual(await sent(page), ['digit=42']);
  await answerOf(page).getByText('42').waitFor();
  await drawDigit(page, 1);
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '1');
  const before = (await toldIn(page)).length;
  await page.getByText('Reset').click();
  assert.deepEqual(await sent(page), ['digit=42']);
  assert.equal(await withElement(page, (element) => element.toBlob()), null);
  assert.equal((await toldIn(page)).length, before);
  await page.context().close();
});

test('a value that is set is shown; what is no number is no value', async () => {
  const page = await lab.open(FORM(''));
  const put = (value: string) =>
    page.evaluate((text) => {
      const element = document.querySelector('digit-classifier')!;
      element.value = text;
      return element.value;
    }, value);
  assert.equal(await put('8'), '8');
  await inside(page, 'text=Set, not read').waitFor();
  assert.equal(await put('eight'), '');
  await inside(page, 'text=Nothing there').waitFor();
  await page.context().close();
});

test('a value that is there already leaves the drawing and its answer; an empty one takes both', async () => {
  const page = await lab.open(FORM(''));
  await withElement(page, (element) => {
    // As a framework does that keeps the value itself.
    element.addEventListener('digit-change', () => {
      const { value } = element;
      element.value = value;
    });
  });
  await drawDigit(page, 7);
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '7');
  const state = () =>
    withElement(page, async (element) => [
      element.value,
      element.result?.text ?? null,
      (await element.toBlob()) !== null,
    ]);
  assert.deepEqual(await state(), ['7', '7', true]);
  await withElement(page, (element) => {
    element.value = '';
  });
  assert.deepEqual(await state(), ['', null, false]);
  await page.context().close();
});

test('readOnly, disabled and required are false where undefined is set, as an option that is not there', async () => {
  const page = await lab.open(FORM('required'));
  const found = await withElement(page, (element) => {
    Object.assign(element, { readOnly: undefined, disabled: undefined, required: undefined });
    return [element.readOnly, element.disabled, element.required];
  });
  assert.deepEqual(found, [false, false, false]);
  await page.context().close();
});

test('what a page sets before the element is defined counts all the same', async () => {
  const page = await lab.open('<form></form>');
  const found = await page.evaluate(() => {
    // An element of a document that nobody looks at is not defined before it comes to this one.
    const element = document.implementation.createHTMLDocument().createElement('digit-classifier');
    Object.assign(element, { name: 'digit', value: '42', digits: 'many', readOnly: true, result: 'mine' });
    Object.assign(element, { texts: { given: 'Known already' } });
    document.querySelector('form')!.append(element);
    const { value, defaultValue, readOnly, result } = element;
    return [value, defaultValue, element.getAttribute('digits'), readOnly, result];
  });
  assert.deepEqual(found, ['42', '', 'many', true, null]);
  assert.deepEqual(await sent(page), ['digit=42']);
  await inside(page, 'text=Known already').waitFor();
  await withElement(page, (element) => {
    element.value = '8';
  });
  assert.deepEqual(await sent(page), ['digit=8']);
  await page.context().close();
});

test('what is no digit is no value, and the form says why', async () => {
  const page = await lab.open('');
  await page.route('**/manifest.json', async (route) => {
    const manifest = (await (await route.fetch()).json()) as { calibration: { rejection: object } };
    manifest.calibration.rejection = { score: 'max-logit', threshold: 1000 };
    await route.fulfill({ json: manifest });
  });
  await page.evaluate((body) => document.body.insertAdjacentHTML('beforeend', body), FORM(''));
  await modelLoaded(page);
  await drawDigit(page, 3);
  await inside(page, 'text=Not a digit').waitFor();
  // While the pen is down the same is shown, and not yet told to the form.
  await page.waitForFunction(
    () => document.querySelector('digit-classifier')!.validationMessage !== 'Not read yet',
  );
  await inside(page, 'text=Closest: 3').waitFor();
  assert.equal(await answerOf(page).textContent(), '');
  assert.deepEqual(await validity(page), {
    valid: false,
    valueMissing: false,
    customError: true,
    message: 'Not a digit. It looks like nothing that the model knows.',
  });
  assert.deepEqual(await sent(page), []);
  await page.context().close();
});

test('what is drawn and not read yet is not sent; once it is taken back nothing holds the form up', async () => {
  const page = await lab.open('');
  await page.route('**/model.onnx', () => {});
  await page.evaluate((body) => document.body.insertAdjacentHTML('beforeend', body), FORM(''));
  await drawDigit(page, 3);
  await inside(page, 'text=Not read yet').waitFor();
  assert.equal((await validity(page)).message, 'Not read yet');
  await inside(page, 'text=Undo').click();
  assert.equal((await validity(page)).valid, true);
  await drawDigit(page, 3);
  assert.equal((await validity(page)).valid, false);
  await inside(page, 'text=Clear').click();
  assert.equal((await validity(page)).valid, true);
  await page.context().close();
});

/** Of a page that comes back as it was, Firefox's protocol tells nothing that could be waited for. */
const back = (page: Page) =>
  page.evaluate(() => {
    setTimeout(() => history.back());
  });

/** What may happen to an element with a drawing that is not read yet, and leaves it that. */
const CHANGES: Record<string, (element: HTMLElementTagNameMap['digit-classifier']) => void> = {
  theme: (element) => {
    element.theme = 'dark';
  },
  mode: (element) => {
    element.mode = 'draw';
  },
  required: (element) => {
    element.required = true;
  },
  src: (element) => {
    element.src = '/elsewhere/';
  },
  texts: (element) => {
    element.texts = { clear: 'Wipe' };
  },
  'the language of the page': () => {
    document.documentElement.lang = 'fr';
  },
  'a fieldset that is disabled and enabled': (element) => {
    const fieldset = document.querySelector('fieldset')!;
    fieldset.append(element);
    fieldset.disabled = true;
    fieldset.disabled = false;
  },
  'a place in the page': (element) => {
    document.querySelector('form')!.prepend(element);
  },
};

test('what is drawn and not read yet stays that, whatever else changes', async () => {
  const page = await lab.open(FORM('src="/nothing-here/"'));
  await drawDigit(page, 3);
  await inside(page, 'text=Not read yet').waitFor();
  for (const [name, change] of Object.entries(CHANGES)) {
    await withElement(page, change);
    const { customError, message } = await validity(page);
    assert.deepEqual([customError, message], [true, 'Not read yet'], name);
  }
  await page.context().close();
});

test('a drawing that was never read comes back whole', async () => {
  const page = await lab.open(FORM('src="/nothing-here/"'));
  const box = (await inside(page, 'canvas.ink').boundingBox())!;
  const at = (y: number) => [box.x + box.width / 2, box.y + y * box.height] as const;
  await page.mouse.move(...at(0.2));
  await page.mouse.down();
  await page.mouse.move(...at(0.3));
  await page.waitForFunction(
    () => document.querySelector('digit-classifier')!.validationMessage === 'Not read yet',
  );
  await page.mouse.move(...at(0.8), { steps: 10 });
  await page.mouse.up();
  const height = () =>
    withElement(page, async (element) => {
      const drawing = await createImageBitmap((await element.toBlob())!);
      const context = new OffscreenCanvas(drawing.width, drawing.height).getContext('2d')!;
      context.drawImage(drawing, 0, 0);
      const { data } = context.getImageData(0, 0, drawing.width, drawing.height);
      const isInked = (row: number) =>
        data.subarray(row * drawing.width * 4, (row + 1) * drawing.width * 4).some((value) => value > 0);
      return Array.from({ length: drawing.height }, (_, row) => row).filter(isInked).length;
    });
  const before = await height();
  await page.goto(`${lab.site.url}lab?body=elsewhere`);
  await back(page);
  await page.waitForFunction(
    () => document.querySelector('digit-classifier')?.validationMessage === 'Not read yet',
  );
  assert.ok(Math.abs((await height()) - before) <= 2, `${await height()} rows of ${before}`);
  await page.context().close();
});

test('disabled, by itself or by a fieldset, and readonly: nobody draws, and only readonly is sent', async () => {
  const page = await lab.open(FORM('value="5"'));
  const strokes = async () => {
    await drawDigit(page, 0);
    return withElement(page, async (element) => (await element.toBlob()) !== null);
  };
  await withElement(page, (element) => {
    element.readOnly = true;
  });
  assert.deepEqual([await strokes(), await sent(page)], [false, ['digit=5']]);
  await withElement(page, (element) => {
    element.readOnly = false;
    element.disabled = true;
  });
  assert.deepEqual([await strokes(), await sent(page)], [false, []]);
  await withElement(page, (element) => {
    element.disabled = false;
    const fieldset = document.querySelector('fieldset')!;
    fieldset.append(element);
    fieldset.disabled = true;
  });
  await modelLoaded(page);
  assert.deepEqual([await strokes(), await sent(page)], [false, []]);
  assert.equal(await inside(page, 'button.open').isDisabled(), true);
  await page.evaluate(() => {
    document.querySelector('fieldset')!.disabled = false;
  });
  assert.equal(await strokes(), true);
  await page.context().close();
});

test('a label focuses the pad, and back and forth in history brings the drawing back', async () => {
  const page = await lab.open(FORM(''));
  await page.getByText('Your digit').click();
  assert.equal(await withElement(page, (element) => element.shadowRoot!.activeElement?.className), 'ink');
  await drawDigit(page, 6);
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value === '6');
  await page.goto(`${lab.site.url}lab?body=elsewhere`);
  await back(page);
  await page.waitForFunction(() => document.querySelector('digit-classifier')?.value === '6');
  await page.context().close();
});

/** What is spoken, which is that loading takes long where it did. */
const spoken = (page: Page) => inside(page, '[role=status]').textContent();

for (const type of ['digit-input', 'digit-change'] as const) {
  test(`a form that is reset as ${type} is told keeps its first value, and nothing more is told or spoken`, async () => {
    const page = await lab.open(FORM('value="5"'));
    const before = await spoken(page);
    await page.evaluate((when) => {
      const element = document.querySelector('digit-classifier')!;
      element.addEventListener(when, () => element.form!.reset());
    }, type);
    await drawDigit(page, 1);
    await page.waitForFunction(
      (when) => (globalThis as unknown as { told: Told[] }).told.some((told) => told.type === when),
      type,
    );
    // Longer than an answer rests before it is spoken.
    await page.waitForTimeout(1000);
    assert.deepEqual(await sent(page), ['digit=5']);
    await inside(page, 'text=Set, not read').waitFor();
    assert.deepEqual(
      (await toldIn(page)).filter(({ text }) => text === ''),
      [],
      'the empty pad was read',
    );
    assert.equal(await spoken(page), before);
    await page.context().close();
  });
}

test('a form that is reset as a whole drawing is told as digit-input hears no digit-change of it', async () => {
  const page = await lab.open(FORM('value="5"'));
  const before = await spoken(page);
  await withElement(page, (element) => {
    element.addEventListener('digit-input', () => element.form!.reset());
    // Without a pen that is down there is no answer to a part of it.
    element.formStateRestoreCallback('[[500,200,1000,500,800,1000]]');
  });
  await page.waitForFunction(() => (globalThis as unknown as { told: Told[] }).told.length > 0);
  // Longer than an answer rests before it is spoken.
  await page.waitForTimeout(1000);
  assert.deepEqual(await sent(page), ['digit=5']);
  assert.deepEqual(await toldIn(page), [{ type: 'digit-input', text: '1' }]);
  assert.equal(await spoken(page), before);
  await page.context().close();
});

test('undo without strokes leaves a value and a picture that was read, and what they are to the form', async () => {
  const page = await lab.open(FORM('value="5" required'));
  const undo = async () => {
    await inside(page, 'canvas.ink').focus();
    await page.keyboard.press('Control+z');
  };
  await undo();
  assert.deepEqual(await sent(page), ['digit=5']);
  const seven = await readFile(new URL('../../../../docs/images/seven.png', import.meta.url));
  await page.evaluate(
    (bytes) => document.querySelector('digit-classifier')!.classify(new Blob([Uint8Array.from(bytes)])),
    [...seven],
  );
  assert.deepEqual(await sent(page), ['digit=7']);
  await undo();
  assert.deepEqual(await sent(page), ['digit=7']);
  assert.equal((await validity(page)).valid, true);
  assert.deepEqual(await toldIn(page), [{ type: 'digit-change', text: '7' }]);
  await page.context().close();
});
