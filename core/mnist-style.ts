import { INPUT_LENGTH, INPUT_SIDE, type RgbaImage } from './image.js';

/**
 * What all 70,000 images of MNIST have in common, measured: full black around a box of 19 or 20 pixels (the
 * longer side), a brightest pixel of 254 or 255, and a centre of mass within 0.52 of pixel (14, 14).
 */
export const MNIST_STYLE = {
  brightest: 250,
  /** The longer side of the ink box, pixels. */
  side: { least: 18, most: 20 },
  /** The pixel that the centre of mass lies on, and how far from it it may be. */
  centre: INPUT_SIDE / 2,
  slack: 0.52,
} as const;

/**
 * The model's input for a picture that already is one: `value / 255`, or null for any other picture.
 * Grey, opaque, 28x28, light ink on full black, sized and centred as `MNIST_STYLE` says.
 */
export function mnistStyle({ width, height, data }: RgbaImage): Float32Array | null {
  if (width !== INPUT_SIDE || height !== INPUT_SIDE) return null;
  const input = new Float32Array(INPUT_LENGTH);
  let [left, right, top, bottom] = [INPUT_SIDE, -1, INPUT_SIDE, -1];
  let [brightest, mass, momentX, momentY] = [0, 0, 0, 0];
  for (let y = 0, index = 0; y < INPUT_SIDE; y++) {
    for (let x = 0; x < INPUT_SIDE; x++, index++) {
      const value = data[index * 4]!;
      const grey = value === data[index * 4 + 1] && value === data[index * 4 + 2];
      if (!grey || data[index * 4 + 3] !== 255) return null;
      if (value === 0) continue;
      input[index] = value / 255;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
      if (value > brightest) brightest = value;
      mass += value;
      momentX += value * x;
      momentY += value * y;
    }
  }
  const side = Math.max(right - left, bottom - top) + 1;
  const offCentre = Math.max(
    Math.abs(momentX - MNIST_STYLE.centre * mass),
    Math.abs(momentY - MNIST_STYLE.centre * mass),
  );
  const styled =
    brightest >= MNIST_STYLE.brightest &&
    side >= MNIST_STYLE.side.least &&
    side <= MNIST_STYLE.side.most &&
    offCentre <= MNIST_STYLE.slack * mass;
  return styled ? input : null;
}
