import { brighten, centre, fit } from '../core/fit.js';
import type { Plane } from '../core/image.js';

/** Less than this is no ink: it would only widen the box. */
const LEAST_INK = 0.1;

/**
 * Cuts out what ink there is on a plane of 0 to 1.
 * @returns null where there is next to none
 */
export function cutInk({ width, height, data }: Plane<Float32Array>): Plane<Float32Array> | null {
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      if (data[pixel]! < LEAST_INK) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (right < 0) return null;
  const cut = {
    width: right - left + 1,
    height: bottom - top + 1,
    data: new Float32Array((right - left + 1) * (bottom - top + 1)),
  };
  for (let y = 0; y < cut.height; y++) {
    const start = (top + y) * width + left;
    cut.data.set(data.subarray(start, start + cut.width), y * cut.width);
  }
  return cut;
}

/** Ink that was cut out as preprocessing hands it to the network: `[28, 28]`, its longer side 20 pixels, its centre of mass in the centre. */
export const fitInk = (cut: Plane<Float32Array>): Float32Array => centre(brighten(fit(cut)));
