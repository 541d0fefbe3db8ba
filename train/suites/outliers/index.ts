import type { RgbaImage } from '../../../core/image.js';
import type { LabelledImages } from '../../dataset/mnist.js';
import { type RandomStream, randomStream } from '../../random.js';
import type { Suite } from '../suite.js';
import { drawLetter, FONTS, LETTERS } from './letters.js';
import { drawBlank, drawNoise } from './noise.js';
import { drawScribble } from './scribbles.js';
import { drawShape, SHAPE_NAMES } from './shapes.js';
import { drawTexture } from './textures.js';
import { drawTwoDigits } from './two-digits.js';

/** Seeds nothing else: training draws its own by the run's seed, for other purposes. */
const SEED = 20_261_122;

type Draw = (random: RandomStream, digits: LabelledImages) => RgbaImage;

function suite(name: string, facts: Omit<Suite, 'make'>, draw: Draw): Suite {
  return {
    ...facts,
    make: (digits, index) => ({
      picture: draw(randomStream(SEED, `outliers-${name}`, index), digits),
      expected: null,
    }),
  };
}

/** What is no single digit, by name: nothing of it may be accepted. None of it is trained on, nor is its code. */
export const OUTLIERS = {
  blank: suite(
    'blank',
    {
      title: 'Blank pages',
      summary:
        'One colour, or paper with shading up to 40 levels and grain of up to 5: 28 to 227 pixels a side',
      target: 1,
    },
    drawBlank,
  ),
  letters: suite(
    'letters',
    {
      title: 'Rendered letters',
      summary: `The ${LETTERS.length} letters that are like no digit, of ${FONTS.length} fonts, 40 to 200 pixels, turned by up to 8 degrees`,
      target: 0.9,
      separation: 0.98,
    },
    drawLetter,
  ),
  shapes: suite(
    'shapes',
    {
      title: 'Shapes',
      summary: `${SHAPE_NAMES.join(', ')}; filled or as lines, 40 to 200 pixels, turned by up to 15 degrees`,
      target: 0.9,
      separation: 0.99,
    },
    drawShape,
  ),
  scribbles: suite(
    'scribbles',
    {
      title: 'Scribbles',
      summary: 'Tangles of waves, hatching, loops in a row; 50 to 200 pixels',
      target: 0.9,
      separation: 0.98,
    },
    drawScribble,
  ),
  noise: suite(
    'noise',
    {
      title: 'Noise',
      summary: 'Uniform, normal, black and white; pixels or blocks of 2 and 4; 28 to 120 pixels a side',
      target: 0.9,
      separation: 0.99,
    },
    drawNoise,
  ),
  photographs: suite(
    'photographs',
    {
      title: "Photographs' crops, made up",
      summary:
        'Dead leaves (discs and boards that hide one another), spectra of landscapes, woven cloth; no real photograph',
      target: 0.9,
      separation: 0.99,
    },
    drawTexture,
  ),
  'two-digits': suite(
    'two-digits',
    {
      title: 'Two digits in one box',
      summary:
        "Two digits side by side, from 2 of MNIST's pixels into one another to 6 apart, 1 to 6 times as large",
      target: 0.9,
      separation: 0.98,
    },
    drawTwoDigits,
  ),
} satisfies Record<string, Suite>;
