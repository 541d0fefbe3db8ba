import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { DigitClassifierElement } from '../../../web/element/digit-classifier-element.js';
import { speechOf } from '../../../web/element/texts.js';
import { customElementsManifest } from '../../../web/entries/custom-elements.js';
import { startLab, withElement } from '../lab.js';

const declaration = customElementsManifest().modules[0]!.declarations![0]!;
const named = (entries: readonly { name: string }[]) => entries.map(({ name }) => name).sort();
const unique = (names: readonly string[]) => [...new Set(names)].sort();
const read = (path: string) => readFile(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const styles = () => read('web/element/styles.ts');

test('it is what its published schema asks for, and is written beside the element', async () => {
  const schema = JSON.parse(
    await readFile(fileURLToPath(import.meta.resolve('custom-elements-manifest/schema.json')), 'utf8'),
  ) as object;
  const validate = new Ajv({ strict: false }).compile(schema);
  assert.ok(validate(customElementsManifest()), JSON.stringify(validate.errors?.slice(0, 3)));
  const written = await readFile(new URL('../../../web/custom-elements.json', import.meta.url), 'utf8');
  assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(customElementsManifest())));
});

test('attributes are those that the class observes, and what the browser itself tells of', () => {
  const heeded = [...DigitClassifierElement.observedAttributes, 'disabled', 'name'];
  assert.deepEqual(named(declaration.attributes), heeded.sort());
});

test('members and parts are those of the element in a browser', async () => {
  const lab = await startLab();
  const page = await lab.open('<digit-classifier digits="many"></digit-classifier>');
  const found = await withElement(page, async (element) => {
    // Two marks make the parts that only a number has.
    const canvas = new OffscreenCanvas(200, 100);
    const context = canvas.getContext('2d')!;
    context.fillStyle = '#fff';
    context.fillRect(0, 0, 200, 100);
    context.fillStyle = '#000';
    context.fillRect(50, 20, 8, 60);
    context.fillRect(130, 20, 8, 60);
    await element.classify(canvas);
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
      parts: [...element.shadowRoot!.querySelectorAll('[part]')].flatMap((part) => [...part.part]),
    };
  });
  await lab.close();
  assert.deepEqual(named(declaration.members), unique(found.members));
  assert.deepEqual(named(declaration.cssParts), unique(found.parts));
});

test('custom properties are those of its style sheet', async () => {
  const used = (await styles()).match(/--digit-classifier-[a-z-]+/g) ?? [];
  assert.deepEqual(named(declaration.cssProperties), unique(used));
});

/** The rows of the table of docs/element.md whose head begins with this, each row's cells. */
async function tableOf(head: string): Promise<string[][]> {
  const [, table] = (await read('docs/element.md')).split(`\n| ${head} |`);
  assert.ok(table, `docs/element.md has a table of ${head}`);
  const [rows] = table.split('\n\n');
  return rows!
    .split('\n')
    .slice(2)
    .filter((row) => row !== '')
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What stands in code font, without brackets and parameters. */
const codeIn = (text: string): string[] =>
  [...text.matchAll(/`([A-Za-z-]+)[^`]*`/g)].map(([, name]) => name!);

test('docs/element.md names the same attributes, members, events, parts and custom properties', async () => {
  const fields = await tableOf('attribute');
  assert.deepEqual(
    unique(fields.flatMap(([attribute]) => codeIn(attribute!))),
    named(declaration.attributes),
  );
  const properties = fields.flatMap(([, property]) => codeIn(property!)).filter((name) => name !== 'lang');
  const methods = (await tableOf('method')).flatMap(([method]) => codeIn(method!));
  assert.deepEqual(unique([...properties, ...methods]), named(declaration.members));
  const events = (await tableOf('event')).flatMap(([event]) => codeIn(event!));
  assert.deepEqual(unique(events), named(declaration.events));
  const [, parts] = /`::part\(\)` of:([\s\S]*?)\n\n/.exec(await read('docs/element.md'))!;
  assert.deepEqual(unique(codeIn(parts!)), named(declaration.cssParts));
  const looks = (await tableOf('custom property')).flatMap(([property]) => codeIn(property!));
  assert.deepEqual(unique(looks), named(declaration.cssProperties));
});

test('docs/element.md and README.md name each code that an error of the element may have', async () => {
  // Of command line and trainings alone.
  const others = ['bad-usage', 'interrupted'];
  const codes = Object.keys(speechOf('en', {}).texts.reasons).filter((code) => !others.includes(code));
  assert.deepEqual((await tableOf('code')).map(([code]) => codeIn(code!)[0]).sort(), codes.sort());
  const [embed] = /## Embed[\s\S]*?(?=\n## )/.exec(await read('README.md'))!;
  assert.deepEqual(
    codes.filter((code) => !embed.includes(`\`${code}\``)),
    [],
  );
});

test('docs/element.md has the colours of the style sheet', async () => {
  const rows = (await tableOf('custom property')).map(([property, ...values]) => [
    codeIn(property!)[0],
    ...values.slice(0, 2).map((value) => value.replaceAll('`', '')),
  ]);
  const colours = [...(await styles()).matchAll(/var\((--[a-z-]+), light-dark\((.+), (.+)\)\);/g)];
  assert.ok(colours.length > 0);
  for (const [, ...colour] of colours)
    assert.deepEqual(
      rows.find(([name]) => name === colour[0]),
      colour,
    );
});
