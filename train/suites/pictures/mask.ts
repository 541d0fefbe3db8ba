/** A square of 0 and 1, `[side, side]`, its outermost pixels 0. */
export interface Mask {
  side: number;
  data: Uint8Array;
}

/** The steps to a pixel's neighbours, clockwise from the one above it. */
export const around = (side: number): readonly number[] => [
  -side,
  1 - side,
  1,
  1 + side,
  side,
  side - 1,
  -1,
  -1 - side,
];

/** Whether a pixel with these neighbours, a bit each, clockwise from the one above, goes in the first or the second half of a pass. */
function isRemoved(bits: number, isSecond: boolean): boolean {
  const near = Array.from({ length: 8 }, (_, place) => (bits >> place) & 1);
  const count = near.reduce((sum, value) => sum + value, 0);
  const rises = near.filter((value, place) => value === 0 && near[(place + 1) % 8] === 1).length;
  const [up, right, down, left] = [near[0]!, near[2]!, near[4]!, near[6]!];
  const isOpen = isSecond
    ? up * right * left === 0 && up * down * left === 0
    : up * right * down === 0 && right * down * left === 0;
  return count >= 2 && count <= 6 && rises === 1 && isOpen;
}

const HALVES = [false, true].map((isSecond) =>
  Array.from({ length: 256 }, (_, bits) => isRemoved(bits, isSecond)),
);

/** Thins what is there to lines one pixel wide: Zhang and Suen, "A fast parallel algorithm for thinning digital patterns" (1984). */
export function thinned({ side, data }: Mask): Mask {
  const steps = around(side);
  const thin = data.slice();
  let left = Array.from(thin.keys()).filter((pixel) => thin[pixel] === 1);
  for (let before = left.length + 1; left.length < before; ) {
    before = left.length;
    for (const removed of HALVES) {
      const doomed = left.filter((pixel) => {
        let bits = 0;
        for (let place = 0; place < 8; place++) bits |= thin[pixel + steps[place]!]! << place;
        return removed[bits];
      });
      for (const pixel of doomed) thin[pixel] = 0;
      left = left.filter((pixel) => thin[pixel] === 1);
    }
  }
  return { side, data: thin };
}

/** A step to a straight and to a diagonal neighbour, in thirds: Borgefors, "Distance transformations in digital images" (1986). */
const STRAIGHT = 3;
const DIAGONAL = 4;

/** How far each pixel is inside, in pixels: 0 where the mask is, 1 at its edge. */
export function depths({ side, data }: Mask): Float32Array {
  const thirds = Float32Array.from(data, (value) => (value === 0 ? 0 : Number.POSITIVE_INFINITY));
  const lower = (pixel: number, direction: 1 | -1) => {
    if (thirds[pixel] === 0) return;
    thirds[pixel] = Math.min(
      thirds[pixel]!,
      thirds[pixel - direction]! + STRAIGHT,
      thirds[pixel - direction * side]! + STRAIGHT,
      thirds[pixel - direction * (side + 1)]! + DIAGONAL,
      thirds[pixel - direction * (side - 1)]! + DIAGONAL,
    );
  };
  for (let pixel = 0; pixel < data.length; pixel++) lower(pixel, 1);
  for (let pixel = data.length - 1; pixel >= 0; pixel--) lower(pixel, -1);
  return thirds.map((value) => value / STRAIGHT);
}
