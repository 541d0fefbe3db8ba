import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { TenfoldError } from '../../../core/errors.js';
import { html } from '../../../core/markup.js';
import { RUN_FILES, type RunMetrics } from '../../../core/run.js';
import { writeReport } from '../../../train/reports/index.js';
import { startBrowser } from '../../web/browser.js';
import { copyOfRun, type WrittenRuns, writeRuns } from './written-run.js';

let written: WrittenRuns;
let browser: Browser;
before(async () => {
  [written, browser] = await Promise.all([writeRuns(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await written?.remove();
});

interface Opened {
  page: Page;
  /** What the browser's console shows in red or yellow. */
  complaints: string[];
  /** Everything that it asked for but the page itself. */
  requests: string[];
}

async function open(path: string, width = 1280): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith('data:') && !request.isNavigationRequest()) requests.push(request.url());
  });
  await page.goto(pathToFileURL(path).href);
  return { page, complaints, requests };
}

const metricsOf = (run: string): RunMetrics => JSON.parse(readFileSync(join(run, RUN_FILES.metrics), 'utf8'));

/** The cells of the table of that caption, row by row. */
const tableOf = (page: Page, caption: string): Promise<string[][]> =>
  page.evaluate((wanted) => {
    const found = [...document.querySelectorAll('table')].find((table) =>
      table.caption?.textContent?.startsWith(wanted),
    );
    return [...(found?.tBodies[0]?.rows ?? [])].map((row) =>
      [...row.cells].map((cell) => cell.textContent ?? ''),
    );
  }, caption);

