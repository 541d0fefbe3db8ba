import type { RandomStream } from '../random.js';
import { asInput, blankCanvas, distance, drawLine, type Point, paint, SIDE } from './canvas.js';
import { between, oneOf, wholeBetween } from './draws.js';

/**
 * Inside below 0, outside above, pixels; in the shape's own axes. None is what a digit is written like: no ring and no single
 * stroke.
 */
type Distance = (x: number, y: number) => number;

/** Half a shape's size, pixels. */
const size = (random: RandomStream): number => between(random, 9, 18);

function rectangle(random: RandomStream): Distance {
  const [width, height] = [size(random), size(random)];
  const outer: Distance = (x, y) => Math.max(Math.abs(x) - width, Math.abs(y) - height);
  return hollowOrNot(random, outer);
}

function triangle(random: RandomStream): Distance {
  const half = size(random);
  return hollowOrNot(random, (x, y) => Math.max(y - half / 2, 0.87 * Math.abs(x) - 0.5 * y - half / 2));
}

function hollowOrNot(random: RandomStream, outer: Distance): Distance {
  const wall = between(random, 1.4, 3.5);
  return random.next() < 0.6 ? (x, y) => Math.abs(outer(x, y) + wall) - wall / 2 : outer;
}

/** Filled: its outline would be a 0. */
function disc(random: RandomStream): Distance {
  const [width, height] = [size(random), size(random)];
  return (x, y) => (distance(x / width, y / height) - 1) * Math.min(width, height);
}

function blot(random: RandomStream): Distance {
  const radius = size(random) * 0.8;
  const waves = [2, 3, 4, 5].map((count) => ({
    count,
    height: (random.normal() * 0.5) / count,
    phase: between(random, 0, 2 * Math.PI),
  }));
  const outer: Distance = (x, y) => {
    const angle = Math.atan2(y, x);
    const swell = waves.reduce(
      (sum, { count, height, phase }) => sum + height * Math.cos(count * angle + phase),
      1,
    );
    return distance(x, y) - radius * swell;
  };
  // An even outline would be a 0.
  const isUneven = waves.some(({ height }) => Math.abs(height) > 0.2);
  return isUneven ? hollowOrNot(random, outer) : outer;
}

/** Two rings or three, one within another. */
function rings(random: RandomStream): Distance {
  const count = wholeBetween(random, 2, 3);
  const gap = between(random, 5, 6.5);
  const wall = between(random, 0.7, 1.6);
  return (x, y) => {
    const radius = distance(x, y);
    const nearest = Math.min(count, Math.max(1, Math.round(radius / gap)));
    return Math.abs(radius - nearest * gap) - wall;
  };
}

/** A ring with two to four dots in it. */
function ringOfDots(random: RandomStream): Distance {
  const [radius, wall] = [size(random), between(random, 0.7, 1.6)];
  const dot = between(random, 1.2, 3);
  const places = Array.from({ length: wholeBetween(random, 2, 4) }, () => {
    const [angle, away] = [between(random, 0, 2 * Math.PI), between(random, 0.2, 0.6) * radius];
    return { x: away * Math.cos(angle), y: away * Math.sin(angle) };
  });
  return (x, y) =>
    Math.min(
      Math.abs(distance(x, y) - radius) - wall,
      ...places.map((place) => distance(x - place.x, y - place.y) - dot),
    );
}

/** Two to five bars side by side, or crossed by as many. */
function bars(random: RandomStream): Distance {
  const [width, height] = [size(random), size(random)];
  const gap = (2 * width) / wholeBetween(random, 1, 4);
  const wall = between(random, 0.7, Math.min(2, gap / 4));
  const isCrossed = random.next() < 0.4;
  const toBar = (place: number) => {
    const within = (((place + width) % gap) + gap) % gap;
    return Math.min(within, gap - within) - wall;
  };
  return (x, y) =>
    Math.max(
      Math.abs(x) - width - wall,
      Math.abs(y) - height - wall,
      isCrossed ? Math.min(toBar(x), toBar(y)) : toBar(x),
    );
}

/** Two to seven dots. */
function dots(random: RandomStream): Distance {
  const radius = between(random, 2, 4);
  const reach = SIDE / 2 - radius - 2;
  const places = Array.from({ length: wholeBetween(random, 2, 7) }, () => ({
    x: between(random, -reach, reach),
    y: between(random, -reach, reach),
  }));
  return (x, y) => Math.min(...places.map((place) => distance(x - place.x, y - place.y))) - radius;
}

const SHAPES = [rectangle, triangle, disc, blot, blot, rings, ringOfDots, bars, dots];

/** A shape as drawn with a ruler, turned by any angle, filled or as its outline. */
export function shape(random: RandomStream): Float32Array | null {
  const distanceTo = oneOf(random, SHAPES)(random);
  const turn = random.next() < 0.5 ? 0 : between(random, 0, 2 * Math.PI);
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const canvas = blankCanvas();
  paint(canvas, (x, y) => {
    const [right, down] = [x - SIDE / 2, y - SIDE / 2];
    return 0.5 - distanceTo(right * cos + down * sin, down * cos - right * sin);
  });
  return asInput(canvas);
}

/** An outline of three to seven corners anywhere, its lines crossing as they may. */
export function polygon(random: RandomStream): Float32Array | null {
  const corners = Array.from(
    { length: wholeBetween(random, 3, 7) },
    (): Point => ({
      x: between(random, 5, SIDE - 5),
      y: between(random, 5, SIDE - 5),
    }),
  );
  const canvas = blankCanvas();
  drawLine(canvas, [...corners, corners[0]!], between(random, 0.9, 2.8));
  return asInput(canvas);
}
