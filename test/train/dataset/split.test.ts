import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LabelledImages } from '../../../train/dataset/mnist.js';
import { splitValidation } from '../../../train/dataset/split.js';

/** Images that can be told apart: each begins with its own number. */
function numbered(labels: readonly number[]): LabelledImages {
  const images = new Uint8Array(labels.length * 784);
  labels.forEach((_, index) => {
    new DataView(images.buffer).setUint32(index * 784, index);
  });
  return { count: labels.length, images, labels: Uint8Array.from(labels) };
}

const numbersOf = ({ count, images }: LabelledImages): number[] =>
  Array.from({ length: count }, (_, row) =>
    new DataView(images.buffer, images.byteOffset).getUint32(row * 784),
  );

const labelSets = fc.array(fc.nat(9), { minLength: 1, maxLength: 120 });

test('the parts are disjoint, together the whole, in order, and every digit has its share', () => {
  fc.assert(
    fc.property(labelSets, fc.nat(), fc.integer(), (labels, wanted, seed) => {
      const source = numbered(labels);
      const count = wanted % labels.length;
      const { train, validation } = splitValidation(source, { count, seed });
      const [kept, aside] = [numbersOf(train), numbersOf(validation)];
      assert.equal(validation.count, count);
      assert.deepEqual(
        [...kept, ...aside].sort((a, b) => a - b),
        labels.map((_, index) => index),
      );
      assert.deepEqual(
        kept,
        kept.toSorted((a, b) => a - b),
      );
      assert.deepEqual(
        [...validation.labels],
        aside.map((index) => labels[index]),
      );
      for (let digit = 0; digit < 10; digit++) {
        const share = (labels.filter((label) => label === digit).length * count) / labels.length;
        const chosen = validation.labels.filter((label) => label === digit).length;
        assert.ok(Math.abs(chosen - share) < 1, `digit ${digit}: ${chosen} of ${share}`);
      }
    }),
  );
});

test('a seed repeats its split, another seed makes another', () => {
  const source = numbered(Array.from({ length: 500 }, (_, index) => index % 10));
  const chosen = (seed: number) => numbersOf(splitValidation(source, { count: 100, seed }).validation);
  assert.deepEqual(chosen(1), chosen(1));
  assert.notDeepEqual(chosen(1), chosen(2));
});

test('a count that leaves nothing to train on is refused', () => {
  const source = numbered([1, 2, 3]);
  for (const [count, shown] of [
    [3, '3'],
    [-1, '-1'],
    [1.5, '1.5'],
  ] as const) {
    assert.throws(() => splitValidation(source, { count, seed: 1 }), {
      name: 'TenfoldError',
      code: 'bad-usage',
      message: `Expected an integer from 0 to 2 for the number of validation images, got ${shown} (number). Set aside fewer images than the training set has.`,
    });
  }
});
