import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Lab, startLab } from '../lab.js';

let lab: Lab;
before(async () => {
  lab = await startLab();
});
after(() => lab?.close());

/** Styles of the element and of what is around it. */
type Layout = readonly [around: string, element: string];

/** How a page may ask an element for its own width. */
const ASKING: Record<string, Layout> = {
  'a flex row': ['display: flex', ''],
  'a centred flex column': ['display: flex; flex-direction: column; align-items: center', ''],
  'a centred grid': ['display: grid; justify-items: center', ''],
  'a float': ['', 'float: left'],
  'fit-content': ['', 'width: fit-content'],
};

const REM = 16;

/** The width that the element has in a layout of this width, pixels; the page's policy allows no style attributes in markup. */
const widthIn = (page: Page, [around, own]: Layout, room: number): Promise<number> =>
  page.evaluate(
    ([aroundIt, itsOwn, width]) => {
      const element = document.querySelector('digit-classifier')!;
      element.style.cssText = itsOwn;
      element.parentElement!.style.cssText = `${aroundIt}; width: ${width}px`;
      return element.getBoundingClientRect().width;
    },
    [around, own, room] as const,
  );

const columns = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const frame = document.querySelector('digit-classifier')!.shadowRoot!.querySelector('.frame')!;
    return getComputedStyle(frame).gridTemplateColumns.split(' ').length;
  });

test('where its own width is asked for the element is as wide as it reads well, and no wider than there is room', async () => {
  const page = await lab.open('<div><digit-classifier src="/nothing/"></digit-classifier></div>');
  for (const [name, layout] of Object.entries(ASKING)) {
    assert.equal(await widthIn(page, layout, 900), 28 * REM, name);
    assert.equal(await widthIn(page, layout, 240), 240, `${name}, narrow`);
  }
  await page.context().close();
});

test('in a block it takes the room that there is, and a width of the page goes before', async () => {
  const page = await lab.open('<div><digit-classifier src="/nothing/"></digit-classifier></div>');
  for (const [room, inColumns] of [
    [240, 1],
    [640, 1],
    [900, 2],
  ] as const) {
    assert.equal(await widthIn(page, ['', ''], room), room);
    assert.equal(await columns(page), inColumns, `${room} pixels`);
  }
  assert.equal(await widthIn(page, ['display: flex', 'flex: 1'], 900), 900);
  assert.equal(await widthIn(page, ['display: flex', 'width: 300px'], 900), 300);
  await page.context().close();
});
