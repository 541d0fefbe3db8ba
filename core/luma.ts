import type { Plane, RgbaImage } from './image.js';

/** ITU-R BT.601 weights in thousandths: they sum to 1000, so a grey pixel keeps its exact value. */
export const RED = 299;
export const GREEN = 587;
export const BLUE = 114;
export const WEIGHTS = RED + GREEN + BLUE;

/** What a pixel's level is made of: red, green and blue, in thousandths. */
export type Weights = readonly [red: number, green: number, blue: number];
const BRIGHTNESS: Weights = [RED, GREEN, BLUE];
/** Each channel by itself. */
export const CHANNELS: readonly Weights[] = [
  [WEIGHTS, 0, 0],
  [0, WEIGHTS, 0],
  [0, 0, WEIGHTS],
];

/** The longest side that the later steps work on, pixels; 25 of them make one cell of the 20x20 fit. */
export const WORKING_SIDE = 512;

export interface Luma extends Plane<Uint8Array> {
  /** How many source pixels make one pixel of the plane, along each side. */
  reduction: number;
  /** Whether any pixel let the page show through. */
  translucent: boolean;
}

/** How far a picture is reduced so that neither side is longer than `WORKING_SIDE`. */
const reductionOf = ({ width, height }: RgbaImage): number =>
  Math.max(1, Math.ceil(Math.max(width, height) / WORKING_SIDE));

/**
 * Brightness over an even page, 0 to 255 rounded, averaged over `reduction` x `reduction` blocks.
 * @param page brightness of what lies behind translucent pixels: 255 is white.
 * @param reduction pixels of the picture along each side of a block; left out, as few as leave no side longer than `WORKING_SIDE`.
 * @param weights with those of a channel its level takes the place of the brightness.
 */
export function luma(
  image: RgbaImage,
  page: 0 | 255,
  reduction = reductionOf(image),
  weights = BRIGHTNESS,
): Luma {
  return reduction === 1 ? wholeLuma(image, page, weights) : reducedLuma(image, page, reduction, weights);
}

/** Whether all channels of each pixel are alike, so that each is its brightness. */
export function isGrey({ data }: RgbaImage): boolean {
  for (let at = 0; at < data.length; at += 4) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

/** A pixel's weighted channels over the page, 0 to 255,000. */
function overPage(weighted: number, alpha: number, page: number): number {
  return (weighted * alpha + page * WEIGHTS * (255 - alpha)) / 255;
}

function wholeLuma({ width, height, data }: RgbaImage, page: number, [red, green, blue]: Weights): Luma {
  const plane = new Uint8Array(width * height);
  let translucent = false;
  // Most pixels are as the one before; the first is compared with opaque white.
  let [last, level] = [-1, 255];
  for (let index = 0, at = 0; index < plane.length; index++, at += 4) {
    const pixel = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    if (pixel !== last) {
      last = pixel;
      let weighted = red * data[at]! + green * data[at + 1]! + blue * data[at + 2]!;
      const alpha = data[at + 3]!;
      if (alpha !== 255) {
        translucent = true;
        weighted = overPage(weighted, alpha, page);
      }
      level = Math.floor((weighted + WEIGHTS / 2) / WEIGHTS);
    }
    plane[index] = level;
  }
  return { width, height, data: plane, reduction: 1, translucent };
}

function reducedLuma(
  { width, height, data }: RgbaImage,
  page: number,
  reduction: number,
  [red, green, blue]: Weights,
): Luma {
  const columns = Math.ceil(width / reduction);
  const rows = Math.ceil(height / reduction);
  const plane = new Uint8Array(columns * rows);
  const sums = new Float64Array(columns);
  let translucent = false;
  for (let row = 0; row < rows; row++) {
    const top = row * reduction;
    const bottom = Math.min(top + reduction, height);
    sums.fill(0);
    for (let y = top; y < bottom; y++) {
      let at = y * width * 4;
      for (let column = 0, left = 0; column < columns; column++, left += reduction) {
        const right = Math.min(left + reduction, width);
        let sum = 0;
        for (let x = left; x < right; x++, at += 4) {
          const weighted = red * data[at]! + green * data[at + 1]! + blue * data[at + 2]!;
          const alpha = data[at + 3]!;
          if (alpha === 255) sum += weighted;
          else {
            translucent = true;
            sum += overPage(weighted, alpha, page);
          }
        }
        sums[column]! += sum;
      }
    }
    for (let column = 0; column < columns; column++) {
      const across = Math.min(reduction, width - column * reduction);
      const total = WEIGHTS * across * (bottom - top);
      plane[row * columns + column] = (sums[column]! + total / 2) / total;
    }
  }
  return { width: columns, height: rows, data: plane, reduction, translucent };
}
