import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from '../../../core/image.js';
import type { LabelledImages } from '../../dataset/mnist.js';
import { type RandomStream, randomStream } from '../../random.js';
import type { Suite } from '../suite.js';

/**
 * What a corruption makes of a digit; it leaves its argument as it is. What comes out is clipped to 0 to 1 and rounded to
 * 8 bits, as the published data set is.
 * @param digit `[28, 28]`, ink 1.0 on 0.0
 */
export type Corrupt = (digit: Float64Array, random: RandomStream) => Float64Array;

export interface Corruption {
  /** With its settings, in the published generator's words. */
  summary: string;
  corrupt: Corrupt;
}

/** Draws of measuring pictures; nothing that is trained on has this seed with such a name. */
const SEED = 20190606;

/** No single corruption may be read worse than this; their mean has a mark of its own. */
const TARGET = 0.85;

/** The corruption as a suite: sample n is test digit n, 28x28, grey, opaque, ink light as MNIST's is. */
export function corruptionSuite(name: string, { summary, corrupt }: Corruption): Suite {
  return {
    title: name,
    summary,
    target: TARGET,
    make(digits, index) {
      const { digit, label } = digitOf(digits, index);
      const corrupted = corrupt(digit, randomStream(SEED, name, index));
      return { picture: pictureOf(corrupted), expected: String(label) };
    },
  };
}

function digitOf({ images, labels, count }: LabelledImages, index: number) {
  const place = index % count;
  const bytes = images.subarray(place * INPUT_LENGTH, (place + 1) * INPUT_LENGTH);
  return { digit: Float64Array.from(bytes, (byte) => byte / 255), label: labels[place]! };
}

/** Values of 0 to 1, or beyond, as an opaque grey picture. */
function pictureOf(values: Float64Array): RgbaImage {
  const data = new Uint8ClampedArray(INPUT_LENGTH * 4).fill(255);
  for (const [pixel, value] of values.entries()) data.fill(value * 255, pixel * 4, pixel * 4 + 3);
  return { width: INPUT_SIDE, height: INPUT_SIDE, data };
}

/** -1 or 1. */
export const eitherSign = (random: RandomStream): number => (random.integer(2) === 0 ? -1 : 1);

export const clipped = (value: number): number => Math.min(1, Math.max(0, value));
