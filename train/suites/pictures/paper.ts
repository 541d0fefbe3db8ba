import type { RandomStream } from '../../random.js';
import { addNoise, blankCanvas, type Canvas, type Colour, developed, lay, light } from './canvas.js';
import type { Size } from './contour.js';
import {
  between,
  drawPlacement,
  drawSize,
  oneOf,
  type PictureKind,
  penColour,
  type Range,
  written,
} from './scene.js';

/** White, recycled, cream, squared-pad blue, newsprint. */
const PAPERS: readonly Colour[] = [
  [246, 246, 244],
  [232, 229, 220],
  [248, 240, 215],
  [228, 236, 244],
  [214, 208, 196],
];

/** The darkest corner's light as a share of the brightest one's. */
const FALL: Range = [0.55, 0.95];
/** A shadow's light as a share of what is around it, and its edge's width as a share of the shorter side. */
const SHADOW: Range = [0.6, 0.85];
const PENUMBRA: Range = [0.08, 0.4];
/** Fibres: changes of brightness over a few pixels, their standard deviation. */
const FIBRE: Range = [0.005, 0.025];
/** A camera's noise, levels. */
const NOISE: Range = [1, 6];
/** How much of the ink covers, from pencil to felt tip. */
const OPACITY: Range = [0.6, 1];

/** From 0 to 1 as `value` goes from `low` to `high`, with no corner. */
function smoothStep(value: number, low: number, high: number): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return share * share * (3 - 2 * share);
}

/** Smooth random numbers of mean 0 and about unit deviation: normal ones a cell apart, in between by straight lines. */
function mottle(
  { width, height }: Size,
  cell: number,
  random: RandomStream,
): (x: number, y: number) => number {
  const columns = Math.ceil(width / cell) + 2;
  const rows = Math.ceil(height / cell) + 2;
  const knots = Float32Array.from({ length: columns * rows }, () => random.normal());
  return (x, y) => {
    const [column, row] = [Math.floor(x / cell), Math.floor(y / cell)];
    const [right, down] = [x / cell - column, y / cell - row];
    const at = row * columns + column;
    const upper = (1 - right) * knots[at]! + right * knots[at + 1]!;
    const lower = (1 - right) * knots[at + columns]! + right * knots[at + columns + 1]!;
    return (1 - down) * upper + down * lower;
  };
}

/** Light that falls off to one side, over a shadow with a soft edge, half of the time. */
function unevenLight(size: Size, random: RandomStream): (x: number, y: number) => number {
  const side = Math.min(size.width, size.height);
  const diagonal = Math.hypot(size.width, size.height) / 2;
  const along = (angle: number) => {
    const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
    return (x: number, y: number) => (x - size.width / 2) * cosine + (y - size.height / 2) * sine;
  };
  const fall = between(random, FALL);
  const slope = along(2 * Math.PI * random.next());
  const isShaded = random.next() < 0.5;
  const depth = between(random, SHADOW);
  const across = along(2 * Math.PI * random.next());
  const edge = (random.next() - 0.5) * side;
  const penumbra = between(random, PENUMBRA) * side;
  return (x, y) => {
    const fallen = 1 - (1 - fall) * (0.5 + slope(x, y) / (2 * diagonal));
    if (!isShaded) return fallen;
    return fallen * (1 - (1 - depth) * smoothStep(across(x, y), edge - penumbra / 2, edge + penumbra / 2));
  };
}

/** What a camera makes of a page: fibres and uneven light over paper and ink alike, then its own noise. */
function photographed(canvas: Canvas, random: RandomStream): Canvas {
  const falling = unevenLight(canvas, random);
  const fibre = between(random, FIBRE);
  const [coarse, fine] = [mottle(canvas, between(random, [5, 12]), random), mottle(canvas, 2, random)];
  light(canvas, (x, y) => falling(x, y) * (1 + fibre * (coarse(x, y) + fine(x, y))));
  return addNoise(canvas, between(random, NOISE), random);
}

/** A page as it is photographed by hand. */
export function drawPage(size: Size, random: RandomStream): Canvas {
  return blankCanvas(size, oneOf(random, PAPERS));
}

export const inkOpacity = (random: RandomStream): number => between(random, OPACITY);

export const shadedPaper: PictureKind = {
  title: 'Paper, shading and grain',
  summary:
    'Pens on five papers; light that falls to 55 to 95%, half of the time a soft shadow of 60 to 85%, fibres, noise of 1 to 6 levels',
  draw(digit, random) {
    const size = drawSize(random);
    const covered = written(digit, size, drawPlacement(size, random));
    const page = lay(drawPage(size, random), covered, penColour(random), inkOpacity(random));
    return developed(photographed(page, random));
  },
};
