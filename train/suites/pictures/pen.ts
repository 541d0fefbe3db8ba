import type { Plane } from '../../../core/image.js';
import type { Size } from './contour.js';
import type { Point } from './skeleton.js';

/** How a program draws: with soft edges, or in whole pixels. */
export type Edges = 'anti-aliased' | 'aliased';

/**
 * Lines drawn with a round pen.
 * @param width of the pen, pixels
 * @returns share of each pixel that is ink, 0 to 1
 */
export function drawLines(
  lines: readonly (readonly Point[])[],
  size: Size,
  width: number,
  edges: Edges = 'anti-aliased',
): Plane<Float32Array> {
  const data = new Float32Array(size.width * size.height);
  for (const line of lines) {
    for (const [place, point] of line.entries()) {
      drawSegment(data, size, [line[Math.max(0, place - 1)]!, point], width / 2);
    }
  }
  if (edges === 'aliased') for (const [pixel, covered] of data.entries()) data[pixel] = covered < 0.5 ? 0 : 1;
  return { ...size, data };
}

/** Every pixel within `radius` of the straight line between two points, its edge a pixel soft. */
function drawSegment(
  data: Float32Array,
  { width, height }: Size,
  [from, to]: readonly [Point, Point],
  radius: number,
): void {
  const reach = radius + 1;
  const left = Math.max(0, Math.floor(Math.min(from[0], to[0]) - reach));
  const right = Math.min(width - 1, Math.ceil(Math.max(from[0], to[0]) + reach));
  const top = Math.max(0, Math.floor(Math.min(from[1], to[1]) - reach));
  const bottom = Math.min(height - 1, Math.ceil(Math.max(from[1], to[1]) + reach));
  const [across, down] = [to[0] - from[0], to[1] - from[1]];
  const square = across * across + down * down;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = square === 0 ? 0 : ((x - from[0]) * across + (y - from[1]) * down) / square;
      const share = Math.min(1, Math.max(0, along));
      const distance = Math.hypot(x - from[0] - share * across, y - from[1] - share * down);
      const covered = Math.min(1, Math.max(0, radius + 0.5 - distance));
      const pixel = y * width + x;
      if (covered > data[pixel]!) data[pixel] = covered;
    }
  }
}
