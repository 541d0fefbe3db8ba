import type { RgbaImage } from '../../../core/image.js';
import type { RandomStream } from '../../random.js';
import { between, oneOf, picture } from './page.js';

const grey = (value: number) => [value, value, value] as const;

/** Every pixel by itself: uniform, normal, or black and white; grey or in colour; single pixels or blocks. */
export function drawNoise(random: RandomStream): RgbaImage {
  const side = oneOf(random, [28, 28, 64, 120]);
  const block = oneOf(random, [1, 1, 2, 4]);
  const [middle, deviation] = [between(random, 60, 200), between(random, 30, 90)];
  const share = between(random, 0.05, 0.5);
  const value = oneOf(random, [
    () => 256 * random.next(),
    () => middle + deviation * random.normal(),
    () => (random.next() < share ? 255 : 0),
    () => (random.next() < share ? 0 : 255),
  ]);
  const isColoured = random.next() < 0.3;
  const columns = Math.ceil(side / block);
  const shades = Array.from({ length: columns * columns }, () =>
    isColoured ? ([value(), value(), value()] as const) : grey(value()),
  );
  return picture(side, side, (x, y) => shades[Math.floor(y / block) * columns + Math.floor(x / block)]!);
}

/** An empty page: one colour, or paper with its shading and its grain, but nothing on it. */
export function drawBlank(random: RandomStream): RgbaImage {
  const [width, height] = [28 + random.integer(200), 28 + random.integer(200)];
  const base = [between(random, 0, 255), between(random, 0, 255), between(random, 0, 255)] as const;
  if (random.next() < 0.3) return picture(width, height, () => base);
  const paper = [between(random, 190, 250), between(random, 185, 250), between(random, 175, 245)] as const;
  const [across, down] = [between(random, -40, 40), between(random, -40, 40)];
  const grain = between(random, 0, 5);
  return picture(width, height, (x, y) => {
    const shade = across * (x / width - 0.5) + down * (y / height - 0.5) + grain * random.normal();
    return [paper[0] + shade, paper[1] + shade, paper[2] + shade];
  });
}
