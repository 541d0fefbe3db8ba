import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherBatch } from '../../../train/dataset/batches.js';
import { loadMnistSplit } from '../../../train/dataset/mnist.js';
import { blankCanvas, drawLine } from '../../../train/outliers/canvas.js';
import { LETTER_STROKES } from '../../../train/outliers/letter-strokes.js';
import {
  drawOutlier,
  drawOutliers,
  OUTLIER_KINDS,
  type OutlierKind,
  outlierCount,
} from '../../../train/outliers/outliers.js';
import { randomStream } from '../../../train/random.js';

const INPUT = 28 * 28;
const COUNT = 120;
const mnist = await loadMnistSplit('train');
const digits = gatherBatch(mnist.images, Uint32Array.of(5, 6, 7, 8), new Float32Array(4 * INPUT));
const kinds = Object.keys(OUTLIER_KINDS) as OutlierKind[];

const drawn = (kind: OutlierKind): Float32Array[] =>
  Array.from({ length: COUNT }, (_, index) => drawOutlier(randomStream(1, 'test', index), digits, kind));

/** Whether the ink's longer side and centre of mass are those of MNIST's images. */
function isFitted(image: Float32Array): boolean {
  const inked = [...image.keys()].filter((pixel) => image[pixel]! >= 0.5 / 255);
  const columns = inked.map((pixel) => pixel % 28);
  const rows = inked.map((pixel) => Math.floor(pixel / 28));
  const span = (places: number[]) => Math.max(...places) - Math.min(...places) + 1;
  const mass = inked.reduce((sum, pixel) => sum + image[pixel]!, 0);
  const centre = (places: number[]) =>
    inked.reduce((sum, pixel, index) => sum + image[pixel]! * places[index]!, 0) / mass;
  const side = Math.max(span(columns), span(rows));
  const isCentred = [columns, rows].every((places) => Math.abs(centre(places) - 14) <= 0.52);
  return side >= 18 && side <= 20 && isCentred;
}

test('the kinds make a hundred', () => {
  assert.equal(
    Object.values(OUTLIER_KINDS).reduce((sum, { hundredths }) => sum + hundredths, 0),
    100,
  );
});

for (const kind of kinds) {
  test(`${kind}: ink from 0 to 1, never none, never the same, a function of its arguments`, () => {
    const images = drawn(kind);
    assert.deepEqual(drawn(kind), images);
    for (const [index, image] of images.entries()) {
      assert.equal(image.length, INPUT);
      assert.ok(
        image.every((ink) => ink >= 0 && ink <= 1),
        `picture ${index}`,
      );
      assert.ok(Math.max(...image) > 0.3, `picture ${index} is empty`);
    }
    assert.ok(new Set(images.map((image) => image.join())).size > 0.97 * COUNT, 'pictures repeat themselves');
  });

  // Noise and cut-outs of it may fill the picture, as they do where preprocessing takes a texture for ink.
  if (kind === 'texture') continue;
  test(`${kind}: sized and centred as preprocessing leaves a digit`, () => {
    const styled = drawn(kind).filter(isFitted);
    assert.ok(styled.length > 0.85 * COUNT, `${styled.length} of ${COUNT} look like MNIST's`);
  });
}

test('several digits are of those given, side by side', () => {
  const bar = new Float32Array(INPUT);
  for (let row = 4; row < 24; row++) bar.fill(1, row * 28 + 12, row * 28 + 16);
  const halves = Array.from({ length: 40 }, (_, index) =>
    drawOutlier(randomStream(2, 'bars', index), bar, 'severalDigits'),
  );
  const columns = (image: Float32Array) =>
    Array.from({ length: 28 }, (_, x) => image.some((ink, pixel) => pixel % 28 === x && ink > 0.5));
  const runs = halves.map((image) => columns(image).filter((isInk, x, all) => isInk && !all[x - 1]).length);
  assert.ok(runs.includes(2) && runs.includes(3), `separate bars: ${runs}`);
  assert.ok(Math.max(...runs) <= 3);
});

test('every step and every seed has its own', () => {
  const lot = (seed: number, step: number) => {
    const outliers = new Float32Array(3 * INPUT);
    drawOutliers(seed, step, digits, outliers);
    return outliers.join();
  };
  assert.equal(lot(1, 0), lot(1, 0));
  assert.equal(new Set([lot(1, 0), lot(1, 1), lot(2, 0)]).size, 3);
});

test('none without a share, else as many to the nearest', () => {
  assert.equal(outlierCount(128, 0), 0);
  assert.equal(outlierCount(128, 0.25), 32);
  assert.equal(outlierCount(30, 0.25), 8);
});

test('letters that a digit is written like are not drawn', () => {
  for (const letter of 'bBDgGIilOoqSsZz0123456789|/') assert.ok(!(letter in LETTER_STROKES), letter);
});

test('every path is in the notation that is read', () => {
  for (const [sign, path] of Object.entries(LETTER_STROKES)) {
    assert.match(
      path,
      /^M-?\d+ -?\d+(([ML]|[Q]-?\d+ -?\d+ |[C]-?\d+ -?\d+ -?\d+ -?\d+ )-?\d+ -?\d+)+$/,
      sign,
    );
  }
});

test('a line is as wide as its pen, and as dark as it is crossed', () => {
  const canvas = blankCanvas();
  const across = [
    { x: 5, y: 20 },
    { x: 35, y: 20 },
  ];
  drawLine(canvas, across, 3);
  drawLine(canvas, across, 3);
  const column = Array.from({ length: 44 }, (_, y) => canvas.data[y * 44 + 20]!);
  assert.equal(
    column.reduce((sum, ink) => sum + ink, 0),
    6,
  );
  assert.equal(Math.max(...canvas.data), 1);
});
