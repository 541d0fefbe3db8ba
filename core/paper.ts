import { type Histogram, histogram, levelFromAbove, levelFromBelow, percentile } from './histogram.js';
import type { Plane } from './image.js';
import { closed } from './sliding.js';

/** Which side of the paper's brightness the ink is on. */
export type Polarity = 'dark-ink' | 'light-ink';

/** Brightness turned so that ink is darker than the paper, and the paper's own brightness everywhere. */
export interface Paper {
  polarity: Polarity;
  /** 0 to 255, ink low. */
  levels: Plane<Uint8Array>;
  /** 0 to 255. */
  background: Plane<Uint8Array>;
  /** Whether one brightness is the paper's everywhere: a drawing or a scan, not a photograph. */
  even: boolean;
  /** Whether the ink may as well be on the other side: a digit that fills its picture has more ink than paper about it. */
  isDoubtful: boolean;
  /** So near to the edge, pixels, the background is a guess where light falls off; 0 where it is even. */
  margin: number;
}

/** A border pixel within so many levels of the border's median is the same paper. */
const SAME_PAPER_LEVELS = 3;
/** The paper is even where so much of the border agrees; the rest may be a digit that touches the border. */
const EVEN_SHARE = 0.6;
/** Where less of it agrees, the paper is even all the same where it comes out so evenly from under the ink... */
const EVEN_UNDER_INK_SHARE = 0.97;
/** ...and so much of the border shows it: grain seldom reaches the brightness that it comes out with... */
const PAPER_OF_BORDER_SHARE = 0.3;
/** ...and so much of every side: what covers one is no stroke, but a shadow or a table. */
const PAPER_OF_SIDE_SHARE = 0.1;
/** How far strokes of a digit that fills its picture are bridged either way, as a share of the shorter side. */
const UNDER_INK_SHARE = 0.25;
/** The window that bridges ink must be wider than any stroke: this share of the picture's shorter side. */
const WINDOW_SHARE = 0.25;
/** How far around a pixel its surroundings go, as a share of the shorter side. */
const SURROUNDINGS_SHARE = 0.25;
/** Grain alone, or a page's shading, is not so far from what is around it on either side. */
const DOUBTFUL_LEVELS = 48;
/** Extremes are taken over at least one pixel in so many, so that a lone speck decides nothing. */
export const PIXELS_FOR_EACH_EXTREME = 16384;

/** How many pixels must reach a level for it to count as an extreme of the plane. */
export function extremeCount({ width, height }: Plane): number {
  return Math.max(1, Math.floor((width * height) / PIXELS_FOR_EACH_EXTREME));
}

/** The outermost pixels, a 32nd of the shorter side thick. */
export function borderValues({ width, height, data }: Plane<Uint8Array>): Uint8Array {
  const thickness = Math.max(1, Math.floor(Math.min(width, height) / 32));
  const values = new Uint8Array(width * height);
  let count = 0;
  for (let y = 0; y < height; y++) {
    const whole = y < thickness || y >= height - thickness;
    for (let x = 0; x < width; x++) {
      if (!whole && x === thickness) x = Math.max(x, width - thickness);
      values[count++] = data[y * width + x]!;
    }
  }
  return values.subarray(0, count);
}

/** Finds the paper: what the border shows is paper, and ink is whatever lies furthest from it. */
export function findPaper(plane: Plane<Uint8Array>): Paper {
  const border = histogram(borderValues(plane));
  const median = percentile(border, 0.5);
  if (shareNear(border, median) >= EVEN_SHARE) {
    return evenPaper(plane, polarityAgainst(median, plane), median);
  }
  const { polarity, isDoubtful } = polarityAbout(plane);
  const level = levelUnderInk(plane, polarity);
  const paper = level === null ? unevenPaper(plane, polarity) : evenPaper(plane, polarity, level);
  return { ...paper, isDoubtful };
}

/** @param level of the picture's own, not turned. */
function evenPaper(plane: Plane<Uint8Array>, polarity: Polarity, level: number): Paper {
  const levels = polarity === 'dark-ink' ? plane : inverted(plane);
  const background = constant(levels, polarity === 'dark-ink' ? level : 255 - level);
  return { polarity, levels, background, even: true, isDoubtful: false, margin: 0 };
}

/**
 * The paper's one brightness where a digit is cut out so tightly that its ink covers much of the border; as in the picture, not turned.
 * @returns null where what shows between the strokes is not of one brightness, or is not what the border shows.
 */
