import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { INPUT_LENGTH } from '../../../../core/image.js';
import { type LabelledImages, loadMnistSplit } from '../../../../train/dataset/mnist.js';
import { randomStream } from '../../../../train/random.js';
import { CORRUPTION_TABLE, CORRUPTIONS } from '../../../../train/suites/corruptions/index.js';
import { impulseNoise, shotNoise } from '../../../../train/suites/corruptions/noise.js';
import { congruential } from './congruential.js';
import { DIGITS, FIRST_SEED, PUBLISHED } from './published.fixtures.js';

/** A sum of another order may fall to the other side of what is rounded to 8 bits. */
const LEVELS = 1;

/** Ink of one density everywhere. */
const even = (value: number) => new Float64Array(INPUT_LENGTH).fill(value);
/** What so many draws of it come to, mean and variance over all pixels. */
function moments(values: number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance };
}

function near(actual: number, expected: number, tolerance: number, what: string): void {
  assert.ok(Math.abs(actual - expected) < tolerance, `${what} is ${actual}, not ${expected}`);
}

describe('the corruptions of MNIST-C', () => {
  let digits: LabelledImages;
  before(async () => {
    digits = await loadMnistSplit('test');
  });

  for (const [name, expected] of Object.entries(PUBLISHED)) {
    it(`${name} makes what the published generator makes of the same draws`, () => {
      const { corrupt } = CORRUPTION_TABLE[name as keyof typeof PUBLISHED];
      const published = inflateSync(Buffer.from(expected, 'base64'));
      for (const [row, digit] of DIGITS.entries()) {
        const bytes = digits.images.subarray(digit * INPUT_LENGTH, (digit + 1) * INPUT_LENGTH);
        const values = Float64Array.from(bytes, (byte) => byte / 255);
        const ours = corrupt(values, congruential(FIRST_SEED + digit));
        for (const [pixel, value] of Uint8ClampedArray.from(ours, (share) => 255 * share).entries()) {
          const theirs = published[row * INPUT_LENGTH + pixel]!;
          assert.ok(
            Math.abs(value - theirs) <= LEVELS,
            `digit ${digit}, pixel ${pixel}: ${value}, not ${theirs}`,
          );
        }
      }
    });
  }

  it('are all fifteen', () => {
    assert.deepEqual(Object.keys(CORRUPTIONS), Object.keys(PUBLISHED));
    assert.equal(Object.keys(CORRUPTIONS).length, 15);
  });

  it('are functions of the digits and the number alone', async () => {
    for (const [name, suite] of Object.entries(CORRUPTIONS)) {
      const [first, again] = [await suite.make(digits, 7), await suite.make(digits, 7)];
      assert.deepEqual(first, again, name);
      assert.equal(first.expected, String(digits.labels[7]));
      assert.deepEqual([first.picture.width, first.picture.height], [28, 28]);
      assert.ok(
        first.picture.data.every((value, index) => index % 4 !== 3 || value === 255),
        `${name} is not opaque`,
      );
    }
  });

  // A Poisson count of mean and variance 3 x value, divided by 3; 40 x 784 draws know the mean to 0.003.
  it('shot_noise has the moments of Poisson', () => {
    const random = randomStream(5, 'moments');
    for (const value of [0.2, 0.5, 1]) {
      const drawn = Array.from({ length: 40 }, () => [...shotNoise.corrupt(even(value), random)]).flat();
      const { mean, variance } = moments(drawn);
      near(mean, value, 0.015, `the mean at ${value}`);
      near(variance, value / 3, 0.02, `the variance at ${value}`);
    }
    assert.ok(
      shotNoise.corrupt(even(0), random).every((value) => value === 0),
      'noise where no light is',
    );
  });

  it('impulse_noise flips 17% of the pixels, half of them to white', () => {
    const random = randomStream(6, 'shares');
    const drawn = Array.from({ length: 40 }, () => [...impulseNoise.corrupt(even(0.5), random)]).flat();
    near(drawn.filter((value) => value === 1).length / drawn.length, 0.085, 0.006, 'the share of salt');
    near(drawn.filter((value) => value === 0).length / drawn.length, 0.085, 0.006, 'the share of pepper');
  });
});
