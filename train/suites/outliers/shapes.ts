import type { RandomStream } from '../../random.js';
import { between, drawOnPaper, oneOf } from './page.js';
import { type Point, penRings, type Ring } from './raster.js';

const arc = (from: number, to: number, radius: number, centre: Point = { x: 0, y: 0 }, steps = 40): Point[] =>
  Array.from({ length: steps + 1 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / steps) * Math.PI) / 180;
    return { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) };
  });

const points = (...flat: number[]): Point[] =>
  flat.flatMap((x, index) => (index % 2 === 0 ? [{ x, y: flat[index + 1]! }] : []));

const polygon = (corners: number): Point[] => arc(-90, 270 - 360 / corners, 50, { x: 0, y: 0 }, corners - 1);

const star = (corners: number): Point[] =>
  polygon(2 * corners).map(({ x, y }, index) => (index % 2 === 0 ? { x, y } : { x: 0.42 * x, y: 0.42 * y }));

const heart = (): Point[] =>
  Array.from({ length: 60 }, (_, step) => {
    const t = (2 * Math.PI * step) / 60;
    const y = 13 * Math.cos(t) - 5 * Math.cos(2 * t) - 2 * Math.cos(3 * t) - Math.cos(4 * t);
    return { x: 16 * Math.sin(t) ** 3, y: -y };
  });

/** Closed outlines, drawn as a line or filled. */
const OUTLINES = {
  triangle: () => polygon(3),
  square: () => points(0, 0, 100, 0, 100, 100, 0, 100),
  diamond: () => points(0, -50, 36, 0, 0, 50, -36, 0),
  pentagon: () => polygon(5),
  star: (random: RandomStream) => star(4 + random.integer(4)),
  heart,
  arrow: () => points(0, 34, 60, 34, 60, 8, 100, 50, 60, 92, 60, 66, 0, 66),
  cross: () =>
    points(33, 0, 67, 0, 67, 33, 100, 33, 100, 67, 67, 67, 67, 100, 33, 100, 33, 67, 0, 67, 0, 33, 33, 33),
  moon: () => [...arc(50, 310, 50), ...arc(298, 62, 42, { x: 14, y: 0 })],
  lightning: () => points(56, 0, 12, 58, 46, 58, 30, 100, 88, 38, 52, 38, 78, 0),
  cloud: () => [
    ...arc(130, 270, 22, { x: 22, y: 66 }, 12),
    ...arc(180, 330, 28, { x: 48, y: 42 }, 12),
    ...arc(270, 410, 22, { x: 80, y: 66 }, 12),
  ],
} satisfies Record<string, (random: RandomStream) => Point[]>;

/** Several lines of a pen. */
const LINES = {
  house: () => [
    points(0, 100, 0, 45, 50, 0, 100, 45, 100, 100, 0, 100),
    points(38, 100, 38, 66, 62, 66, 62, 100),
  ],
  cube: () => [
    points(0, 30, 70, 30, 70, 100, 0, 100, 0, 30, 30, 0, 100, 0, 100, 70, 70, 100),
    points(70, 30, 100, 0),
  ],
  face: () => [
    arc(0, 360, 50),
    arc(30, 150, 28),
    arc(0, 360, 3, { x: -18, y: -14 }, 8),
    arc(0, 360, 3, { x: 18, y: -14 }, 8),
  ],
  tick: () => [points(0, 55, 32, 90, 100, 0)],
  sun: () => [
    arc(0, 360, 26),
    ...Array.from({ length: 8 }, (_, ray) => [
      arc(45 * ray, 45 * ray, 36)[0]!,
      arc(45 * ray, 45 * ray, 50)[0]!,
    ]),
  ],
  spiral: () => [Array.from({ length: 90 }, (_, step) => arc(12 * step, 12 * step, 6 + 0.5 * step)[0]!)],
} satisfies Record<string, () => Point[][]>;

export const SHAPE_NAMES = [...Object.keys(OUTLINES), ...Object.keys(LINES)];

function rings(random: RandomStream): Ring[] {
  const width = between(random, 3, 10);
  const draw = oneOf<() => Ring[]>(random, [
    ...Object.values(OUTLINES).map((outline) => () => {
      const closed = outline(random);
      return random.next() < 0.5 ? [closed] : penRings([...closed, closed[0]!], width);
    }),
    ...Object.values(LINES).map((lines) => () => lines().flatMap((line) => penRings(line, width))),
  ]);
  return draw();
}

export const drawShape = (random: RandomStream) =>
  drawOnPaper(random, {
    rings: rings(random),
    side: between(random, 40, 200),
    turnDegrees: between(random, -15, 15),
  });
