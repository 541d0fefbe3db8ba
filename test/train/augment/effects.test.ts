import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { smear } from '../../../train/augment/camera.js';
import { createClouds } from '../../../train/augment/clouds.js';
import { createEffects, type EffectName } from '../../../train/augment/effects.js';
import { drawSegment } from '../../../train/augment/lines.js';
import { addNoise, addSpecks } from '../../../train/augment/noise.js';
import { createPaper, invertBand } from '../../../train/augment/paper.js';
import { EVERYTHING } from '../../../train/augment/samples.js';
import { type AugmentationSettings, NO_AUGMENTATION } from '../../../train/augment/settings.js';
import { createMorphology, createStroke } from '../../../train/augment/stroke.js';
import { randomStream } from '../../../train/random.js';
import { filled, picture } from './pictures.js';
import { assertSampled, PICTURE, SCIPY } from './references.fixtures.js';

const sumOf = (image: Float32Array): number => image.reduce((sum, value) => sum + value, 0);

/** The settings of all samples, with this effect alone and always. */
const always = (name: EffectName): AugmentationSettings => ({
  ...NO_AUGMENTATION,
  ...EVERYTHING,
  ...Object.fromEntries(
    Object.keys(NO_AUGMENTATION).flatMap((key) => (key.endsWith('Probability') ? [[key, 0]] : [])),
  ),
  [`${name}Probability`]: 1,
});

const NAMES = Object.keys(NO_AUGMENTATION)
  .filter((key) => key.endsWith('Probability') && key !== 'flipProbability')
  .map((key) => key.slice(0, -'Probability'.length) as EffectName);

for (const name of NAMES) {
  test(`${name} keeps any picture within 0 and 1, an empty one and a black one too`, () => {
    const apply = createEffects(always(name), 1);
    const even = fc.constantFrom(0, 1).map((value) => filled(() => value));
    fc.assert(
      fc.property(fc.oneof(picture, even), fc.nat(), (image, index) => {
        const changed = image.slice();
        apply(changed, 1, index);
        assert.ok(changed.every((value) => value >= 0 && value <= 1));
      }),
      { numRuns: 60 },
    );
  });
}

test('every effect draws for itself: with the others on it draws the same', () => {
  // Inversion is its own inverse: done twice alike, with nothing between, it leaves what the others made.
  const alone = createEffects(always('invert'), 7);
  const both = createEffects({ ...always('invert'), fadeProbability: 1 }, 7);
  const faded = createEffects(always('fade'), 7);
  for (let index = 0; index < 20; index++) {
    const [one, other] = [PICTURE.slice(), PICTURE.slice()];
    both(one, 3, index);
    alone(other, 3, index);
    faded(other, 3, index);
    assert.deepEqual(one, other);
  }
});

test('an effect comes about as often as its probability says, in late epochs as the share of it', () => {
  const settings = { ...NO_AUGMENTATION, fadeProbability: 0.3, lateAfterEpochs: 5, lateEffectShare: 0.5 };
  const apply = createEffects(settings, 2);
  const countIn = (epoch: number) =>
    Array.from({ length: 2000 }, (_, index) => index).filter((index) => {
      const image = PICTURE.slice();
      apply(image, epoch, index);
      return image.some((value, pixel) => value !== PICTURE[pixel]);
    }).length;
  // Five standard deviations of 600, and of 300.
  for (const epoch of [1, 5]) {
    const count = countIn(epoch);
    assert.ok(Math.abs(count - 600) < 103, `${count} of 2000 in epoch ${epoch}`);
  }
  const late = countIn(6);
  assert.ok(Math.abs(late - 300) < 80, `${late} of 2000 in epoch 6`);
});

