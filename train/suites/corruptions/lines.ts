import { INPUT_LENGTH, INPUT_SIDE } from '../../../core/image.js';
import { type Corruption, clipped } from './corruption.js';

/** Further from a line than this, in rows, is none of it. */
const REACH = 2.3;

/** `[column, row]`, pixels. */
type Point = readonly [number, number];

/**
 * A line over the columns from one point to the other, 1 on it and 0 about 1.5 rows from it: `1 + log(1 - distance / 2.3)`,
 * the distance taken along the column.
 */
function line([column0, row0]: Point, [column1, row1]: Point): Float64Array {
  const drawn = new Float64Array(INPUT_LENGTH);
  if (column1 === column0) return drawn;
  const slope = (row1 - row0) / (column1 - column0);
  const end = Math.min(INPUT_SIDE, Math.ceil(column1));
  for (let column = Math.max(0, Math.floor(column0)); column < end; column++) {
    for (let row = 0; row < INPUT_SIDE; row++) {
      const distance = Math.abs(row - (slope * (column - column0) + row0));
      const share = Math.min(distance, REACH - 1e-10) / REACH;
      drawn[row * INPUT_SIDE + column] = clipped(Math.log(1 - share) + 1);
    }
  }
  return drawn;
}

const added = (one: Float64Array, other: Float64Array): Float64Array =>
  one.map((value, pixel) => clipped(value + other[pixel]!));

/** Two columns of gap and two of line in turn, up to the last but three columns, which have no gap. */
const DOT_PIXELS = 2;
const GAPS_END = 26;

export const dottedLine: Corruption = {
  summary: 'a dotted line from side to side, two pixels on, two off',
  corrupt(digit, random) {
    const first = random.integer(INPUT_SIDE - 1);
    const last = random.integer(INPUT_SIDE - 1);
    const dotted = line([0, first], [INPUT_SIDE - 1, last]).map((value, pixel) => {
      const column = pixel % INPUT_SIDE;
      const isGap = column < GAPS_END && column % (2 * DOT_PIXELS) < DOT_PIXELS;
      return isGap ? 0 : value;
    });
    return added(digit, dotted);
  },
};

const ZIGZAG = { first: 2, last: 25, length: 2, width: 2, steepest: 5 } as const;

/**
 * The corners of a zigzag along a straight line of that length, from (0, 0) to the right. The last one's place off the line is
 * the published generator's, which divides where one would multiply.
 */
function corners(distance: number): Point[] {
  const { length, width } = ZIGZAG;
  const teeth = Math.floor((distance - length) / (2 * length)) + 1;
  const tips = Array.from(
    { length: teeth },
    (_, tooth): Point => [(2 * tooth + 1) * length, tooth % 2 === 0 ? width : -width],
  );
  const whole = 2 * length * Math.floor(distance / (2 * length));
  const end: Point[] = distance === whole ? [] : [[distance, tips.at(-1)![1] / (2 * (distance - whole))]];
  return [[0, 0], ...tips, ...end];
}

export const zigzag: Corruption = {
  summary: `a zigzag from column ${ZIGZAG.first} to ${ZIGZAG.last}, its teeth ${ZIGZAG.width} pixels high`,
  corrupt(digit, random) {
    const { first, last, steepest } = ZIGZAG;
    const row = random.integer(INPUT_SIDE - 1);
    const rise = random.integer(2 * steepest) - steepest;
    const angle = Math.atan(rise / (last - first));
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    const turned = corners((last - first) / cosine).map(
      ([along, off]): Point => [cosine * along - sine * off + first, sine * along + cosine * off + row],
    );
    return turned.slice(1).reduce((drawn, to, index) => added(drawn, line(turned[index]!, to)), digit);
  },
};
