import type { Plane } from '../../core/image.js';
import { cutInk, fitInk } from '../fit-ink.js';

/** Ink is drawn at this side, pixels, and made as small as the network sees it: some two of these to one of those. */
export const SIDE = 44;

export interface Point {
  x: number;
  y: number;
}

/** Ink from 0 to 1, `[44, 44]`. */
export type Canvas = Plane<Float32Array>;

export const blankCanvas = (): Canvas => ({
  width: SIDE,
  height: SIDE,
  data: new Float32Array(SIDE * SIDE),
});

/** As `Math.hypot`, which takes several times as long. */
export const distance = (x: number, y: number): number => Math.sqrt(x * x + y * y);

/** Draws along a line of points with a round pen, its edge a pixel soft. */
export function drawLine({ data }: Canvas, points: readonly Point[], radius: number): void {
  for (let index = 1; index < points.length; index++) {
    const from = points[index - 1]!;
    const to = points[index]!;
    const along = { x: to.x - from.x, y: to.y - from.y };
    const square = along.x * along.x + along.y * along.y;
    const reach = radius + 1;
    const [left, right] = span(from.x, to.x, reach);
    const [top, bottom] = span(from.y, to.y, reach);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const [aside, down] = [x - from.x, y - from.y];
        const place = square > 0 ? (aside * along.x + down * along.y) / square : 0;
        const nearest = Math.min(1, Math.max(0, place));
        const ink = radius + 0.5 - distance(aside - nearest * along.x, down - nearest * along.y);
        const pixel = y * SIDE + x;
        if (ink > data[pixel]!) data[pixel] = Math.min(1, ink);
      }
    }
  }
}

const span = (a: number, b: number, reach: number): [number, number] => [
  Math.max(0, Math.floor(Math.min(a, b) - reach)),
  Math.min(SIDE - 1, Math.ceil(Math.max(a, b) + reach)),
];

/** Gives every pixel the ink that a function of its place has there, where that is more. */
export function paint({ data }: Canvas, inkAt: (x: number, y: number) => number): void {
  for (let y = 0, pixel = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, pixel++) {
      const ink = inkAt(x, y);
      if (ink > data[pixel]!) data[pixel] = Math.min(1, ink);
    }
  }
}

/**
 * Ink as preprocessing hands it to the network: cut out, its longer side 20 pixels, its centre of mass in the centre of 28x28.
 * @returns `[28, 28]`, 0 to 1; null where there is next to no ink, or where it is a single stroke, which would be a 1
 */
export function asInput(canvas: Plane<Float32Array>): Float32Array | null {
  const cut = cutInk(canvas);
  return !cut || isUprightStroke(cut) ? null : fitInk(cut);
}

/** Breadth over length, squared, up to which ink is one straight stroke. */
const STROKE = 0.06;

/** Whether ink is a stroke steeper than 30 degrees, judged by its second moments. */
function isUprightStroke({ width, height, data }: Plane<Float32Array>): boolean {
  let [mass, x1, y1, xx, xy, yy] = [0, 0, 0, 0, 0, 0];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const ink = data[pixel]!;
      mass += ink;
      x1 += ink * x;
      y1 += ink * y;
      xx += ink * x * x;
      xy += ink * x * y;
      yy += ink * y * y;
    }
  }
  const across = xx / mass - (x1 / mass) ** 2;
  const down = yy / mass - (y1 / mass) ** 2;
  const both = xy / mass - (x1 * y1) / mass ** 2;
  const spread = Math.sqrt(((across - down) / 2) ** 2 + both ** 2);
  const mean = (across + down) / 2;
  return mean - spread < STROKE * (mean + spread) && down > across / 3;
}
