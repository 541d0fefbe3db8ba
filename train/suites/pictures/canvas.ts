import type { Plane, RgbaImage } from '../../../core/image.js';
import type { RandomStream } from '../../random.js';
import type { Size } from './contour.js';

/** Red, green, blue, 0 to 255. */
export type Colour = readonly [number, number, number];

export const grey = (level: number): Colour => [level, level, level];

/** A picture that is being made: `[height, width, 3]`, 0 to 255, not rounded. */
export interface Canvas extends Size {
  data: Float32Array;
}

export function blankCanvas({ width, height }: Size, paper: Colour): Canvas {
  const data = new Float32Array(width * height * 3);
  for (let value = 0; value < data.length; value++) data[value] = paper[value % 3]!;
  return { width, height, data };
}

/**
 * Lays ink over what is there, in place.
 * @param opacity of ink that covers a whole pixel, 0 to 1
 */
export function lay(
  canvas: Canvas,
  { data: covered }: Plane<Float32Array>,
  ink: Colour,
  opacity = 1,
): Canvas {
  for (const [pixel, share] of covered.entries()) {
    if (share === 0) continue;
    for (let channel = 0; channel < 3; channel++) {
      const value = pixel * 3 + channel;
      canvas.data[value]! += opacity * share * (ink[channel]! - canvas.data[value]!);
    }
  }
  return canvas;
}

/** Lights the picture unevenly, in place: every pixel is multiplied. */
export function light(canvas: Canvas, brightnessAt: (x: number, y: number) => number): Canvas {
  for (let y = 0, value = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const brightness = brightnessAt(x, y);
      for (let channel = 0; channel < 3; channel++, value++) canvas.data[value]! *= brightness;
    }
  }
  return canvas;
}

/** A camera's noise, in place: normal, its own for every pixel and channel. */
export function addNoise(canvas: Canvas, deviation: number, random: RandomStream): Canvas {
  for (let value = 0; value < canvas.data.length; value++) {
    canvas.data[value]! += deviation * random.normal();
  }
  return canvas;
}

/** Every `side` x `side` pixels made one, their mean; both sides of the canvas must be multiples of it. */
export function shrunk({ width, height, data }: Canvas, side: number): Canvas {
  const small: Canvas = {
    width: width / side,
    height: height / side,
    data: new Float32Array(data.length / (side * side)),
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (Math.floor(y / side) * small.width + Math.floor(x / side)) * 3;
      const from = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        small.data[to + channel]! += data[from + channel]! / (side * side);
      }
    }
  }
  return small;
}

/** The canvas as an opaque picture. */
export function developed({ width, height, data }: Canvas): RgbaImage {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
  }
  return { width, height, data: rgba };
}
