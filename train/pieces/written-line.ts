import { INPUT_LENGTH, type Plane, type RgbaImage } from '../../core/image.js';
import { createAugment } from '../augment/augment.js';
import { type AugmentationSettings, NO_AUGMENTATION } from '../augment/settings.js';
import { compose } from '../composed/compose.js';
import { render } from '../composed/render.js';
import { toUnit } from '../dataset/batches.js';
import { type LabelledImages, selectImages } from '../dataset/mnist.js';
import { type RandomStream, randomStream } from '../random.js';

/** A picture of one line of digits, and what it says. */
export interface WrittenLine {
  picture: RgbaImage;
  /** Pixels of the picture for one of the digits' own. */
  scale: number;
  /** Left to right. */
  digits: WrittenDigit[];
}

/** A digit of a line, as it was before others were written over it. */
export interface WrittenDigit {
  label: number;
  /** `[28, 28]`, 0 to 255. */
  ink: Uint8Array;
  /** Where in the line its 28x28 pixels lie, in pixels of its own. */
  left: number;
  top: number;
}

/** How lines are composed; all ranges with both ends. */
export interface LineKind {
  /** How many digits. */
  digits: Range;
  /** White columns between the ink of two digits; below 0 they overlap. */
  gap: Range;
  /** Pixels of the picture for one of MNIST's. */
  scale: Range;
  /** Whether digits are varied, as hands and pens are, and some lines have dirt. */
  varied: boolean;
}

type Range = { least: number; most: number };

/** What lines differ in beside that, pixels. */
const MOST_DROP = 4;
const MARGIN: Range = { least: 4, most: 13 };
/** So many varied lines have dirt: dots that are no digits. */
const SHARE_OF_DIRTY = 0.3;
const DOTS: Range = { least: 1, most: 3 };
const DOT_SIDE: Range = { least: 2, most: 3 };

/** How digits are varied: less than the network's own training does, since lines are written in one hand. */
const VARIATION: AugmentationSettings = {
  ...NO_AUGMENTATION,
  rotateDegrees: 8,
  zoomShare: 0.1,
  shearDegrees: 8,
  strokeProbability: 0.3,
  strokePixels: 1.2,
};
/** Ink that moving a digit between pixels leaves at its edges, of 255: it would hold digits apart that touch. */
const FAINT = 24;

/**
 * The line number `index` of a stream: the same one whenever it is asked for, and none of another stream's.
 * @param all training digits: what measures are composed of test digits.
 */
export function writeLine(
  all: LabelledImages,
  kind: LineKind,
  { seed, stream, index }: { seed: number; stream: string; index: number },
): WrittenLine {
  const random = randomStream(seed, `pieces ${stream}`, index);
  const between = ({ least, most }: Range) => least + random.integer(most - least + 1);
  const count = between(kind.digits);
  const rows = Uint32Array.from({ length: count }, () => random.integer(all.count));
  const places = Array.from(rows, (_, row) => ({
    row,
    gap: between(kind.gap),
    drop: random.integer(MOST_DROP + 1),
  }));
  const digits = selectImages(all, rows);
  if (kind.varied) vary(digits, seed, index);
  const { plane, stamps } = compose(digits, [places], { margin: between(MARGIN), leading: 0 });
  if (kind.varied && random.next() < SHARE_OF_DIRTY)
    for (let dot = between(DOTS); dot > 0; dot--) addDot(plane, random);
  const scale = kind.scale.least + random.next() * (kind.scale.most - kind.scale.least);
  return {
    picture: render(plane, { scale, paper: 255, ink: 0 }),
    scale,
    digits: stamps.map(({ row, left, top }) => ({
      label: digits.labels[row]!,
      ink: digits.images.subarray(row * INPUT_LENGTH, (row + 1) * INPUT_LENGTH),
      left,
      top,
    })),
  };
}

/** Varies the digits of one line, in place. */
function vary({ count, images }: LabelledImages, seed: number, line: number): void {
  const inks = new Float32Array(images.length);
  toUnit(images, inks);
  const indices = Uint32Array.from({ length: count }, (_, row) => row);
  createAugment(VARIATION, seed)(inks, { epoch: line + 1, step: line, indices });
  inks.forEach((ink, pixel) => {
    const level = Math.round(255 * ink);
    images[pixel] = level < FAINT ? 0 : level;
  });
}

/** A dot somewhere on the page; none where it would touch a digit. */
function addDot({ width, height, data }: Plane<Uint8Array>, random: RandomStream): void {
  const side = DOT_SIDE.least + random.integer(DOT_SIDE.most - DOT_SIDE.least + 1);
  const left = 1 + random.integer(width - side - 1);
  const top = 1 + random.integer(height - side - 1);
  const rows = Array.from({ length: side + 2 }, (_, row) => (top - 1 + row) * width + left - 1);
  if (rows.some((start) => data.subarray(start, start + side + 2).some((value) => value > 0))) return;
  for (const start of rows.slice(1, -1)) data.fill(255, start + 1, start + 1 + side);
}
