import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { createAugment } from '../../../train/augment/augment.js';
import { createEffects, type EffectName } from '../../../train/augment/effects.js';
import { createElastic } from '../../../train/augment/elastic.js';
import { drawRectangle } from '../../../train/augment/erase.js';
import { createPaper } from '../../../train/augment/paper.js';
import { type AugmentationSettings, NO_AUGMENTATION } from '../../../train/augment/settings.js';
import { type RandomStream, randomStream } from '../../../train/random.js';
import { filled } from './pictures.js';

const DRAWS = 1000;
const draws = <T>(draw: (index: number) => T): T[] =>
  Array.from({ length: DRAWS }, (_, index) => draw(index));
const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

/**
 * That these are as draws of a uniform number come: the mean within five of its standard deviations, the ends reached.
 * @param slack how far off an end may be measured, as a share of the range
 */
function assertUniform(amounts: readonly number[], low: number, high: number, slack = 0.01): void {
  const range = high - low;
  const mean = meanOf(amounts);
  const allowed = (5 * range) / Math.sqrt(12 * amounts.length);
  assert.ok(Math.abs(mean - (low + high) / 2) < allowed, `the mean is ${mean}, of ${low} to ${high}`);
  const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
  assert.ok(Math.abs(least - low) < (0.02 + slack) * range, `the least is ${least}, of ${low} to ${high}`);
  assert.ok(Math.abs(most - high) < (0.02 + slack) * range, `the most is ${most}, of ${low} to ${high}`);
}

/** That so many of all draws are about this share of them: within five standard deviations. */
function assertShare(count: number, share: number): void {
  const allowed = 5 * Math.sqrt(DRAWS * share * (1 - share));
  assert.ok(Math.abs(count - share * DRAWS) < allowed, `${count} of ${DRAWS}, not about ${share * DRAWS}`);
}

