import { INPUT_SIDE, type RgbaImage } from '../../core/image.js';

/** Ink from 0 to 1 at a point; the units are those of the caller. */
export type Shape = (x: number, y: number) => number;

const distanceTo = (
  [ax, ay]: readonly number[],
  [bx, by]: readonly number[],
  x: number,
  y: number,
): number => {
  const [dx, dy] = [bx! - ax!, by! - ay!];
  const along = ((x - ax!) * dx + (y - ay!) * dy) / (dx * dx + dy * dy);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax! - t * dx, y - ay! - t * dy);
};

/** A line through the points, `width` wide, with an edge one unit soft. */
export function stroke(points: readonly (readonly [number, number])[], width: number): Shape {
  return (x, y) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (let index = 1; index < points.length; index++) {
      nearest = Math.min(nearest, distanceTo(points[index - 1]!, points[index]!, x, y));
    }
    return Math.min(1, Math.max(0, width / 2 + 0.5 - nearest));
  };
}

/** A seven from (left, top), `height` high. */
export function seven(left: number, top: number, height: number, width: number): Shape {
  const right = left + height * 0.6;
  return stroke(
    [
      [left, top],
      [right, top],
      [left + height * 0.2, top + height],
    ],
    width,
  );
}

export interface Drawing {
  width: number;
  height: number;
  shape: Shape;
  /** Brightness of the page, 0 to 255. */
  paper?: (x: number, y: number) => number;
  /** Brightness of full ink as a share of the page's. */
  ink?: number;
  /** Adds up to so many levels of noise either way. */
  noise?: number;
}

/** An opaque grey picture; the noise is the same on every run. */
export function draw({ width, height, shape, paper = () => 255, ink = 0, noise = 0 }: Drawing): RgbaImage {
  const data = new Uint8ClampedArray(width * height * 4);
  let state = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 4) {
      state = (state * 48271) % 2147483647;
      const page = paper(x, y);
      const value = page + (ink - 1) * page * shape(x, y) + ((2 * state) / 2147483647 - 1) * noise;
      data[at] = data[at + 1] = data[at + 2] = value;
      data[at + 3] = 255;
    }
  }
  return { width, height, data };
}

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** A grey picture with one colour for black, another for white, and what lies between them for greys. */
export function tinted(image: RgbaImage, black: Colour, white: Colour): RgbaImage {
  const tint = (value: number, channel: number) =>
    Math.round(black[channel]! + ((white[channel]! - black[channel]!) * value) / 255);
  return {
    ...image,
    data: image.data.map((value, index) => (index % 4 === 3 ? value : tint(value, index % 4))),
  };
}

/** White for black; alpha stays. */
export function inverted(image: RgbaImage): RgbaImage {
  return { ...image, data: image.data.map((value, index) => (index % 4 === 3 ? value : 255 - value)) };
}

/** Opaque grey from one value a pixel. */
export function grey(values: ArrayLike<number>, width: number, height: number): RgbaImage {
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let index = 0; index < width * height; index++) data.fill(values[index]!, index * 4, index * 4 + 3);
  return { width, height, data };
}

/** An MNIST image without its margin, each pixel a square, light on dark. */
export function cutOut(digit: Uint8Array, enlarged: number): RgbaImage {
  const inked = [...digit.keys()].filter((index) => digit[index]! > 60);
  const rows = inked.map((index) => Math.floor(index / INPUT_SIDE));
  const columns = inked.map((index) => index % INPUT_SIDE);
  const [top, left] = [Math.min(...rows), Math.min(...columns)];
  const width = (Math.max(...columns) - left + 1) * enlarged;
  const height = (Math.max(...rows) - top + 1) * enlarged;
  const valueAt = (x: number, y: number) =>
    digit[(top + Math.floor(y / enlarged)) * INPUT_SIDE + left + Math.floor(x / enlarged)]!;
  const pixels = Array.from({ length: width * height }, (_, index) =>
    valueAt(index % width, Math.floor(index / width)),
  );
  return grey(pixels, width, height);
}

/** The share of ink that two inputs have in common, 0 to 1. */
export function overlap(a: Float32Array, b: Float32Array): number {
  let common = 0;
  let either = 0;
  a.forEach((value, index) => {
    common += Math.min(value, b[index]!);
    either += Math.max(value, b[index]!);
  });
  return either === 0 ? 1 : common / either;
}
