import type { RandomStream } from '../../random.js';
import { blankCanvas, type Colour, developed, lay } from './canvas.js';
import { darkGrey, drawPlacement, drawSize, lightGrey, type PictureKind, written } from './scene.js';

/** Ink and paper of one colour each. */
const inColours = (
  title: string,
  summary: string,
  draw: (random: RandomStream) => { ink: Colour; paper: Colour },
): PictureKind => ({
  title,
  summary,
  draw(digit, random) {
    const { ink, paper } = draw(random);
    const size = drawSize(random);
    const covered = written(digit, size, drawPlacement(size, random));
    return developed(lay(blankCanvas(size, paper), covered, ink));
  },
});

export const darkOnLight = inColours(
  'Dark on light',
  'Grey of 0 to 60 on 225 to 255, pictures of 100 to 600 pixels a side, the digit 45 to 75% of the shorter one',
  (random) => ({ ink: darkGrey(random), paper: lightGrey(random) }),
);

export const lightOnDark = inColours(
  'Light on dark',
  'Grey of 225 to 255 on 0 to 60, as on a blackboard or a dark page',
  (random) => ({ ink: lightGrey(random), paper: darkGrey(random) }),
);

/** ITU-R BT.601 brightness, 0 to 255. */
const brightnessOf = ([red, green, blue]: Colour): number => 0.299 * red + 0.587 * green + 0.114 * blue;

const LEAST_CONTRAST = 80;

const anyColour = (random: RandomStream): Colour => [
  random.integer(256),
  random.integer(256),
  random.integer(256),
];

export const coloured = inColours(
  'Colours',
  `Any two colours at least ${LEAST_CONTRAST} levels of brightness apart, either of them the ink`,
  (random) => {
    for (;;) {
      const [ink, paper] = [anyColour(random), anyColour(random)];
      if (Math.abs(brightnessOf(ink) - brightnessOf(paper)) >= LEAST_CONTRAST) return { ink, paper };
    }
  },
);
