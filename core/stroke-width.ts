import type { Plane } from './image.js';
import { slidingExtreme } from './sliding.js';

/** Of MNIST's strokes at 20x20, by `strokeWidth`, one in twenty is thinner than this, pixels... */
const THIN_STROKE = 1.3;
/** ...and this is a usual width: its median is 2.0. */
const USUAL_STROKE = 1.8;

/** The mean width of the strokes, pixels: twice the area over the outline's length along the axes. */
export function strokeWidth({ width, height, data }: Plane<Float32Array>): number {
  let area = 0;
  let outline = 0;
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      const value = data[index]!;
      const before = x === 0 ? 0 : data[index - 1]!;
      const above = y === 0 ? 0 : data[index - width]!;
      area += value;
      outline += Math.abs(value - before) + Math.abs(value - above);
      if (x === width - 1) outline += value;
      if (y === height - 1) outline += value;
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
  return radius < 1 ? ink : slidingExtreme(padded(ink, radius), radius, 'max');
}

function padded({ width, height, data }: Plane<Float32Array>, margin: number): Plane<Float32Array> {
  const wide = width + 2 * margin;
  const grown = new Float32Array(wide * (height + 2 * margin));
  for (let y = 0; y < height; y++) {
    grown.set(data.subarray(y * width, (y + 1) * width), (y + margin) * wide + margin);
  }
  return { width: wide, height: height + 2 * margin, data: grown };
}
