import type { Plane, RgbaImage } from '../../../core/image.js';
import type { LabelledImages } from '../../dataset/mnist.js';
import { type RandomStream, randomStream } from '../../random.js';
import type { Suite } from '../suite.js';
import { type Colour, grey } from './canvas.js';
import { contour, DIGIT_SIDE, type Digit, digitAt, type Inverse, placeOf, type Size } from './contour.js';
import { type Point, skeleton } from './skeleton.js';

/** Draws of measuring pictures; nothing that is trained on has this seed with such a name. */
const SEED = 20250117;
/** Share that is to be read right, of each suite. */
const TARGET = 0.97;

/** The longer side of a picture, pixels, and the shorter one as a share of it; none is shorter than the shortest. */
const LONGER_SIDE = [100, 600] as const;
const ASPECT = [0.5, 1] as const;

export interface PictureKind {
  title: string;
  /** What is done to the digits, with its settings. */
  summary: string;
  draw(digit: Digit, random: RandomStream): RgbaImage | Promise<RgbaImage>;
  /** Whether the digit can be drawn so; else the next one of the set is. All can where it is left out. */
  suits?(digit: Digit): boolean;
}

/** The kind as a suite; its pictures are drawn by streams of its own name. */
export const pictureSuite = (name: string, { title, summary, draw, suits }: PictureKind): Suite => ({
  title,
  summary,
  target: TARGET,
  async make(digits, index) {
    const digit = suitedDigit(digits, index, suits);
    const picture = await draw(digit, randomStream(SEED, name, index));
    return { picture, expected: String(digit.label) };
  },
});

function suitedDigit(digits: LabelledImages, index: number, suits: PictureKind['suits']): Digit {
  const { count } = digits;
  const first = placeOf(index, count);
  for (let further = 0; further < count; further++) {
    const digit = digitAt(digits, (first + further) % count);
    if (suits?.(digit) ?? true) return digit;
  }
  return digitAt(digits, first);
}

export type Range = readonly [number, number];

/** Uniform between two numbers. */
export const between = (random: RandomStream, [low, high]: Range): number =>
  low + (high - low) * random.next();

export const chance = (random: RandomStream, probability: number): boolean => random.next() < probability;

export const oneOf = <T>(random: RandomStream, choices: readonly T[]): T =>
  choices[random.integer(choices.length)]!;

/** A picture upright or level, up to twice as long as it is wide. */
export function drawSize(random: RandomStream, longerSide: Range = LONGER_SIDE): Size {
  const longer = Math.round(between(random, longerSide));
  const shorter = Math.max(longerSide[0], Math.round(longer * between(random, ASPECT)));
  return chance(random, 0.5) ? { width: longer, height: shorter } : { width: shorter, height: longer };
}

/** Where a digit stands in a picture. */
export interface Placement {
  /** Its centre, pixels. */
  x: number;
  y: number;
  /** Pixels of the picture in one of the digit's. */
  scale: number;
}

/** How large a digit usually stands in its picture, as a share of the shorter side, and how far off the middle, as one of the room left. */
const USUAL_SHARE: Range = [0.45, 0.75];
const USUAL_DRIFT = 0.4;

/** Somewhere about the middle, so that it is wholly inside. */
export function drawPlacement(
  { width, height }: Size,
  random: RandomStream,
  share: Range = USUAL_SHARE,
  drift = USUAL_DRIFT,
): Placement {
  const side = between(random, share) * Math.min(width, height);
  const off = (room: number) => (drift * (2 * random.next() - 1) * room) / 2;
  return {
    x: width / 2 + off(width - side),
    y: height / 2 + off(height - side),
    scale: side / DIGIT_SIDE,
  };
}

export const inverseOf =
  ({ centre }: Digit, { x, y, scale }: Placement): Inverse =>
  (across, down) => [(across - x) / scale + centre[0], (down - y) / scale + centre[1]];

/** The digit's own outline at its place. */
export const written = (digit: Digit, size: Size, placement: Placement): Plane<Float32Array> =>
  contour(digit, size, inverseOf(digit, placement), placement.scale);

/** The middle lines of the digit's strokes at its place, in pixels of the picture. */
export const penLines = (digit: Digit, { x, y, scale }: Placement): Point[][] =>
  skeleton(digit).map((line) =>
    line.map(
      ([column, row]): Point => [x + (column - digit.centre[0]) * scale, y + (row - digit.centre[1]) * scale],
    ),
  );

/** Black to dark grey, and white to light grey, as pens and papers have them. */
const DARK: Range = [0, 60];
const LIGHT: Range = [225, 255];

export const darkGrey = (random: RandomStream): Colour => grey(Math.round(between(random, DARK)));
export const lightGrey = (random: RandomStream): Colour => grey(Math.round(between(random, LIGHT)));

const PEN_COLOURS: readonly Colour[] = [
  [20, 20, 24],
  [25, 40, 120],
  [20, 30, 80],
  [150, 25, 30],
  [70, 70, 75],
];

/** Of a ballpoint, a felt tip or a pencil. */
export const penColour = (random: RandomStream): Colour => oneOf(random, PEN_COLOURS);
