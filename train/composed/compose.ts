import { INPUT_LENGTH, INPUT_SIDE, type Plane } from '../../core/image.js';
import type { LabelledImages } from '../dataset/mnist.js';

/** A digit of a composed line. */
export interface Placed {
  /** Which of the images. */
  row: number;
  /** White columns between the ink before it and its own, pixels; below 0 the two overlap. */
  gap: number;
  /** How far it hangs below the others, pixels. */
  drop: number;
}

/** Where a digit's ink is in the composed plane, for those who judge a segmentation. */
export interface Stamp {
  row: number;
  left: number;
  top: number;
}

export interface Composed {
  plane: Plane<Uint8Array>;
  /** The image of each digit, all its 28x28 pixels, lies here; `left` may be negative, of white columns. */
  stamps: Stamp[];
}

/**
 * Lines of digits, one below the other, ink 255 on 0, `margin` pixels of white around them. Digits keep the size that MNIST
 * gave them and stand as it centred them; where two overlap the darker one shows.
 * @param leading white rows between the ink of two lines
 */
export function compose(
  digits: LabelledImages,
  lines: readonly (readonly Placed[])[],
  { margin, leading }: { margin: number; leading: number },
): Composed {
  const stamps: Stamp[] = [];
  let top = margin;
  let right = 0;
  let bottom = 0;
  for (const line of lines) {
    const inks = line.map(({ row, gap, drop }) => ({ row, gap, drop, ink: inkOf(digits, row) }));
    const highest = Math.min(...inks.map(({ ink, drop }) => ink.top + drop));
    let x = margin;
    inks.forEach(({ row, gap, drop, ink }, place) => {
      const left = place === 0 ? margin : x + gap;
      stamps.push({ row, left: left - ink.left, top: top + drop - highest });
      // A narrow digit may end before the one that it overlaps.
      x = left + ink.width;
      right = Math.max(right, x);
      bottom = Math.max(bottom, top + drop - highest + ink.top + ink.height);
    });
    top = bottom + leading;
  }
  const plane = { width: right + margin, height: bottom + margin, data: new Uint8Array(0) };
  plane.data = new Uint8Array(plane.width * plane.height);
  for (const stamp of stamps) print(digits, stamp, plane);
  return { plane, stamps };
}

function print(digits: LabelledImages, { row, left, top }: Stamp, plane: Plane<Uint8Array>): void {
  for (let y = 0; y < INPUT_SIDE; y++) {
    for (let x = 0; x < INPUT_SIDE; x++) {
      const value = digits.images[row * INPUT_LENGTH + y * INPUT_SIDE + x]!;
      if (value === 0) continue;
      const index = (top + y) * plane.width + left + x;
      plane.data[index] = Math.max(plane.data[index]!, value);
    }
  }
}

/** The box of all ink of one image, in its own pixels. */
function inkOf(digits: LabelledImages, row: number) {
  let [left, right, top, bottom] = [INPUT_SIDE, -1, INPUT_SIDE, -1];
  for (let y = 0, index = row * INPUT_LENGTH; y < INPUT_SIDE; y++) {
    for (let x = 0; x < INPUT_SIDE; x++, index++) {
      if (digits.images[index] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}