function levelUnderInk(plane: Plane<Uint8Array>, polarity: Polarity): number | null {
  const { width, height, data } = polarity === 'dark-ink' ? plane : inverted(plane);
  const border = histogram(borderValues({ width, height, data }));
  // No level is shown enough, whichever comes out: spares most photographs the closing.
  if (!border.some((_, level) => shareNear(border, level) >= PAPER_OF_BORDER_SHARE)) return null;
  const radius = Math.max(1, Math.floor(Math.min(width, height) * UNDER_INK_SHARE));
  const bridged = Uint8Array.from(closed({ width, height, data: Float32Array.from(data) }, radius).data);
  const under = histogram(bridged);
  const level = percentile(under, 0.5);
  if (shareNear(under, level) < EVEN_UNDER_INK_SHARE) return null;
  if (shareNear(border, level) < PAPER_OF_BORDER_SHARE) return null;
  const sides = [
    data.subarray(0, width),
    data.subarray((height - 1) * width),
    Uint8Array.from({ length: height }, (_, y) => data[y * width]!),
    Uint8Array.from({ length: height }, (_, y) => data[(y + 1) * width - 1]!),
  ];
  if (sides.some((side) => shareNear(histogram(side), level) < PAPER_OF_SIDE_SHARE)) return null;
  return polarity === 'dark-ink' ? level : 255 - level;
}

/** How many of all values are the same paper as this level, 0 to 1. */
function shareNear(counts: Histogram, level: number): number {
  const sum = (some: Histogram) => some.reduce((total, count) => total + count, 0);
  return (
    sum(counts.subarray(Math.max(0, level - SAME_PAPER_LEVELS), level + SAME_PAPER_LEVELS + 1)) / sum(counts)
  );
}

/** Uneven paper of a picture of which is known what is ink. */
export function unevenPaper(plane: Plane<Uint8Array>, polarity: Polarity): Paper {
  const levels = polarity === 'dark-ink' ? plane : inverted(plane);
  const margin = Math.max(1, Math.floor((Math.min(plane.width, plane.height) * WINDOW_SHARE) / 2));
  const background = followed(levels, margin);
  return { polarity, levels, background, even: false, isDoubtful: false, margin };
}

/** Which side of the paper's one brightness goes further. */
function polarityAgainst(paper: number, plane: Plane<Uint8Array>): Polarity {
  const all = histogram(plane.data);
  const darkest = levelFromBelow(all, extremeCount(plane));
  const brightest = levelFromAbove(all, extremeCount(plane));
  return paper - darkest >= brightest - paper ? 'dark-ink' : 'light-ink';
}

/**
 * Which side of what is around goes further: a shadow's edge has light and dark alike, a digit has more paper about it than ink.
 */
function polarityAbout(plane: Plane<Uint8Array>): Pick<Paper, 'polarity' | 'isDoubtful'> {
  const radius = Math.max(1, Math.floor(Math.min(plane.width, plane.height) * SURROUNDINGS_SHARE));
  const { darker, lighter } = deviations(plane, radius);
  const [dark, light] = [darker, lighter].map((counts) => levelFromAbove(counts, extremeCount(plane)));
  return {
    polarity: dark! >= light! ? 'dark-ink' : 'light-ink',
    isDoubtful: Math.min(dark!, light!) >= DOUBTFUL_LEVELS,
  };
}

/** How often a pixel is so many levels darker or lighter than the mean of the square about it. */
function deviations({ width, height, data }: Plane<Uint8Array>, radius: number) {
  const stride = width + 1;
  // Of all pixels above and to the left.
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x]!;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  const darker = new Uint32Array(256);
  const lighter = new Uint32Array(256);
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius) * stride;
    const [first, last] = [Math.max(0, y - radius), Math.min(height, y + radius + 1)];
    const bottom = last * stride;
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(0, x - radius), Math.min(width, x + radius + 1)];
      const sum = sums[bottom + right]! - sums[bottom + left]! - sums[top + right]! + sums[top + left]!;
      const off = data[y * width + x]! - sum / ((last - first) * (right - left));
      if (off < 0) darker[Math.floor(-off)]!++;
      else lighter[Math.floor(off)]!++;
    }
  }
  return { darker, lighter };
}

function inverted({ width, height, data }: Plane<Uint8Array>): Plane<Uint8Array> {
  return { width, height, data: data.map((level) => 255 - level) };
}

function constant({ width, height }: Plane, level: number): Plane<Uint8Array> {
  return { width, height, data: new Uint8Array(width * height).fill(level) };
}

/**
 * The paper's brightness in uneven light. A closing rides on the brightest grains, so it is lowered until half of
 * the border lies on either side of it.
 */
function followed(levels: Plane<Uint8Array>, radius: number): Plane<Uint8Array> {
  const { width, height } = levels;
  const bridged = closed({ width, height, data: Float32Array.from(levels.data) }, radius).data;
  const below = levels.data.map((level, index) => bridged[index]! - level);
  const median = percentile(histogram(borderValues({ width, height, data: below })), 0.5);
  return { width, height, data: below.map((_, index) => Math.max(0, bridged[index]! - median)) };
}
