import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import sharp from 'sharp';
import { INPUT_LENGTH } from '../../../core/image.js';
import type { LabelledImages } from '../../../train/dataset/mnist.js';
import { chooseDigits, digitPictures } from '../../../train/tensorboard/digits.js';
import { smallMnist } from '../fit/small-run.js';

let digits: LabelledImages;
before(async () => {
  digits = (await smallMnist()).test;
});

const set = (labels: number[]): LabelledImages => ({
  count: labels.length,
  images: new Uint8Array(labels.length * INPUT_LENGTH),
  labels: Uint8Array.from(labels),
});
const read = (predictions: number[], confidences: number[]) => ({
  predictions: Uint8Array.from(predictions),
  confidences: Float32Array.from(confidences),
});

test('shown are the least certain that are right, by digit, and the most certain that are wrong', () => {
  const chosen = chooseDigits(
    set([7, 7, 2, 2, 2, 0]),
    read([7, 7, 1, 3, 5, 0], [0.9, 0.6, 0.5, 0.8, 0.8, 1]),
  );
  assert.deepEqual(chosen, { right: [5, 1], wrong: [3, 4, 2] });
});

test('nothing right or nothing wrong shows the other alone; ten of many', () => {
  assert.deepEqual(chooseDigits(set([1]), read([1], [0.4])), { right: [0], wrong: [] });
  const many = chooseDigits(set(new Array(25).fill(1)), read(new Array(25).fill(2), new Array(25).fill(0.5)));
  assert.deepEqual(many, { right: [], wrong: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] });
});

test('a picture is the digit four times as large, under a tag that says how it was read', async () => {
  const predictions = digits.labels.map((label, image) => (image === 4 ? (label + 1) % 10 : label));
  const confidences = new Float32Array(digits.count).fill(0.75);
  const shown = await digitPictures(digits, { predictions, confidences });
  const label = digits.labels[4]!;
  const wrong = shown.find(({ tag }) => tag.startsWith('wrong/'))!;
  assert.equal(wrong.tag, `wrong/01 ${label} read as ${(label + 1) % 10}, 75.00%, image 4`);
  const right = shown.filter(({ tag }) => /^right\/\d\d (\d) read as \1, 75\.00%, image \d+$/.test(tag));
  assert.equal(right.length, new Set(digits.labels).size);

  assert.ok('picture' in wrong);
  const { png, ...size } = wrong.picture;
  assert.deepEqual(size, { width: 112, height: 112 });
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  assert.deepEqual([info.width, info.height], [112, 112]);
  for (let y = 0; y < 112; y++) {
    for (let x = 0; x < 112; x++) {
      const pixel = digits.images[4 * INPUT_LENGTH + 28 * Math.floor(y / 4) + Math.floor(x / 4)];
      assert.equal(data[(112 * y + x) * info.channels], pixel, `at ${x}, ${y}`);
    }
  }
});
