import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { assertRefused, resultOf, temporaryFolder, tenfold } from './command-line.js';
import { writeSmallData } from './small-data.js';

interface Sheet {
  file: string;
  images: number[];
  rows: { name: string; details: string[] }[];
}

test('the sheet of a setting: the first of each digit as it is, then as eight epochs see it, the same every time', async (context) => {
  const folder = temporaryFolder(context);
  const data = await writeSmallData(join(folder, 'data'), { train: 60, test: 10 });
  const args = ['augment', '--data', data, '--set', 'rotateDegrees=20', '--seed', '3'];
  const { file, images, rows } = await resultOf<Sheet>([...args, '--out', 'a.png'], folder);
  assert.equal(file, 'a.png');
  // MNIST's first labels are 5 0 4 1 9 2 1 3 1 4 3 5 3 6 1 7 2 8.
  assert.deepEqual(images, [1, 3, 5, 7, 2, 0, 13, 15, 17, 4]);
  assert.deepEqual(
    rows.map(({ name }) => name),
    ['as it is', ...[1, 2, 3, 4, 5, 6, 7, 8].map((epoch) => `epoch ${epoch}`)],
  );
  await resultOf([...args, '--out', 'b.png'], folder);
  assert.deepEqual(readFileSync(join(folder, 'b.png')), readFileSync(join(folder, 'a.png')));

  const { data: pixels, info } = await sharp(join(folder, 'a.png'))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  // A cell is 84 pixels wide and high, with 2 of grid about it; the grid ends at the right and at the bottom.
  const cell = (row: number, column: number): number[] => {
    const left = info.width - 2 - (10 - column) * 86 + 2;
    const top = 2 + row * 86;
    return Array.from({ length: 28 }, (_, y) =>
      Array.from({ length: 28 }, (_, x) => pixels[(top + 3 * y + 1) * info.width + left + 3 * x + 1]!),
    ).flat();
  };
  const original = readFileSync(join(data, 'train-images-idx3-ubyte')).subarray(16 + 784, 16 + 2 * 784);
  assert.deepEqual(
    cell(0, 0),
    [...original].map((ink) => 255 - ink),
    'the first 0, ink dark',
  );
  assert.notDeepEqual(cell(1, 0), cell(0, 0));
  assert.notDeepEqual(cell(2, 0), cell(1, 0));
});

test('with no settings the sheet shows each kind by its settings, as SVG too', async (context) => {
  const folder = temporaryFolder(context);
  const data = await writeSmallData(join(folder, 'data'), { train: 20, test: 10 });
  const { rows } = await resultOf<Sheet>(['augment', '--data', data, '--out', 'sheet.svg'], folder);
  const svg = readFileSync(join(folder, 'sheet.svg'), 'utf8');
  for (const { name, details } of rows) {
    for (const text of [name, ...details]) assert.ok(svg.includes(`>${text}</text>`), text);
  }
  const rotate = rows.find(({ name }) => name === 'rotate');
  assert.deepEqual(rotate, { name: 'rotate', details: ['rotateDegrees=15'] });
});

test('what cannot be drawn is refused and leaves no file', async (context) => {
  const folder = temporaryFolder(context);
  const refusals: [string[], RegExp][] = [
    [['--out', 'sheet.jpg'], /a file whose name ends in \.png or \.svg for --out, got sheet\.jpg/],
    [['--set', 'zoomShare=2'], /a share from 0 to 0\.5 for the setting zoomShare, got "2"/],
    [['--recipe', 'quick'], /for the recipe, got "quick"/],
  ];
  for (const [args, message] of refusals) {
    assertRefused(await tenfold(['augment', ...args], folder), 2, message);
  }
  assert.deepEqual(readdirSync(folder), []);
});