/** The names of the axes of each plot, its file's name without the ending. */
const AXES: Record<string, RegExp[]> = {
  loss: [/Mini-batch \(5 an epoch\)/, /Cross-entropy loss \(nats/],
  accuracy: [/Epoch/, /Accuracy \(%\)/],
  'learning-rate': [/Mini-batch \(5 an epoch\)/, /Learning rate/],
  recall: [/Digit/, /Recall \(%\)/],
  'epoch-time': [/Epoch/, /Time \(s\)/],
};

test('the page of a run opens by itself: nothing complains, nothing is asked for, its figures are those of metrics.json', async () => {
  const [run] = written.runs;
  const out = join(written.folder, 'report of one');
  const { html: path, plots } = await writeReport({ runs: [run], out, data: written.data });
  const { page, complaints, requests } = await open(path);
  assert.deepEqual(complaints, []);
  assert.deepEqual(requests, []);

  const metrics = metricsOf(run);
  const results = Object.fromEntries(await tableOf(page, 'Its results'));
  assert.equal(results['Test accuracy'], `${(100 * metrics.test.accuracy).toFixed(2)}%`);
  assert.equal(results['Test loss'], metrics.test.loss.toFixed(5));
  assert.equal(results['Validation loss'], 'not measured');
  const facts = Object.fromEntries(await tableOf(page, 'The run'));
  assert.equal(facts.Seed, '1');
  assert.equal(facts.Parameters, metrics.parameters.toLocaleString('en-US'));
  assert.equal(facts.Steps, String(metrics.steps));
  const digits = await tableOf(page, 'Each digit');
  assert.deepEqual(
    digits.map(([digit, precision, recall, published, f1, images]) => [
      digit,
      precision,
      recall,
      f1,
      images,
      Number(published) > 0.9,
    ]),
    metrics.test.perClass.map((row) => [
      String(row.digit),
      ...[row.precision, row.recall, row.f1].map((value) => value.toFixed(4)),
      String(row.support),
      true,
    ]),
  );

  const settings = await tableOf(page, 'Every setting');
  assert.ok(
    settings.some((row) => row.join('|') === 'epochs|3|set for this run; the recipe has 10'),
    `${settings}`,
  );
  const repeat = await page.locator('#settings .note code').textContent();
  assert.match(
    repeat ?? '',
    /^tenfold train --recipe bottleneck-32x2 --seed 1 .*--set filters=3 .*--set epochs=3 /,
  );

  const wrong = readFileSync(join(run, RUN_FILES.predictions), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .filter((line) => line.split(',')[0] !== line.split(',')[1]);
  const tiles = await page.locator('.gallery').first().locator('b').allTextContents();
  assert.deepEqual(tiles.length, wrong.length, 'wrong digits in the gallery');
  assert.ok(
    tiles.every((tile) => wrong.some((line) => tile === line.split(',').slice(0, 2).join(' read as '))),
  );
  const unloaded = await page.evaluate(
    () => [...document.images].filter((image) => image.naturalWidth !== 28).length,
  );
  assert.equal(unloaded, 0, 'pictures that are not 28 pixels wide');
  assert.deepEqual(
    plots.map((plot) => basename(plot)).sort(),
    readdirSync(join(out, 'plots')).sort(),
    'the files that are there are those that it names',
  );
  await page.context().close();
});

test('its plots are XML with axis names and PNGs that decode, and it fits a telephone in either scheme', async () => {
  const out = join(written.folder, 'plots');
  const { html: path, plots } = await writeReport({ runs: [written.runs[0]], out, data: written.data });
  const { page } = await open(path, 390);
  for (const plot of plots.filter((file) => file.endsWith('.svg'))) {
    const text = readFileSync(plot, 'utf8');
    const errors = await page.evaluate(
      (svg) =>
        new DOMParser().parseFromString(svg, 'image/svg+xml').querySelector('parsererror')?.textContent ??
        null,
      text,
    );
    assert.equal(errors, null, `${plot} is no XML`);
    for (const axis of AXES[basename(plot, '.svg')] ?? []) assert.match(text, axis, `no axis in ${plot}`);
    assert.doesNotMatch(text, /(href|src)="(?!data:)|url\(|NaN/, plot);
  }
  const names = plots.map((plot) => basename(plot).replace(/\.\w+$/, ''));
  for (const name of Object.keys(AXES)) assert.ok(names.includes(name), `no plot ${name}`);
  for (const plot of plots.filter((file) => file.endsWith('.png'))) {
    const { data, info } = await sharp(plot).raw().toBuffer({ resolveWithObject: true });
    assert.ok(info.width > 300 && info.height > 100, `${plot} is ${info.width}x${info.height}`);
    assert.ok(new Set(data).size > 4, `${plot} is blank`);
  }

  const colours: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { overflow, ink, paper } = await page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - innerWidth,
      ink: getComputedStyle(document.querySelector('.narrow svg text')!).fill,
      paper: getComputedStyle(document.body).backgroundColor,
    }));
    assert.ok(overflow <= 0, `${overflow} pixels wider than the telephone`);
    colours.push(ink, paper);
  }
  assert.equal(new Set(colours).size, 4, `ink and paper do not follow the scheme: ${colours}`);
  await page.context().close();
});

test('runs that differ in their seed alone are one group with mean and deviation, another setting is another', async () => {
  const out = join(written.folder, 'comparison');
  const { html: path } = await writeReport({ runs: written.runs, out, data: written.data });
  const { page, complaints, requests } = await open(path);
  assert.deepEqual([complaints, requests], [[], []]);
  const rows = await tableOf(page, 'Results');
  assert.deepEqual(
    rows.map(([label, seeds]) => [label, seeds]),
    [
      ['learningRate 0.001', '1, 2'],
      ['learningRate 0.0005', '1'],
    ],
  );
  const [a, b] = written.runs.map((run) => metricsOf(run).test.accuracy);
  const centre = (a! + b!) / 2;
  const spread = Math.sqrt((a! - centre) ** 2 + (b! - centre) ** 2);
  assert.equal(rows[0]![2], `${(100 * centre).toFixed(2)}% ± ${(100 * spread).toFixed(2)}`);
  assert.equal(rows[1]![2], `${(100 * metricsOf(written.runs[2]).test.accuracy).toFixed(2)}%`);
  assert.equal(rows[0]![3], '98.61% after 10', 'the published accuracy beside ours, of more epochs');
  const names = await page.locator('main').textContent();
  assert.doesNotMatch(names!, /Difference/, 'of figures after different numbers of epochs');
  const changed = await page.locator('li').allTextContents();
  assert.ok(
    changed.some((line) => line.includes('epochs 3 instead of 10')),
    `${changed}`,
  );
  await page.context().close();
});

