import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { INPUT_LENGTH, type RgbaImage } from '../../../../core/image.js';
import { preprocess } from '../../../../core/preprocess.js';
import { type LabelledImages, loadMnistSplit } from '../../../../train/dataset/mnist.js';
import { PICTURES } from '../../../../train/suites/pictures/index.js';
import { overlap } from '../../../core/pictures.js';

const SAMPLES = 4;

/** Suites whose pictures have one digit and one brightness of paper: what preprocessing was made for. */
const PLAIN = ['dark_on_light', 'light_on_dark', 'position_and_size', 'transparent_png', 'jpeg_20'] as const;

/** Of pictures, in pixels, where they are others than most. */
const SIDES: Readonly<Record<string, readonly [number, number]>> = {
  low_resolution: [18, 40],
  small_in_large: [1200, 1600],
  cut_out: [5, 500],
};

const make = async (name: string, digits: LabelledImages, index: number) =>
  PICTURES[name]!.make(digits, index);

const isOpaque = ({ data }: RgbaImage) => data.every((value, index) => index % 4 !== 3 || value === 255);

describe('pictures as users send them', () => {
  let digits: LabelledImages;
  before(async () => {
    digits = await loadMnistSplit('test');
  });

  for (const name of Object.keys(PICTURES)) {
    it(`${name}: pictures of a fitting size, functions of the digits and the number alone`, async () => {
      const original = digits.images.slice(0, 100 * INPUT_LENGTH);
      for (let index = 0; index < SAMPLES; index++) {
        const { picture, expected } = await make(name, digits, index);
        const { width, height, data } = picture;
        assert.equal(data.length, width * height * 4);
        assert.match(expected ?? '', /^[0-9]$/);
        const [least, most] = SIDES[name] ?? [100, 600];
        assert.ok(Math.min(width, height) >= least && Math.max(width, height) <= most, `${width}x${height}`);
        assert.equal(isOpaque(picture), name !== 'transparent_png');
        const again = await make(name, digits, index);
        assert.deepEqual(Buffer.from(again.picture.data), Buffer.from(data), `sample ${index} differs`);
      }
      assert.deepEqual(digits.images.slice(0, 100 * INPUT_LENGTH), original, 'the digits were changed');
    });
  }

  for (const name of PLAIN) {
    it(`${name}: what is drawn is the digit`, async () => {
      let sum = 0;
      for (let index = 0; index < SAMPLES; index++) {
        const { picture, expected } = await make(name, digits, index);
        const place = (index * 7919) % digits.count;
        assert.equal(expected, String(digits.labels[place]));
        const bytes = digits.images.subarray(place * INPUT_LENGTH, (place + 1) * INPUT_LENGTH);
        const { status, input } = preprocess(picture);
        assert.equal(status, 'ok');
        sum += overlap(
          input,
          Float32Array.from(bytes, (byte) => byte / 255),
        );
      }
      assert.ok(sum / SAMPLES > 0.7, `only ${sum / SAMPLES} of the ink is the digit's`);
    });
  }

  it('aliased strokes have two colours, anti-aliased ones more', async () => {
    const coloursOf = async (name: string) => {
      const { picture } = await make(name, digits, 3);
      return new Set(picture.data.filter((_, index) => index % 4 === 0)).size;
    };
    assert.equal(await coloursOf('aliased'), 2);
    assert.ok((await coloursOf('anti_aliased')) > 10);
  });

  it('thick pens leave more ink than thin ones', async () => {
    const inkOf = async (name: string) => {
      const { picture } = await make(name, digits, 0);
      const values = picture.data.filter((_, index) => index % 4 === 0);
      return values.filter((value) => value < 128).length / values.length;
    };
    const [thick, thin] = [await inkOf('thick_pen'), await inkOf('thin_pen')];
    assert.ok(thick > 3 * thin, `${thick} and ${thin}`);
  });
});