test('a hollow bar is as light inside as its filling, and has an outline all around', () => {
  const bar = filled((row, column) => Number(row >= 6 && row < 22 && column >= 10 && column < 18));
  const apply = createEffects(always('hollow'), 3);
  const at = (image: Float32Array, row: number, column: number) => image[row * INPUT_SIDE + column]!;
  for (let index = 0; index < 50; index++) {
    const image = bar.slice();
    apply(image, 1, index);
    assert.ok(at(image, 14, 14) <= 0.4, `the middle of bar ${index}`);
    for (const [row, column] of [
      [6, 14],
      [21, 14],
      [14, 10],
      [14, 17],
    ] as const) {
      const outside = at(
        image,
        row + Math.sign(row - 14),
        column + (row === 14 ? Math.sign(column - 14) : 0),
      );
      assert.ok(Math.max(at(image, row, column), outside) > 0.99, `side ${row}, ${column} of bar ${index}`);
    }
  }
});

for (const neighbours of ['cross', 'square'] as const) {
  test(`dilation and erosion by a ${neighbours} are scipy's`, () => {
    const morphology = createMorphology();
    assertSampled(morphology(PICTURE, neighbours, 'dilate'), SCIPY.morphology[`${neighbours}Max`]);
    assertSampled(morphology(PICTURE, neighbours, 'erode'), SCIPY.morphology[`${neighbours}Min`]);
  });
}

/** A bar three pixels wide. */
const BAR = filled((row, column) => (column >= 12 && column < 15 && row >= 5 && row < 23 ? 1 : 0));

test('a bar becomes up to so much thicker on either side, or thinner, and never vanishes', () => {
  const stroke = createStroke(2);
  const widths = Array.from({ length: 300 }, (_, index) => {
    const image = BAR.slice();
    stroke(image, randomStream(1, 'stroke', index));
    assert.equal(Math.max(...image), 1);
    return sumOf(image.subarray(14 * INPUT_SIDE, 15 * INPUT_SIDE));
  });
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  // 3 pixels with 1 off and 2 on at both sides.
  assert.ok(least >= 1 && least < 1.1, `thinnest ${least}`);
  assert.ok(most <= 7 && most > 6.9, `thickest ${most}`);
});

test('a stroke too thin to lose any of its width stays as it is', () => {
  const hair = filled((row, column) => (column === 12 && row >= 5 && row < 23 ? 1 : 0));
  const stroke = createStroke(1);
  for (let index = 0; index < 50; index++) {
    const image = hair.slice();
    stroke(image, randomStream(1, 'stroke', index));
    assert.ok(image[14 * INPUT_SIDE + 12] === 1, `${index}`);
    assert.ok(sumOf(image) >= sumOf(hair) - 2, 'its ends may go');
  }
});

test('smearing is the mean of what scipy moves', () => {
  for (const [way, expected] of Object.entries(SCIPY.smeared)) {
    const [right, down] = way.split(' ').map(Number);
    const image = new Float32Array(INPUT_LENGTH);
    smear(PICTURE, image, right!, down!);
    assertSampled(image, expected);
  }
});

test('a line has as much ink as it is long and wide, and none further away than its width', () => {
  const pens = fc.record({
    width: fc.double({ min: 0.5, max: 2, noNaN: true }),
    darkness: fc.double({ min: 0.3, max: 1, noNaN: true }),
    dash: fc.constant(0),
  });
  const places = fc.record({
    x: fc.double({ min: 4, max: 23, noNaN: true }),
    y: fc.double({ min: 4, max: 23, noNaN: true }),
  });
  fc.assert(
    fc.property(pens, places, places, (pen, from, to) => {
      const length = Math.hypot(to.x - from.x, to.y - from.y);
      fc.pre(length > 8);
      const image = new Float32Array(INPUT_LENGTH);
      drawSegment(image, from, to, pen);
      // A pen thinner than a pixel covers a pixel's width with less ink.
      const area = pen.darkness * pen.width * length;
      const ink = sumOf(image);
      assert.ok(ink > 0.85 * area - 1 && ink < 1.3 * area + 3, `${ink}, by its size ${area}`);
      for (const [pixel, value] of image.entries()) {
        const [row, column] = [Math.floor(pixel / INPUT_SIDE), pixel % INPUT_SIDE];
        const across =
          Math.abs((column - from.x) * (to.y - from.y) - (row - from.y) * (to.x - from.x)) / length;
        if (value > 0) assert.ok(across <= pen.width / 2 + 0.5 + 1e-9, `ink ${across} pixels away`);
        assert.ok(value <= pen.darkness + 1e-6);
      }
    }),
    { numRuns: 100 },
  );
});