test('beside a run stands what its report has after as many epochs, else what it has later, by word', async () => {
  const figures = {
    source: 'A report',
    epochs: 5,
    trainAccuracy: 0.98,
    testLoss: 0.05,
    testAccuracy: 0.99,
    testAccuracyByEpoch: [
      { epoch: 3, accuracy: 0.97 },
      { epoch: 5, accuracy: 0.99 },
    ],
    recall: Array.from({ length: 10 }, () => 0.99),
  };
  const [run] = written.runs;
  for (const [ends, accuracy, loss, trainAccuracy] of [
    [5, '97.00%', '0.05000 after 5', '98.00% after 5'],
    [3, '97.00%', '0.05000', '98.00%'],
  ] as const) {
    const out = join(written.folder, `published ${ends}`);
    const published = [{ ...figures, epochs: ends }];
    const { page } = await open(
      (await writeReport({ runs: [run], out, data: written.data, published })).html,
    );
    const beside = new Map((await tableOf(page, 'Its results')).map(([name, , figure]) => [name, figure]));
    assert.equal(beside.get('Test accuracy'), accuracy);
    assert.equal(beside.get('Test loss'), loss);
    assert.equal(beside.get('Training accuracy'), trainAccuracy);
    const text = (await page.locator('main').textContent()) ?? '';
    assert.equal(text.includes('Recall, published after 5'), ends === 5);
    const difference = 100 * (metricsOf(run).test.accuracy - 0.97);
    const signed = `${difference > 0 ? '+' : '\u2212'}${Math.abs(difference).toFixed(2)}`;
    assert.ok(text.includes(`published 97.00%, ${signed}`), text.slice(0, 400));
    assert.equal(text.includes('the report has none after as many'), ends === 5);
    await page.context().close();
  }
});

test('from a figure after other epochs than the run had no difference is taken', async () => {
  const out = join(written.folder, 'published later');
  const published = [{ source: 'A report', epochs: 5, testAccuracy: 0.99 }];
  const [run] = written.runs;
  const { page } = await open((await writeReport({ runs: [run], out, data: written.data, published })).html);
  const text = (await page.locator('main').textContent()) ?? '';
  assert.match(text, /published 99\.00% after 5(?!,)/);
  await page.context().close();
});

test('with many groups each has a panel, and labels name them', async () => {
  const runs = Array.from({ length: 10 }, () => written.runs[0]);
  const labels = runs.map((_, index) => `value ${index}`);
  const out = join(written.folder, 'many');
  const { html: path, plots } = await writeReport({
    runs,
    labels,
    out,
    data: written.data,
    title: 'A sweep',
  });
  const { page, complaints } = await open(path);
  assert.deepEqual(complaints, []);
  assert.equal(await page.title(), 'A sweep');
  assert.deepEqual(
    (await tableOf(page, 'Results')).map(([label]) => label),
    labels,
  );
  const loss = readFileSync(plots.find((plot) => plot.endsWith('loss-train.svg'))!, 'utf8');
  for (const label of labels) assert.ok(loss.includes(`>${label}<`), `no panel of ${label}`);
  await page.context().close();
});

