import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { inside, type Lab, startLab, toldIn } from '../lab.js';

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.close());

type Place = 'body' | 'digit-classifier';

/** Pastes a file of this type there; whether the element took it from the page. */
const pasted = (page: Page, type: string, place: Place = 'body') =>
  page.evaluate(
    ([kind, target]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['no picture'], 'file', { type: kind }));
      const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, composed: true });
      // A made-up paste of Firefox's has a copy of the data without the files.
      Object.defineProperty(event, 'clipboardData', { value: transfer });
      document.querySelector(target)!.dispatchEvent(event);
      return event.defaultPrevented;
    },
    [type, place] as const,
  );

test("what is pasted where nothing has the focus is the element's if it is a picture, and the element is seen", async () => {
  const page = await lab.open('<digit-classifier></digit-classifier>');
  assert.equal(await pasted(page, 'application/pdf'), false);
  for (const unseen of ['display', 'visibility'] as const) {
    const set = (value: string) =>
      page.evaluate(
        ([property, text]) => document.querySelector('digit-classifier')!.style.setProperty(property, text),
        [unseen, value] as const,
      );
    await set(unseen === 'display' ? 'none' : 'hidden');
    assert.equal(await pasted(page, 'image/png'), false, unseen);
    await set('');
  }
  assert.deepEqual(await toldIn(page), []);
  assert.equal(await pasted(page, 'image/png'), true);
  await page.context().close();
});

test('what is pasted into the element is refused in words where it is no picture', async () => {
  const page = await lab.open('<digit-classifier></digit-classifier>');
  assert.equal(await pasted(page, 'application/pdf', 'digit-classifier'), true);
  await inside(page, '.notice').getByText('It is of a kind that is not read.').waitFor();
  await page.context().close();
});
