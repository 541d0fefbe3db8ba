import type { Plane, RgbaImage } from '../../core/image.js';

/** How a composed plane becomes a picture. */
export interface Rendering {
  /** Pixels of the picture for one of the plane, along each side; any number from 1. */
  scale: number;
  /** Brightness of the page and of full ink, 0 to 255. */
  paper: number;
  ink: number;
}

/** An opaque grey picture, enlarged bilinearly. */
export function render(
  { width, height, data }: Plane<Uint8Array>,
  { scale, paper, ink }: Rendering,
): RgbaImage {
  const wide = Math.round(width * scale);
  const high = Math.round(height * scale);
  const picture = new Uint8Array(wide * high * 4);
  const value = (x: number, y: number) => data[clamp(y, height) * width + clamp(x, width)]!;
  for (let y = 0, at = 0; y < high; y++) {
    const fromTop = (y + 0.5) / scale - 0.5;
    const top = Math.floor(fromTop);
    for (let x = 0; x < wide; x++, at += 4) {
      const fromLeft = (x + 0.5) / scale - 0.5;
      const left = Math.floor(fromLeft);
      const above = mix(value(left, top), value(left + 1, top), fromLeft - left);
      const below = mix(value(left, top + 1), value(left + 1, top + 1), fromLeft - left);
      const share = mix(above, below, fromTop - top) / 255;
      picture.fill(Math.round(mix(paper, ink, share)), at, at + 3);
      picture[at + 3] = 255;
    }
  }
  return { width: wide, height: high, data: picture };
}

const clamp = (place: number, length: number): number => Math.min(Math.max(place, 0), length - 1);
const mix = (from: number, to: number, share: number): number => from + (to - from) * share;
