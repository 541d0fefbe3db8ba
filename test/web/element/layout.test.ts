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

/** What pages have around the element, outermost first. */
const WRAPPED: Record<string, readonly (readonly [tag: 'div' | 'fieldset' | 'main', style: string])[]> = {
  'a fieldset': [['fieldset', '']],
  'a fieldset whose lines do not wrap': [['fieldset', 'white-space: nowrap']],
  'a flex item that grows': [
    ['div', 'display: flex'],
    ['main', 'flex: 1'],
  ],
  'a grid column of 1fr': [
    ['div', 'display: grid; grid-template-columns: 1fr'],
    ['div', ''],
  ],
  'a block in a grid': [
    ['div', 'display: grid'],
    ['div', ''],
  ],
  'a block in a centred flex column': [
    ['div', 'display: flex; flex-direction: column; align-items: center'],
    ['div', ''],
  ],
  'a table cell': [
    ['div', 'display: table'],
    ['div', 'display: table-cell'],
  ],
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

/** Puts these around the element, in a column of this width: how wide the element is, and what does not fit into the column. */
const widthWrapped = (page: Page, wrappers: (typeof WRAPPED)[string], room: number) =>
  page.evaluate(
    ([around, width]) => {
      const element = document.querySelector('digit-classifier')!;
      const column = document.createElement('div');
      column.style.width = `${width}px`;
      const innermost = around.reduce<HTMLElement>((outer, [tag, style]) => {
        const wrapper = document.createElement(tag);
        wrapper.style.cssText = style;
        outer.append(wrapper);
        return wrapper;
      }, column);
      innermost.append(element);
      document.body.replaceChildren(column);
      return { width: element.getBoundingClientRect().width, outside: column.scrollWidth - width };
    },
    [wrappers, room] as const,
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

test('it shrinks with whatever is around it', async () => {
  const page = await lab.open('<div><digit-classifier src="/nothing/"></digit-classifier></div>');
  for (const [name, wrappers] of Object.entries(WRAPPED)) {
    const { width, outside } = await widthWrapped(page, wrappers, 328);
    assert.ok(outside <= 0 && width > 290 && width <= 328, `${name}: ${width} pixels, ${outside} outside`);
  }
  for (const name of ['a block in a centred flex column', 'a table cell'])
    assert.equal((await widthWrapped(page, WRAPPED[name]!, 900)).width, 28 * REM, `${name}, wide`);
  await page.context().close();
});

/** In a column of this width: how far below the button that opens a picture the camera's stands, and how far the picture seen sticks out beside the bars. */
const narrow = (page: Page, room: number) =>
  page.evaluate((width) => {
    const element = document.querySelector('digit-classifier')!;
    element.parentElement!.style.cssText = `width: ${width}px`;
    const [open, camera, seen, bars] = ['.open', '.camera', '.seen', '.bars'].map((name) =>
      element.shadowRoot!.querySelector(name)!.getBoundingClientRect(),
    );
    return { below: camera!.top - open!.top, outside: Math.max(0, seen!.right - bars!.right) };
  }, room);

test('in narrow columns the camera stays beside what opens a picture, and the picture seen within the element', async () => {
  const page = await lab.open('<div><digit-classifier src="/nothing/"></digit-classifier></div>');
  for (const room of [224, 260, 304, 400, 900])
    assert.deepEqual(await narrow(page, room), { below: 0, outside: 0 }, `${room} pixels`);
  await page.context().close();
});
