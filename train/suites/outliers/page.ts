import type { Plane, RgbaImage } from '../../../core/image.js';
import type { RandomStream } from '../../random.js';
import { fillRings, type Point, type Ring } from './raster.js';

/** Uniform from `low` to `high`. */
export const between = (random: RandomStream, low: number, high: number): number =>
  low + (high - low) * random.next();

export const oneOf = <T>(random: RandomStream, values: readonly T[]): T =>
  values[random.integer(values.length)]!;

type Shade = readonly [red: number, green: number, blue: number];

/** An opaque picture of a colour for each pixel, each of 0 to 255. */
export function picture(width: number, height: number, shadeAt: (x: number, y: number) => Shade): RgbaImage {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      data.set(shadeAt(x, y), at);
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

/** Ink of a pen on paper, or of chalk on a board each fourth time, every colour a little different. */
export function onPaper(random: RandomStream, { width, height, data }: Plane<Float32Array>): RgbaImage {
  const light = (): Shade => [
    between(random, 205, 255),
    between(random, 205, 255),
    between(random, 195, 255),
  ];
  const dark = (): Shade => [between(random, 0, 70), between(random, 0, 70), between(random, 0, 110)];
  const isChalk = random.next() < 0.25;
  const [paper, ink] = isChalk ? [dark(), light()] : [light(), dark()];
  return picture(width, height, (x, y) => {
    const share = data[y * width + x]!;
    const mix = (channel: 0 | 1 | 2) => paper[channel] + share * (ink[channel] - paper[channel]);
    return [mix(0), mix(1), mix(2)];
  });
}

export interface Drawing {
  rings: readonly Ring[];
  /** The longer side of what is drawn, pixels. */
  side: number;
  turnDegrees: number;
}

/** Turns rings, makes them as large as `side` says, and puts them somewhere on a page with a margin of a tenth to a half. */
export function drawOnPaper(random: RandomStream, { rings, side, turnDegrees }: Drawing): RgbaImage {
  const angle = (turnDegrees * Math.PI) / 180;
  const turned = rings.map((ring) =>
    ring.map(({ x, y }) => ({
      x: x * Math.cos(angle) - y * Math.sin(angle),
      y: x * Math.sin(angle) + y * Math.cos(angle),
    })),
  );
  const all = turned.flat();
  const extent = (of: (point: Point) => number) => {
    const values = all.map(of);
    const least = values.reduce((a, b) => Math.min(a, b));
    return { least, length: values.reduce((a, b) => Math.max(a, b)) - least };
  };
  const [across, down] = [extent(({ x }) => x), extent(({ y }) => y)];
  const scale = side / Math.max(across.length, down.length);
  const margin = () => side * between(random, 0.1, 0.5);
  const [left, top, right, bottom] = [margin(), margin(), margin(), margin()];
  const placed = turned.map((ring) =>
    ring.map(({ x, y }) => ({ x: left + scale * (x - across.least), y: top + scale * (y - down.least) })),
  );
  const width = Math.ceil(left + scale * across.length + right);
  const height = Math.ceil(top + scale * down.length + bottom);
  return onPaper(random, fillRings(placed, width, height));
}