test('a dashed line has gaps', () => {
  const image = new Float32Array(INPUT_LENGTH);
  drawSegment(image, { x: 0, y: 14 }, { x: 27, y: 14 }, { width: 1, darkness: 1, dash: 3 });
  const row = Array.from(image.subarray(14 * INPUT_SIDE, 15 * INPUT_SIDE), (value) => (value > 0 ? 1 : 0));
  assert.deepEqual(row.slice(0, 12), [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]);
});

test('paper only darkens, by its level at most, and black ink stays black', () => {
  const apply = createPaper(0.5);
  const ink = filled((_, column) => (column < 5 ? 1 : column < 10 ? 0.5 : 0));
  let darkest = 0;
  for (let index = 0; index < 200; index++) {
    const image = ink.slice();
    apply(image, randomStream(1, 'paper', index));
    image.forEach((value, pixel) => {
      const before = ink[pixel]!;
      assert.ok(value >= before - 1e-6 && value <= before + 0.5 * (1 - before) + 1e-6);
      darkest = Math.max(darkest, value - before);
    });
  }
  assert.ok(darkest > 0.45, `${darkest}`);
});

test('clouds reach from 0 to 1, and change little from pixel to pixel where their hills are wide', () => {
  const draw = createClouds();
  for (const [hills, steepest] of [
    [2, 0.5],
    [1, 0.35],
  ] as const) {
    const clouds = new Float32Array(INPUT_LENGTH);
    draw(clouds, randomStream(5, 'clouds', hills), hills);
    assert.equal(Math.min(...clouds), 0);
    assert.equal(Math.max(...clouds), 1);
    const steps = Array.from(clouds, (value, pixel) =>
      pixel % INPUT_SIDE > 0 ? Math.abs(value - clouds[pixel - 1]!) : 0,
    );
    assert.ok(Math.max(...steps) < steepest, `${Math.max(...steps)}`);
  }
});

test('inverting twice alike gives the picture back, and once a part of its opposite', () => {
  for (let index = 0; index < 50; index++) {
    const image = PICTURE.slice();
    invertBand(image, randomStream(1, 'invert', index));
    const inverted = image.filter((value, pixel) => value !== PICTURE[pixel]).length;
    assert.ok(inverted > 20, `${inverted} pixels`);
    invertBand(image, randomStream(1, 'invert', index));
    image.forEach((value, pixel) => {
      assert.ok(Math.abs(value - PICTURE[pixel]!) < 1e-6);
    });
  }
});

test('specks are black or white, up to their share, and at times of one kind alone', () => {
  const kinds = new Set<string>();
  let most = 0;
  for (let index = 0; index < 200; index++) {
    const image = filled(() => 0.5);
    addSpecks(image, randomStream(1, 'speck', index), 0.2);
    const specks = image.filter((value) => value !== 0.5);
    assert.ok(specks.every((value) => value === 0 || value === 1));
    most = Math.max(most, specks.length / INPUT_LENGTH);
    kinds.add([...new Set(specks)].sort().join());
  }
  // 0.2 and five standard deviations.
  assert.ok(most > 0.18 && most < 0.272, `${most}`);
  assert.ok(['0', '1', '0,1'].every((kind) => kinds.has(kind)));
});

test('noise has a standard deviation up to the one given, and a mean of 0', () => {
  const deviations = Array.from({ length: 200 }, (_, index) => {
    const image = filled(() => 0.5);
    addNoise(image, randomStream(1, 'noise', index), 0.1);
    const mean = sumOf(image) / INPUT_LENGTH;
    assert.ok(Math.abs(mean - 0.5) < 0.1 * (5 / 28), `${mean}`);
    return Math.sqrt(image.reduce((sum, value) => sum + (value - mean) ** 2, 0) / INPUT_LENGTH);
  });
  // Counted noise is smaller by the root of what is there.
  const most = Math.max(...deviations);
  assert.ok(most > 0.085 && most < 0.115, `${most}`);
  assert.ok(Math.min(...deviations) < 0.005);
});
