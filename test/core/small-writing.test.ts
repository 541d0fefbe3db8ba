import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preprocess } from '../../core/preprocess.js';
import { draw, inverted, seven } from './pictures.js';
import { readsAsSeven } from './sevens.js';

test('small writing in a large picture is read from nearer, its box in pixels of the picture', () => {
  for (const [width, height, side] of [
    [1920, 1080, 20],
    [4000, 80, 40],
    [100, 3000, 60],
    [1801, 1403, 60],
  ] as const) {
    const [left, top] = [Math.floor(width / 2) - 9, Math.floor(height / 2) - side / 2];
    const shape = seven(left, top, side, side / 10);
    const dark = draw({ width, height, shape });
    for (const image of [dark, inverted(dark)]) {
      readsAsSeven(image, 0.6);
      const box = preprocess(image).box!;
      const off = [
        box.left - (left - side / 20),
        box.top - (top - side / 20),
        box.left + box.width - (left + 0.65 * side),
        box.top + box.height - (top + 1.05 * side),
      ];
      assert.ok(
        off.every((pixels) => Math.abs(pixels) <= 2 + side / 40),
        `${side} pixels in ${width}x${height}: ${off}`,
      );
    }
  }
});

test('dirt on a large page is no small writing', () => {
  for (const [width, height] of [
    [1920, 1080],
    [4000, 80],
  ] as const) {
    for (const size of [8, 12, 16, 20, 26]) {
      const dirt = (x: number, y: number) =>
        Number(Math.hypot(x - width / 2, (y - height / 2) * 1.4) < size / 2);
      assert.equal(preprocess(draw({ width, height, shape: dirt })).status, 'blank', `${size} in ${width}`);
    }
  }
});

test('lines and frames that show again from nearer are none of the small writing', () => {
  const page = { width: 1920, height: 1080 };
  const pen = seven(900, 500, 60, 6);
  const ruled = (x: number, y: number) => Math.max(pen(x, y), Number((y + 70) % 100 < 3));
  const boxed = (x: number, y: number) => {
    const [across, down] = [Math.abs(x - 920), Math.abs(y - 530)];
    return Math.max(pen(x, y), Number(Math.max(across - 70, down - 80) >= 0 && across <= 73 && down <= 83));
  };
  const { box } = preprocess(draw({ ...page, shape: pen }));
  for (const shape of [ruled, boxed]) assert.deepEqual(preprocess(draw({ ...page, shape })).box, box);
});
