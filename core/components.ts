import type { Box, Plane } from './image.js';

/** Pixels that touch one another, corners included. */
export interface Component {
  box: Box;
  /** Indices into the plane. */
  pixels: Uint32Array;
  /** The sum of the values. */
  mass: number;
  peak: number;
  touchesBorder: boolean;
}

/** The 8-connected regions of all values above zero, in the order of their topmost pixel. */
export function components(plane: Plane<Float32Array>): Component[] {
  const { width, height, data } = plane;
  const seen = new Uint8Array(width * height);
  const queue = new Uint32Array(width * height);
  const found: Component[] = [];
  let used = 0;
  for (let seed = 0; seed < data.length; seed++) {
    if (data[seed]! <= 0 || seen[seed] === 1) continue;
    const first = used;
    let [left, right, top, bottom] = [width, -1, height, -1];
    let [mass, peak] = [0, 0];
    seen[seed] = 1;
    queue[used++] = seed;
    for (let next = first; next < used; next++) {
      const index = queue[next]!;
      const value = data[index]!;
      const x = index % width;
      const y = (index - x) / width;
      mass += value;
      if (value > peak) peak = value;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      if (y > bottom) bottom = y;
      const lastX = Math.min(x + 1, width - 1);
      const lastY = Math.min(y + 1, height - 1);
      for (let nearY = Math.max(y - 1, 0); nearY <= lastY; nearY++) {
        for (let nearX = Math.max(x - 1, 0); nearX <= lastX; nearX++) {
          const near = nearY * width + nearX;
          if (seen[near] === 1 || data[near]! <= 0) continue;
          seen[near] = 1;
          queue[used++] = near;
        }
      }
    }
    found.push({
      box: { left, top, width: right - left + 1, height: bottom - top + 1 },
      pixels: queue.subarray(first, used),
      mass,
      peak,
      touchesBorder: left === 0 || top === 0 || right === width - 1 || bottom === height - 1,
    });
  }
  return found;
}

/** The smallest box around all of them. */
export function union(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.left + box.width));
  const bottom = Math.max(...boxes.map((box) => box.top + box.height));
  return { left, top, width: right - left, height: bottom - top };
}
