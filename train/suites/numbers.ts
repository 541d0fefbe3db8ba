import { compose, type Placed } from '../composed/compose.js';
import { render } from '../composed/render.js';
import { randomStream } from '../random.js';
import type { Suite } from './suite.js';

/** Fixes all that the suites draw by chance. */
const SEED = 5;
/** The share of pictures that must be read digit by digit as they were composed. */
const TARGET = { apart: 0.97, touching: 0.8 } as const;
/** Digits hang above or below one another by up to so many pixels. */
const MOST_DROP = 2;

interface Kind {
  title: string;
  summary: string;
  target: number;
  lines: number;
  /** Digits of a line. */
  digits: { least: number; most: number };
  /** White columns between the ink of two digits; below 0 they overlap. */
  gap: { least: number; most: number };
  /** Pixels of the picture for one of MNIST's. */
  scale: { least: number; most: number };
}

function suiteOf(name: string, kind: Kind): Suite {
  const { title, summary, target } = kind;
  return {
    title,
    summary,
    target,
    make(digits, index) {
      const random = randomStream(SEED, `numbers ${name}`, index);
      const between = ({ least, most }: { least: number; most: number }) =>
        least + random.integer(most - least + 1);
      const lines = Array.from({ length: kind.lines }, () =>
        Array.from(
          { length: between(kind.digits) },
          (): Placed => ({
            row: random.integer(digits.count),
            gap: between(kind.gap),
            drop: random.integer(2 * MOST_DROP + 1),
          }),
        ),
      );
      const { plane } = compose(digits, lines, { margin: 8, leading: 4 + random.integer(12) });
      const scale = kind.scale.least + random.next() * (kind.scale.most - kind.scale.least);
      const dark = index % 2 === 0;
      const picture = render(plane, { scale, paper: dark ? 255 : 0, ink: dark ? 0 : 255 });
      const rows = lines.map((line) => line.map(({ row }) => digits.labels[row]).join(''));
      return { picture, expected: rows.join('\n') };
    },
  };
}

const fixed = (value: number) => ({ least: value, most: value });

const gapKind = (gap: number): Kind => ({
  title: gap < 0 ? `${-gap} px overlap` : `${gap} px apart`,
  summary: `5 digits in MNIST's own size, ${gap} pixels between the boxes of their ink`,
  target: gap >= 1 ? TARGET.apart : TARGET.touching,
  lines: 1,
  digits: fixed(5),
  gap: fixed(gap),
  scale: fixed(1),
});

const GAPS = [-3, -2, -1, 0, 1, 2, 3, 5, 10, 20] as const;

const KINDS: Record<string, Kind> = {
  ...Object.fromEntries(GAPS.map((gap) => [`gap${gap}`, gapKind(gap)])),
  lengths: {
    title: '2 to 8 digits',
    summary: "2 to 8 digits in MNIST's own size, 2 to 20 pixels apart",
    target: TARGET.apart,
    lines: 1,
    digits: { least: 2, most: 8 },
    gap: { least: 2, most: 20 },
    scale: fixed(1),
  },
  large: {
    title: 'larger',
    summary: '5 digits, 2 to 20 pixels apart, then enlarged 2 to 8 times (bilinear)',
    target: TARGET.apart,
    lines: 1,
    digits: fixed(5),
    gap: { least: 2, most: 20 },
    scale: { least: 2, most: 8 },
  },
  'large-touching': {
    title: 'larger, touching',
    summary: '5 digits, 3 pixels of overlap to 0 apart, then enlarged 2 to 8 times (bilinear)',
    target: TARGET.touching,
    lines: 1,
    digits: fixed(5),
    gap: { least: -3, most: 0 },
    scale: { least: 2, most: 8 },
  },
  'two-lines': {
    title: 'two lines',
    summary:
      'two lines of 2 to 5 digits, 2 to 10 pixels apart, 4 to 15 pixels between the lines, enlarged 1 to 4 times',
    target: TARGET.apart,
    lines: 2,
    digits: { least: 2, most: 5 },
    gap: { least: 2, most: 10 },
    scale: { least: 1, most: 4 },
  },
};

/** Pictures of whole numbers, composed of single digits. */
export const NUMBER_SUITES: Record<string, Suite> = Object.fromEntries(
  Object.entries(KINDS).map(([name, kind]) => [name, suiteOf(name, kind)]),
);
