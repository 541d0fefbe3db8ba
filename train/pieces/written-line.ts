import type { Plane, RgbaImage } from '../../core/image.js';
import type { LabelledImages } from '../dataset/mnist.js';
import { type RandomStream, randomStream } from '../random.js';
import { compose } from '../suites/numbers/compose.js';
import { render } from '../suites/numbers/render.js';

/** A picture of one line of digits, and what it says. */
export interface WrittenLine {
  picture: RgbaImage;
  /** Left to right. */
  digits: number[];
}

/** How lines are composed; all ranges with both ends. */
export interface LineKind {
  /** How many digits. */
  digits: Range;
  /** White columns between the ink of two digits; below 0 they overlap. */
  gap: Range;
  /** Pixels of the picture for one of MNIST's. */
  scale: Range;
  /** Whether some have dirt. */
  dirt: boolean;
}

type Range = { least: number; most: number };

/** What lines differ in beside that, pixels. */
const MOST_DROP = 4;
const MARGIN: Range = { least: 4, most: 13 };
/** So many lines have dirt: dots that are no digits. */
const SHARE_OF_DIRTY = 0.3;
const DOTS: Range = { least: 1, most: 3 };
const DOT_SIDE: Range = { least: 2, most: 3 };

/**
 * The line number `index` of a stream: the same one whenever it is asked for, and none of another stream's.
 * @param digits training digits: what measures are composed of test digits.
 */
export function writeLine(
  digits: LabelledImages,
  kind: LineKind,
  { seed, stream, index }: { seed: number; stream: string; index: number },
): WrittenLine {
  const random = randomStream(seed, `pieces ${stream}`, index);
  const between = ({ least, most }: Range) => least + random.integer(most - least + 1);
  const line = Array.from({ length: between(kind.digits) }, () => ({
    row: random.integer(digits.count),
    gap: between(kind.gap),
    drop: random.integer(MOST_DROP + 1),
  }));
  const { plane } = compose(digits, [line], { margin: between(MARGIN), leading: 0 });
  if (kind.dirt && random.next() < SHARE_OF_DIRTY)
    for (let dot = between(DOTS); dot > 0; dot--) addDot(plane, random);
  const scale = kind.scale.least + random.next() * (kind.scale.most - kind.scale.least);
  return {
    picture: render(plane, { scale, paper: 255, ink: 0 }),
    digits: line.map(({ row }) => digits.labels[row]!),
  };
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