/** How the ink is spread about its own centre, pixels squared. */
function spreadOf(image: Float32Array) {
  let [mass, x, y, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
  for (const [pixel, value] of image.entries()) {
    const [row, column] = [Math.floor(pixel / INPUT_SIDE), pixel % INPUT_SIDE];
    mass += value;
    x += value * column;
    y += value * row;
    xx += value * column * column;
    xy += value * column * row;
    yy += value * row * row;
  }
  [x, y] = [x / mass, y / mass];
  return { xx: xx / mass - x * x, xy: xy / mass - x * y, yy: yy / mass - y * y };
}

const MIDDLE = (INPUT_SIDE - 1) / 2;
const bell = (across: number, down: number): Float32Array =>
  filled((row, column) => Math.exp(-(((column - MIDDLE) / across) ** 2 + ((row - MIDDLE) / down) ** 2) / 2));
const UPRIGHT = bell(1.5, 4);
const DOT = filled((row, column) => Number(row === 14 && column === 14));

/** What becomes of a picture in so many draws. */
function augmented(settings: Partial<AugmentationSettings>, picture: Float32Array): Float32Array[] {
  const indices = Uint32Array.from(draws((index) => index));
  const batch = new Float32Array(DRAWS * INPUT_LENGTH);
  for (const index of indices) batch.set(picture, index * INPUT_LENGTH);
  createAugment({ ...NO_AUGMENTATION, ...settings }, 1)(batch, { epoch: 1, step: 0, indices });
  return draws((index) => batch.subarray(index * INPUT_LENGTH, (index + 1) * INPUT_LENGTH));
}

/** What an effect makes of a picture in so many draws. */
function affected(name: EffectName, settings: Partial<AugmentationSettings>, picture: Float32Array) {
  const apply = createEffects({ ...NO_AUGMENTATION, [`${name}Probability`]: 1, ...settings }, 1);
  return draws((index) => {
    const image = picture.slice();
    apply(image, 1, index);
    return image;
  });
}

const degrees = (radians: number): number => (180 * radians) / Math.PI;

test('images turn both ways alike, up to so many degrees', () => {
  const turns = augmented({ rotateDegrees: 12 }, UPRIGHT).map((image) => {
    const { xx, xy, yy } = spreadOf(image);
    return degrees(Math.atan2(2 * xy, yy - xx) / 2);
  });
  assertUniform(turns, -12, 12);
});

test('images lean both ways alike, up to so many degrees', () => {
  const leans = augmented({ shearDegrees: 12 }, UPRIGHT).map((image) => {
    const { xy, yy } = spreadOf(image);
    return degrees(Math.atan2(-xy, yy));
  });
  assertUniform(leans, -12, 12, 0.02);
});

test('images grow as often as they shrink, up to so much', () => {
  const round = bell(3, 3);
  const before = spreadOf(round);
  const zooms = augmented({ zoomShare: 0.2 }, round).map((image) => {
    const { xx, yy } = spreadOf(image);
    return Math.sqrt((xx + yy) / (before.xx + before.yy));
  });
  assertUniform(zooms, 0.8, 1.2, 0.03);
});

test('images are mirrored as often as the probability says, and made smaller by every number of pixels', () => {
  const left = filled((_, column) => Number(column < 5));
  const mirrored = augmented({ flipProbability: 0.3 }, left).filter((image) => image[0] === 0);
  assertShare(mirrored.length, 0.3);
  const sizes = new Map<string, number>();
  for (const image of augmented({ resizePixels: 3 }, UPRIGHT)) {
    sizes.set(image.join(), 1 + (sizes.get(image.join()) ?? 0));
  }
  assert.equal(sizes.size, 4);
  for (const count of sizes.values()) assertShare(count, 1 / 4);
});

test('elastic deformation moves a pixel either way, by what the smoothed noise has left', () => {
  const [alpha, sigma] = [34, 4];
  const elastic = createElastic(alpha, sigma);
  const middle = 14 * INPUT_SIDE + 14;
  const moves = draws((index) => {
    const { right, down } = elastic(randomStream(1, 'elastic', index));
    return [right[middle]!, down[middle]!] as const;
  });
  // The variance of a number from -1 to 1, and what a Gaussian of two dimensions leaves of it.
  const expected = alpha * Math.sqrt(1 / 3 / (4 * Math.PI * sigma ** 2));
  for (const values of [moves.map(([right]) => right), moves.map(([, down]) => down)]) {
    const mean = meanOf(values);
    const deviation = Math.sqrt(meanOf(values.map((value) => value ** 2)));
    assert.ok(Math.abs(mean) < (5 * expected) / Math.sqrt(DRAWS), `the mean is ${mean}`);
    assert.ok(Math.abs(deviation / expected - 1) < 5 / Math.sqrt(2 * DRAWS), `${deviation}, not ${expected}`);
  }
  const together = meanOf(moves.map(([right, down]) => right * down)) / expected ** 2;
  assert.ok(Math.abs(together) < 5 / Math.sqrt(DRAWS), `right and down go together: ${together}`);
});

test('rectangles to erase have every area and form of the paper, 2% and up, 0.3 and up', () => {
  const random = randomStream(1, 'erase');
  // So small that the first one drawn always fits.
  const boxes = draws(() => drawRectangle(random, 0.2)!);
  // Rounding to whole pixels is off by a few percent.
  assertUniform(
    boxes.map(({ width, height }) => (width * height) / INPUT_LENGTH),
    0.02,
    0.2,
    0.1,
  );
  assertUniform(
    boxes.filter(({ width, height }) => width * height > 60).map(({ width, height }) => height / width),
    0.3,
    1 / 0.3,
    0.1,
  );
});

test('the paper darkens and the ink fades, each by any amount up to the share', () => {
  const images = affected('fade', { fadeShare: 0.4 }, DOT);
  const darkenings = images.map((image) => image[0]!);
  const fadings = images.map((image) => 1 - image[14 * INPUT_SIDE + 14]!);
  assertUniform(darkenings, 0, 0.4);
  assertUniform(fadings, 0, 0.4);
});

/** The same stream, but for what is chosen of so many. */
function choosing(random: RandomStream, choice: number): RandomStream {
  return {
    ...random,
    integer: (bound) => {
      random.integer(bound);
      return choice;
    },
  };
}

test('all four papers come up, each about as often, and no two are the same', () => {
  const apply = createPaper(1);
  const paperOf = (random: RandomStream) => {
    const image = new Float32Array(INPUT_LENGTH);
    apply(image, random);
    return image.join();
  };
  const counts = [0, 0, 0, 0];
  for (let index = 0; index < DRAWS; index++) {
    const stream = () => randomStream(1, 'paper', index);
    const papers = counts.map((_, kind) => paperOf(choosing(stream(), kind)));
    assert.equal(new Set(papers).size, 4, `papers of draw ${index}`);
    const kind = papers.indexOf(paperOf(stream()));
    counts[kind] = counts[kind]! + 1;
  }
  for (const count of counts) assertShare(count, 1 / 4);
});

test('pixels are scattered to all sides alike, as far as they may', () => {
  for (const [way, ramp] of [
    ['across', filled((_, column) => column / 27)],
    ['down', filled((row) => row / 27)],
  ] as const) {
    const at = (row: number, column: number) => row * INPUT_SIDE + column;
    const moves = affected('scatter', { scatterPixels: 2 }, ramp).map(
      (image) => 27 * (image[at(14, 14)]! - ramp[at(14, 14)]!),
    );
    const mean = meanOf(moves);
    // The variance of 1 or 2 pixels either way is at most 2.
    assert.ok(Math.abs(mean) < 5 * Math.sqrt(2 / DRAWS), `${way} by ${mean}`);
    assert.deepEqual([Math.min(...moves), Math.max(...moves)].map(Math.round), [-2, 2], way);
  }
});

test('images are smeared in every direction alike, up to so many pixels', () => {
  const spreads = affected('smear', { smearPixels: 8 }, DOT)
    .map(spreadOf)
    .filter(({ xx, yy }) => xx + yy > 1);
  assert.ok(spreads.length > DRAWS / 2);
  const angles = spreads.map(({ xx, xy, yy }) => degrees(Math.atan2(2 * xy, xx - yy) / 2));
  assertUniform(angles, -90, 90);
  const longest = Math.max(...spreads.map(({ xx, yy }) => xx + yy));
  // Nine places evenly apart, a pixel each.
  assert.ok(Math.abs(longest - 60 / 9) < 0.5, `${longest}`);
});

test('images are blurred by every standard deviation up to the largest', () => {
  const sigmas = affected('blur', { blurPixels: 2.4 }, DOT).map((image) => {
    const { xx, yy } = spreadOf(image);
    return Math.sqrt((xx + yy) / 2);
  });
  // The least of 24 steps is 0.1, and hardly spreads to the next pixel.
  assertUniform(sigmas, 0, 2.4, 0.04);
});

test('specks are any share up to the largest, as often black as white', () => {
  const grey = filled(() => 0.5);
  const images = affected('speck', { speckShare: 0.4 }, grey);
  const shareOf = (level: number) => (image: Float32Array) =>
    image.filter((value) => value === level).length / INPUT_LENGTH;
  const [black, white] = [images.map(shareOf(1)), images.map(shareOf(0))];
  assertUniform(
    black.map((share, index) => share + white[index]!),
    0,
    0.4,
    0.12,
  );
  assert.ok(Math.abs(meanOf(black) - meanOf(white)) < 0.02, `${meanOf(black)} and ${meanOf(white)}`);
});

const SIDES: { [Side in 'left' | 'right' | 'top' | 'bottom']: (row: number, column: number) => boolean } = {
  left: (_, column) => column < INPUT_SIDE / 2,
  right: (_, column) => column >= INPUT_SIDE / 2,
  top: (row) => row < INPUT_SIDE / 2,
  bottom: (row) => row >= INPUT_SIDE / 2,
};

for (const [name, level] of [
  ['erase', 1],
  ['paper', 0],
  ['line', 0],
  ['invert', 0],
] as const) {
  test(`${name} changes all sides of images alike`, () => {
    const images = affected(
      name,
      {},
      filled(() => level),
    );
    const change = filled((row, column) =>
      meanOf(images.map((image) => Math.abs(image[row * INPUT_SIDE + column]! - level))),
    );
    const all = meanOf(change);
    assert.ok(all > 0.01, `${all}`);
    for (const [side, isOn] of Object.entries(SIDES)) {
      const there = meanOf(
        change.filter((_, pixel) => isOn(Math.floor(pixel / INPUT_SIDE), pixel % INPUT_SIDE)),
      );
      assert.ok(Math.abs(there / all - 1) < 0.12, `${side}: ${there}, ${all} on average`);
    }
  });
}
