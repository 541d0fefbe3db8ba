import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INPUT_LENGTH, INPUT_SIDE } from '../../core/image.js';
import { readInPlace } from '../../core/in-place.js';
import { preprocess } from '../../core/preprocess.js';
import { loadMnistSplit } from '../../train/dataset/mnist.js';
import { draw, grey, inverted, seven } from './pictures.js';

const mnist = await loadMnistSplit('train');
const digit = (row: number) => mnist.images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH);
const picture = (bytes: Uint8Array) => grey(bytes, INPUT_SIDE, INPUT_SIDE);
const inputOf = (bytes: Uint8Array) => Float32Array.from(bytes, (byte) => byte / 255);
const DIGITS = 500;

/** The largest difference between two inputs. */
const distance = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, value, index) => Math.max(most, Math.abs(value - b[index]!)), 0);

test('images of the MNIST training set are read as they are', () => {
  for (let row = 0; row < mnist.count; row += 10) {
    const read = readInPlace(picture(digit(row)));
    assert.ok(read, `image ${row}`);
    assert.equal(Buffer.compare(Buffer.from(read.input.buffer), Buffer.from(inputOf(digit(row)).buffer)), 0);
  }
});

test('dark ink on white paper gives the same input', () => {
  for (let row = 0; row < DIGITS; row++) {
    const { input, polarity } = preprocess(inverted(picture(digit(row))));
    assert.deepEqual(input, inputOf(digit(row)), `image ${row}`);
    assert.equal(polarity, 'dark-ink');
  }
});

test('grey paper and faint ink are stretched back', () => {
  for (let row = 0; row < DIGITS; row++) {
    const { input } = preprocess(picture(digit(row).map((byte) => 60 + Math.round(0.5 * byte))));
    // What counts as full ink is the usual one: fainter and stronger parts of a stroke may come closer to each other.
    const original = inputOf(digit(row));
    const gained = input.map((value, index) => Math.max(value, original[index]!));
    assert.ok(distance(input, gained) < 0.01, `image ${row}`);
  }
});

test('what lies across the picture stays where it is, for the model to read around', () => {
  for (let row = 0; row < 200; row++) {
    const bytes = digit(row).slice();
    for (let x = 0; x < INPUT_SIDE; x++) bytes[(INPUT_SIDE / 2) * INPUT_SIDE + x] = 255;
    assert.deepEqual(preprocess(picture(bytes)).input, inputOf(bytes), `image ${row}`);
  }
});

test('a digit that stands small or in a corner is fitted', () => {
  const drawn = preprocess(draw({ width: 280, height: 280, shape: seven(100, 50, 180, 18) })).input;
  for (const [left, top, height] of [
    [10, 8, 11],
    [3, 2, 18],
    [16, 9, 17],
    [12, 4, 17],
    [4, 4, 17],
  ] as const) {
    const small = draw({
      width: INPUT_SIDE,
      height: INPUT_SIDE,
      shape: seven(left, top, height, height / 9),
    });
    assert.equal(readInPlace(small), null, `a seven of ${height} pixels at ${left}, ${top}`);
    const { input } = preprocess(small);
    const common = input.reduce((sum, value, index) => sum + Math.min(value, drawn[index]!), 0);
    const all = input.reduce((sum, value, index) => sum + Math.max(value, drawn[index]!), 0);
    assert.ok(common > 0.5 * all, `${(100 * common) / all}% of the ink in common`);
  }
});

test('other sizes and transparent pictures are not its business; an even picture is blank', () => {
  assert.equal(readInPlace(grey(new Uint8Array(27 * 28), 27, 28)), null);
  const translucent = picture(digit(0));
  const data = Uint8Array.from(translucent.data);
  data[3] = 254;
  assert.equal(readInPlace({ ...translucent, data }), null);
  for (const level of [0, 90, 255]) {
    assert.equal(preprocess(picture(new Uint8Array(INPUT_LENGTH).fill(level))).status, 'blank');
  }
});