test('whatever a run is called stays text, in HTML and in XML', async () => {
  const { page } = await open(await hostileReport());
  const samples = fc.sample(fc.string({ unit: 'binary', maxLength: 30 }), 500);
  const made = samples.map((text) => ({ text, markup: html`<p title="${text}">${text}</p>`.markup }));
  const read = await page.evaluate(
    (given) =>
      given.map(({ markup }) =>
        (['text/html', 'application/xml'] as const).map((type) => {
          const parsed = new DOMParser().parseFromString(markup, type).querySelector('p');
          return [
            parsed?.textContent ?? null,
            parsed?.getAttribute('title') ?? null,
            parsed?.children.length,
          ];
        }),
      ),
    made,
  );
  for (const [index, { text, markup }] of made.entries()) {
    const [asHtml, asXml] = read[index]!;
    // Parsers make one line feed of a carriage return; XML makes a blank of one in an attribute.
    const plain = (value: unknown) => String(value).replace(/[\r\n\t ]+/g, ' ');
    const expected = plain(
      Array.from(text, (character) => (isCharacter(character.codePointAt(0)!) ? character : '\ufffd')).join(
        '',
      ),
    );
    assert.deepEqual(asHtml?.map(plain), [expected, expected, '0'], `as HTML: ${JSON.stringify(markup)}`);
    assert.deepEqual(asXml?.map(plain), [expected, expected, '0'], `as XML: ${JSON.stringify(markup)}`);
  }
  await page.context().close();
});

/** XML 1.0, production 2, without the control characters that it discourages. */
const isCharacter = (code: number): boolean =>
  [9, 10, 13].includes(code) ||
  (code >= 0x20 && code <= 0xd7ff && !(code >= 0x7f && code <= 0x9f)) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

/** A report whose every name would like to be something else. */
async function hostileReport(): Promise<string> {
  const label = `"><script>document.title='taken'</script><img src=https://example.org/x>&amp;{a|b}\u0000\u202e`;
  const out = join(written.folder, 'hostile');
  const { html: path, plots } = await writeReport({
    runs: written.runs,
    labels: written.runs.map((_, index) => `${label}${index}`),
    title: `${label}</title>`,
    out,
    data: written.data,
  });
  const { page, complaints, requests } = await open(path);
  assert.deepEqual([complaints, requests], [[], []]);
  assert.equal(await page.locator('script, img[src^="http"]').count(), 0);
  assert.ok((await page.title()).startsWith('"><script>'));
  for (const plot of plots.filter((file) => file.endsWith('.svg'))) {
    const found = await page.evaluate(
      (svg) => {
        const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
        return parsed.querySelectorAll('parsererror, script, img').length;
      },
      readFileSync(plot, 'utf8'),
    );
    assert.equal(found, 0, plot);
  }
  await page.context().close();
  return path;
}

test('what a run has not measured is said, and a run on other digits has no pictures', async () => {
  const copy = join(written.folder, 'bare');
  await copyOfRun(written.runs[1], copy, 'losses', () => null);
  await rm(join(copy, RUN_FILES.epochs));
  await rm(join(copy, RUN_FILES.model));
  const { html: path, plots } = await writeReport({ runs: [copy], out: copy });
  const { page, complaints } = await open(path);
  assert.deepEqual(complaints, []);
  const text = (await page.locator('main').textContent()) ?? '';
  for (const said of ['no losses.csv', 'no epochs.csv', 'no model.json', 'measured on another test set']) {
    assert.ok(text.includes(said), `the page does not say: ${said}`);
  }
  assert.ok(!plots.some((plot) => /loss|wrong|network/.test(basename(plot))), `${plots}`);
  await page.context().close();
});

test('a report that cannot be written leaves what was there; one that can takes away the plots of an earlier one', async () => {
  const [run] = written.runs;
  const out = join(written.folder, 'again');
  await writeReport({ runs: [run], out, data: written.data });
  const old = readFileSync(join(out, 'report.html'), 'utf8');
  await assert.rejects(
    writeReport({ runs: [run, join(written.folder, 'nowhere')], out }),
    (error) => error instanceof TenfoldError && error.code === 'not-found',
  );
  assert.equal(readFileSync(join(out, 'report.html'), 'utf8'), old);
  assert.ok(existsSync(join(out, 'plots', 'loss.svg')));
  await writeReport({ runs: written.runs, out, data: written.data });
  const names = readdirSync(join(out, 'plots'));
  assert.ok(names.includes('loss-train.svg') && !names.includes('loss.svg'), `${names}`);
  assert.deepEqual(readdirSync(out).sort(), ['plots', 'report.html'], 'something else stays');
});
