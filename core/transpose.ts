import type { Plane } from './image.js';

/** Rows for columns; in tiles, so that a large plane does not run out of cache lines. */
export function transposed({ width, height, data }: Plane<Float32Array>): Plane<Float32Array> {
  const turned = new Float32Array(width * height);
  const tile = 32;
  for (let top = 0; top < height; top += tile) {
    const bottom = Math.min(top + tile, height);
    for (let left = 0; left < width; left += tile) {
      const right = Math.min(left + tile, width);
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) turned[x * height + y] = data[y * width + x]!;
      }
    }
  }
  return { width: height, height: width, data: turned };
}
