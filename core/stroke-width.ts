import type { Plane } from './image.js';
import { dilated } from './sliding.js';

/** Of MNIST's strokes at 20x20, by `strokeWidth`, one in twenty is thinner than this, pixels... */
export const THIN_STROKE = 1.3;
/** ...and this is a usual width: its median is 2.0. */
export const USUAL_STROKE = 1.8;

/**
 * The mean width of the strokes, pixels: twice the area over the outline's length along the axes. Ink is what is
 * above half, or a pencil's grain would count as outline.
 */
export function strokeWidth({ width, height, data }: Plane<Float32Array>): number {
  const isInk = (x: number, y: number) => x < width && y < height && data[y * width + x]! > 0.5;
  let area = 0;
  let outline = 0;
  for (let y = 0; y <= height; y++) {
    let before = false;
    for (let x = 0; x <= width; x++) {
      const here = isInk(x, y);
      if (here) area++;
      if (here !== before) outline++;
      if (here !== (y > 0 && isInk(x, y - 1))) outline++;
      before = here;
    }
  }
  return outline === 0 ? 0 : (2 * area) / outline;
}

/**
 * Widens strokes that would all but vanish in the fit: a hairline on a large canvas averages to a grey thread,
 * which no training image resembles. The plane grows by as much on every side.
 * @param side the side that the longer side of the plane will be fitted to, pixels.
 */
export function widenThinStrokes(ink: Plane<Float32Array>, side: number): Plane<Float32Array> {
  const cell = Math.max(ink.width, ink.height) / side;
  const width = strokeWidth(ink);
  if (width >= THIN_STROKE * cell) return ink;
  const radius = Math.floor((USUAL_STROKE * cell - width) / 2 + 0.5);
  return radius < 1 ? ink : dilated(padded(ink, radius), radius);
}

function padded({ width, height, data }: Plane<Float32Array>, margin: number): Plane<Float32Array> {
  const wide = width + 2 * margin;
  const grown = new Float32Array(wide * (height + 2 * margin));
  for (let y = 0; y < height; y++) {
    grown.set(data.subarray(y * width, (y + 1) * width), (y + margin) * wide + margin);
  }
  return { width: wide, height: height + 2 * margin, data: grown };
}
