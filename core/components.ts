import type { Box, Plane } from './image.js';

/** Pixels that touch one another, corners included. */
export interface Component {
  box: Box;
  /** Indices into the plane, row by row. */
  pixels: Uint32Array;
  /** The sum of the values. */
  mass: number;
  peak: number;
  touchesBorder: boolean;
}

/** Values above zero side by side in one row. */
interface Runs {
  count: number;
  /** Of each run's first value, and one past its last, in the plane: rows from the top, from left to right. */
  starts: Uint32Array;
  ends: Uint32Array;
}

function runsOf({ width, height, data }: Plane<Float32Array>): Runs {
  const most = height * Math.ceil(width / 2);
  const [starts, ends] = [new Uint32Array(most), new Uint32Array(most)];
  let count = 0;
  for (let row = 0; row < data.length; row += width) {
    const after = row + width;
    for (let index = row; index < after; index++) {
      if (data[index]! <= 0) continue;
      starts[count] = index;
      while (index < after && data[index]! > 0) index++;
      ends[count++] = index;
    }
  }
  return { count, starts, ends };
}

/** For each run the first one that it is connected to, corners included. */
function firstsOf({ count, starts, ends }: Runs, width: number): Uint32Array {
  const firsts = Uint32Array.from({ length: count }, (_, run) => run);
  const firstOf = (run: number): number => {
    let first = run;
    // Each look halves the way for the next.
    while (firsts[first]! !== first) {
      firsts[first] = firsts[firsts[first]!]!;
      first = firsts[first]!;
    }
    return first;
  };
  for (let run = 0, above = 0; run < count; run++) {
    const row = starts[run]! - (starts[run]! % width);
    // In the row above, a corner's width to either side, as far as that row goes.
    const from = Math.max(starts[run]! - 1, row) - width;
    const to = Math.min(ends[run]! + 1, row + width) - width;
    while (ends[above]! <= from) above++;
    for (let near = above; starts[near]! < to; near++) {
      const [one, other] = [firstOf(run), firstOf(near)];
      firsts[Math.max(one, other)] = Math.min(one, other);
    }
  }
  for (let run = 0; run < count; run++) firsts[run] = firsts[firsts[run]!]!;
  return firsts;
}

/** The 8-connected regions of all values above zero, in the order of their topmost pixel. */
export function components(plane: Plane<Float32Array>): Component[] {
  const { width, height, data } = plane;
  const runs = runsOf(plane);
  const firsts = firstsOf(runs, width);
  const sizes = new Uint32Array(runs.count);
  for (let run = 0; run < runs.count; run++) sizes[firsts[run]!]! += runs.ends[run]! - runs.starts[run]!;
  const regions = new Map<number, Region>();
  for (let run = 0; run < runs.count; run++) {
    const first = firsts[run]!;
    const [start, end] = [runs.starts[run]!, runs.ends[run]!];
    const y = Math.floor(start / width);
    if (first === run) regions.set(first, beginRegion(y, start - y * width, sizes[first]!));
    const region = regions.get(first)!;
    region.left = Math.min(region.left, start - y * width);
    region.right = Math.max(region.right, end - 1 - y * width);
    region.bottom = y;
    for (let index = start; index < end; index++) {
      const value = data[index]!;
      region.mass += value;
      if (value > region.peak) region.peak = value;
      region.pixels[region.filled++] = index;
    }
  }
  return Array.from(regions.values(), ({ left, right, top, bottom, pixels, mass, peak }) => ({
    box: { left, top, width: right - left + 1, height: bottom - top + 1 },
    pixels,
    mass,
    peak,
    touchesBorder: left === 0 || top === 0 || right === width - 1 || bottom === height - 1,
  }));
}

/** A component while its runs are gathered. */
interface Region extends Pick<Component, 'pixels' | 'mass' | 'peak'> {
  left: number;
  right: number;
  top: number;
  bottom: number;
  /** How many of its pixels are known. */
  filled: number;
}

const beginRegion = (top: number, left: number, size: number): Region => ({
  left,
  right: left,
  top,
  bottom: top,
  mass: 0,
  peak: 0,
  pixels: new Uint32Array(size),
  filled: 0,
});

/** The smallest box around all of them. */
export function union(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.left + box.width));
  const bottom = Math.max(...boxes.map((box) => box.top + box.height));
  return { left, top, width: right - left, height: bottom - top };
}

/** Components of a plane whose rows are `stride` long, alone on the part of it that `box` is. */
export function cutOut(
  data: Float32Array,
  stride: number,
  marks: readonly Pick<Component, 'pixels'>[],
  { left, top, width, height }: Box,
): Plane<Float32Array> {
  const ink = new Float32Array(width * height);
  for (const { pixels } of marks) {
    for (const index of pixels) {
      const x = index % stride;
      const y = (index - x) / stride;
      ink[(y - top) * width + (x - left)] = data[index]!;
    }
  }
  return { width, height, data: ink };
}
