import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { speechOf } from '../../../web/element/texts.js';
import { inChromium } from '../browser.js';
import { answerOf, drawDigit, modelLoaded } from '../drawing.js';
import { inside, type Lab, startLab, withElement } from '../lab.js';
import { type Site, startSite } from '../site-server.js';

/** WCAG 2.0 to 2.2, A and AA, and what axe holds for good practice beyond. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

let lab: Lab;
/** The page with the bundle that comes along, which has figures. */
let home: Site;
before(async () => {
  lab = await startLab({ switches: CAMERA });
  home = await startSite({ bundle: fileURLToPath(new URL('../../../../models/default', import.meta.url)) });
});
after(async () => {
  await lab?.close();
  await home?.close();
});

/** What axe finds, a line each. */
async function findings(page: Page): Promise<string[]> {
  // As the browser's tools evaluate it: the page's own policy allows no script of others.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (values) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly: { type: 'tag', values } }),
    TAGS,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

const body = (attributes: string, around = '') =>
  `<main ${around}><h1>Lab</h1><digit-classifier ${attributes}></digit-classifier></main>`;

/** Each state that the element can be in: its attributes, and how it comes there. */
const STATES: {
  [state: string]: { attributes?: string; around?: string; reach?(page: Page): Promise<unknown> };
} = {
  empty: {},
  'a digit that was drawn': { reach: (page) => drawAndRead(page, 5) },
  'a number': {
    attributes: 'digits="many"',
    reach: (page) => drawAndRead(page, 1),
  },
  'an empty page of numbers': { attributes: 'digits="many"' },
  'a value that was set': { attributes: 'value="42"' },
  'pictures only': { attributes: 'mode="upload"' },
  'drawing only': { attributes: 'mode="draw"' },
  disabled: { attributes: 'disabled value="7"' },
  'read only': { attributes: 'readonly value="7"' },
  'a picture that was refused': {
    async reach(page) {
      const file = { name: 'x.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') };
      await inside(page, 'input[type=file]').setInputFiles(file);
      await inside(page, '.notice').waitFor();
    },
  },
  'a model that did not load': {
    attributes: 'src="/nothing-here/"',
    reach: (page) => inside(page, '.failure').waitFor(),
  },
  'a camera that is on': {
    async reach(page) {
      await inside(page, 'button.camera').click();
      await inside(page, 'video').waitFor();
    },
  },
  'in Chinese': { attributes: 'lang="zh"', reach: (page) => drawAndRead(page, 0) },
  'from right to left': { around: 'dir="rtl"', reach: (page) => drawAndRead(page, 0) },
};

async function drawAndRead(page: Page, digit: number): Promise<void> {
  await drawDigit(page, digit);
  await answerOf(page).getByText(String(digit)).waitFor();
  // The answer to the whole drawing makes the buttons of its digits anew.
  await page.waitForFunction(() => document.querySelector('digit-classifier')!.value !== '');
}

for (const [state, { attributes = '', around = '', reach }] of Object.entries(STATES)) {
  test(`axe finds nothing in the element, light or dark: ${state}`, async () => {
    const page = await lab.open(body(attributes, around));
    await reach?.(page);
    for (const theme of ['light', 'dark'] as const) {
      await page
        .locator('digit-classifier')
        .evaluate((element: HTMLElementTagNameMap['digit-classifier'], chosen) => {
          element.theme = chosen;
        }, theme);
      // Colours that are on their way to the other theme's are neither's.
      await page.waitForTimeout(200);
      assert.deepEqual(await findings(page), [], theme);
    }
    await page.context().close();
  });
}

test('a flaw within the element would be found', async () => {
  const page = await lab.open(body(''));
  await inside(page, 'canvas.ink').evaluate((ink) => ink.setAttribute('role', 'button'));
  await inside(page, 'canvas.ink').evaluate((ink) => ink.removeAttribute('aria-label'));
  await inside(page, '.certainty').evaluate((text: HTMLElement) => {
    text.style.color = '#ccc';
  });
  const found = (await findings(page)).map((finding) => finding.split(':')[0]);
  assert.deepEqual(new Set(found), new Set(['aria-command-name', 'color-contrast']));
  await page.context().close();
});

