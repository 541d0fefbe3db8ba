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

const contrastOf = (ink: Colour, paper: Colour): number => Math.abs(brightnessOf(ink) - brightnessOf(paper));

const LEAST_CONTRAST = 80;

const anyColour = (random: RandomStream): Colour => [
  random.integer(256),
  random.integer(256),
  random.integer(256),
];

/** Two colours, drawn until they are as asked. */
function pairOf(random: RandomStream, isAsAsked: (ink: Colour, paper: Colour) => boolean) {
  for (;;) {
    const [ink, paper] = [anyColour(random), anyColour(random)];
    if (isAsAsked(ink, paper)) return { ink, paper };
  }
}

export const coloured = inColours(
  'Colours',
  `Any two colours at least ${LEAST_CONTRAST} levels of brightness apart, either of them the ink`,
  (random) => pairOf(random, (ink, paper) => contrastOf(ink, paper) >= LEAST_CONTRAST),
);

const EQUAL_CONTRAST = 8;
/** Of red, green or blue, whichever differs most; less is hard to see for people as well. */
const LEAST_OF_CHANNEL = 100;

export const equallyBright = inColours(
  'Equally bright',
  `Any two colours at most ${EQUAL_CONTRAST} levels of brightness apart, and at least ${LEAST_OF_CHANNEL} in red, green or blue`,
  (random) =>
    pairOf(
      random,
      (ink, paper) =>
        contrastOf(ink, paper) <= EQUAL_CONTRAST &&
        Math.max(...ink.map((level, channel) => Math.abs(level - paper[channel]!))) >= LEAST_OF_CHANNEL,
    ),
);
