import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { preprocess } from '../../../../core/preprocess.js';
import { loadMnistSplit } from '../../../../train/dataset/mnist.js';
import { OUTLIERS } from '../../../../train/suites/outliers/index.js';
import { FONTS, LETTERS, outlines } from '../../../../train/suites/outliers/letters.js';
import { fillRings, type Point, penRings, type Ring } from '../../../../train/suites/outliers/raster.js';

const digits = await loadMnistSplit('test');
const COUNT = 6;

for (const [name, suite] of Object.entries(OUTLIERS)) {
  test(`${name}: whole pictures, each another, nothing of them to be accepted`, async () => {
    const samples = await Promise.all(Array.from({ length: COUNT }, (_, index) => suite.make(digits, index)));
    const hashes = samples.map(({ picture: { width, height, data }, expected }) => {
      assert.equal(expected, null);
      assert.equal(data.length, width * height * 4);
      assert.ok(
        data.every((value, at) => at % 4 !== 3 || value === 255),
        'a pixel is not opaque',
      );
      return createHash('sha256').update(data).digest('hex');
    });
    assert.equal(new Set(hashes).size, COUNT);
    const again = await suite.make(digits, 3);
    assert.deepEqual(again, samples[3]);
  });
}

// Made once on Linux x64, Node 20: a machine on which they differ measures other pictures.
const HASHES = {
  letters: '4ad896963c85dd98',
  shapes: '190d91f4e8fb722c',
  'two-digits': '7a6a34ea105dbf73',
};

for (const [name, expected] of Object.entries(HASHES)) {
  test(`${name}: the same pictures on every machine`, async () => {
    const hash = createHash('sha256');
    for (let index = 0; index < 6; index++) {
      const { picture } = await OUTLIERS[name as keyof typeof HASHES].make(digits, index);
      hash.update(picture.data);
    }
    assert.equal(hash.digest('hex').slice(0, 16), expected);
  });
}

for (const name of ['letters', 'shapes', 'scribbles', 'two-digits'] as const) {
  test(`${name}: preprocessing finds the ink`, async () => {
    for (let index = 0; index < COUNT; index++) {
      const { picture } = await OUTLIERS[name].make(digits, index);
      assert.equal(preprocess(picture).status, 'ok', `picture ${index}`);
    }
  });
}

const square = (left: number, top: number, side: number): Ring => [
  { x: left, y: top },
  { x: left + side, y: top },
  { x: left + side, y: top + side },
  { x: left, y: top + side },
];

test('what a ring covers is exact to the pixel and its parts; another direction cuts a hole, the same unites', () => {
  const [outer, inner] = [square(1.5, 1, 4), square(2.5, 2, 2)];
  const sumOf = (...rings: Ring[]) => fillRings(rings, 8, 7).data.reduce((sum, share) => sum + share, 0);
  assert.equal(sumOf(outer), 16);
  assert.equal(fillRings([outer], 8, 7).data[8 + 1], 0.5);
  assert.equal(sumOf(outer, inner.toReversed()), 12);
  assert.equal(sumOf(outer, inner), 16);
});

/** librsvg's picture of the same rings, its shares 0 to 1. */
async function byLibrsvg(rings: readonly Ring[], width: number, height: number): Promise<number[]> {
  const path = rings.map((ring) => `M${ring.map(({ x, y }) => `${x} ${y}`).join('L')}Z`).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><path fill="#fff" fill-rule="nonzero" d="${path}"/></svg>`;
  const { data } = await sharp(Buffer.from(svg))
    .extractChannel('alpha')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return [...data].map((value) => value / 255);
}

const moved = (ring: Ring): Point[] => ring.map(({ x, y }) => ({ x: x + 20, y: y + 100 }));
const line = [
  { x: 12, y: 15 },
  { x: 80, y: 40 },
  { x: 30, y: 90 },
];
const DRAWN: Record<string, Ring[]> = {
  'a line of a pen': penRings(line, 7),
  ...Object.fromEntries(
    FONTS.flatMap((font) =>
      ['R', 'a', 'x', 'W'].map((letter) => [`${letter} of ${font}`, outlines(font, letter).map(moved)]),
    ),
  ),
};

for (const [what, rings] of Object.entries(DRAWN)) {
  test(`${what} covers what librsvg says`, async () => {
    const expected = await byLibrsvg(rings, 150, 140);
    const { data } = fillRings(rings, 150, 140);
    const differences = expected.map((share, pixel) => Math.abs(share - data[pixel]!));
    assert.ok(expected.some((share) => share === 1));
    assert.ok(Math.max(...differences) < 0.3, `a pixel differs by ${Math.max(...differences)}`);
    const covered = expected.reduce((sum, share) => sum + share, 0);
    const difference = differences.reduce((sum, value) => sum + value, 0);
    assert.ok(difference < 0.02 * covered, `${difference} of ${covered} pixels`);
  });
}

test('every letter is in every font, and none is like a digit', () => {
  for (const font of FONTS) {
    for (const letter of LETTERS) assert.ok(outlines(font, letter).length > 0, `${letter} of ${font}`);
  }
  for (const alike of 'BbDGgIijlOoqSsZz') assert.ok(!LETTERS.includes(alike), alike);
});

test('training shares no code with what measures', () => {
  const root = fileURLToPath(new URL('../../../../../train/', import.meta.url));
  const importsOf = (folder: string) =>
    readdirSync(`${root}${folder}`).flatMap((file) =>
      [...readFileSync(`${root}${folder}/${file}`, 'utf8').matchAll(/from '([^']+)'/g)].map(
        ([, name]) => name!,
      ),
    );
  assert.ok(importsOf('outliers').every((name) => !name.includes('suites')));
  assert.ok(importsOf('suites/outliers').every((name) => !name.includes('/outliers/')));
});