test('axe finds nothing in an element that loads', async () => {
  const page = await lab.open('');
  await page.route('**/model.onnx', () => {});
  await page.evaluate((html) => {
    document.body.innerHTML = html;
  }, body(''));
  await inside(page, 'progress').waitFor();
  assert.deepEqual(await findings(page), []);
  await page.context().close();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing on the page, ${colorScheme}: as it opens, with answers, figures and a game`, async () => {
    const context = await lab.browser.newContext({ colorScheme });
    const page = await context.newPage();
    await page.goto(home.url);
    await modelLoaded(page, '#classifier');
    assert.deepEqual(await findings(page), []);
    await drawDigit(page, 7, '#classifier');
    await page.locator('#ask').click();
    await page.locator('#verdict').getByText('The same answer').waitFor();
    await page.locator('#figures').scrollIntoViewIfNeeded();
    await page.locator('summary').first().waitFor();
    for (const group of await page.locator('summary').all()) await group.click();
    await page.locator('#game-start').click();
    await page.locator('#game-skip').click();
    assert.deepEqual(await findings(page), []);
    await context.close();
  });
}

test('the focus goes in the order of reading, and every target is at least 24 pixels each way', async () => {
  const page = await lab.open(body('digits="many"'));
  await drawAndRead(page, 1);
  const order: string[] = [];
  for (let stop = 0; stop < 6; stop++) {
    if (stop > 0) await page.keyboard.press('Tab');
    order.push(await withElement(page, (element) => element.shadowRoot!.activeElement?.className ?? ''));
  }
  assert.deepEqual(order, ['ink', 'undo', 'clear', 'open', 'camera', 'chip']);
  const small = await withElement(page, (element) =>
    [...element.shadowRoot!.querySelectorAll('button')]
      .filter((button) => button.checkVisibility())
      .map((button) => button.getBoundingClientRect())
      .filter(({ width, height }) => width < 24 || height < 24),
  );
  assert.deepEqual(small, []);
  await page.context().close();
});

test('where the focus is is seen at each stop, without :has(), which came with Firefox 121', async () => {
  const page = await lab.open(body(''));
  for (const stop of ['ink', 'open', 'camera']) {
    await page.keyboard.press('Tab');
    const outline = await withElement(page, (element) => {
      const focused = element.shadowRoot!.activeElement!;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return `${focused.className}: ${outlineStyle} ${outlineWidth}`;
    });
    assert.equal(outline, `${stop}: solid 2px`);
  }
  await page.context().close();
});

const BY_CONTRAST = inChromium('its protocol cannot ask for forced colors');
test('in forced colors one sees which digit of a number is chosen', BY_CONTRAST, async () => {
  const page = await lab.open(body('digits="many"'), { forcedColors: 'active' });
  await drawAndRead(page, 1);
  const [chosen, other] = await inside(page, '.chip').evaluate((chip) => {
    const border = () => getComputedStyle(chip).border;
    const pressed = border();
    chip.setAttribute('aria-pressed', 'false');
    return [pressed, border()];
  });
  assert.notEqual(other, chosen);
  await page.context().close();
});

const BY_TREE = inChromium("only Chromium's protocol tells its accessibility tree");
test(
  'the element is named by its label, by what the label says by then, and without one by itself',
  BY_TREE,
  async () => {
    const page = await lab.open(
      '<main><label for="d"> Your digit </label><digit-classifier id="d"></digit-classifier></main>',
    );
    const session = await page.context().newCDPSession(page);
    const name = async () => {
      await inside(page, 'canvas.ink').focus();
      const { nodes } = await session.send('Accessibility.getFullAXTree');
      return nodes.find(({ role }) => role?.value === 'group')?.name?.value;
    };
    assert.equal(await name(), 'Your digit');
    const change = (html: string) =>
      page.evaluate((label) => {
        document.querySelector('label')?.remove();
        document.querySelector('main')!.insertAdjacentHTML('afterbegin', label);
        (document.activeElement as HTMLElement | null)?.blur();
      }, html);
    await change('<label for="d">The year</label><label for="d">of birth</label>');
    assert.equal(await name(), 'The year of birth');
    await change('');
    await change('');
    assert.equal(await name(), speechOf('en', {}).texts.name);
    await withElement(page, (element) => element.setAttribute('aria-label', 'Mine'));
    assert.equal(await name(), 'Mine');
    await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p id="title">Ours</p>'));
    await withElement(page, (element) => element.setAttribute('aria-labelledby', 'title'));
    assert.equal(await name(), 'Ours');
    await page.context().close();
  },
);

const BY_EMULATION = inChromium('its protocol cannot ask for reduced motion');
test('with reduced motion the bars do not move, else they do', BY_EMULATION, async () => {
  for (const [reducedMotion, property] of [
    ['reduce', 'none'],
    ['no-preference', 'transform'],
  ] as const) {
    const page = await lab.open(body(''), { reducedMotion });
    const transition = await inside(page, '.fill').evaluate(
      (fill) => getComputedStyle(fill).transitionProperty,
    );
    assert.equal(transition, property);
    await page.context().close();
  }
});
