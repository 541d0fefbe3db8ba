import { type Component, union } from './components.js';
import type { Plane } from './image.js';

/** An underline is so many times as long as all that is written above it is wide: the foot of a 2 that broke off is not. */
const LENGTH = 1.25;
/** It is thinner than this share of its length, over which it rises or falls by less than that share: 5.7 degrees. */
const THICKEST = 1 / 20;
const STEEPEST = 0.1;
/** All its ink keeps to a straight line, to within half its thickness and so many pixels or this share of its length. */
const WOBBLE = { pixels: 1.5, share: 0.01 } as const;
/** What is written is higher than so many thicknesses: dots are not, nor is the upper bar of two. */
const LEAST_HEIGHT = 4;

/** A straight line through a plane, by pixels' indices; to its middle. */
interface Course {
  /** Rows it falls in each column. */
  slope: number;
  /** The row at column 0. */
  start: number;
}

/**
 * Marks without a line printed or drawn below all that is written: one mark, thin, straight and level or nearly so, apart from all
 * others and clearly longer than they are wide. A line with ink below it, of a fraction or a sum, stays.
 * @param plane in which the marks are
 * @returns the very same marks where there is no such line
 */
export function withoutUnderline(marks: Component[], { width: stride }: Plane): Component[] {
  if (marks.length < 2) return marks;
  const line = marks.reduce((one, other) => (other.box.width > one.box.width ? other : one));
  const written = marks.filter((mark) => mark !== line);
  const box = union(written.map((mark) => mark.box));
  const { left, width } = line.box;
  const spans = left <= box.left && left + width >= box.left + box.width;
  const thickness = line.pixels.length / width;
  if (!spans || width < LENGTH * box.width || thickness > THICKEST * width) return marks;
  if (box.height < LEAST_HEIGHT * thickness) return marks;
  const course = courseOf(line, stride);
  const keepsTo = Math.max(WOBBLE.pixels, WOBBLE.share * width);
  const isStraight = line.pixels.every(
    (index) => Math.abs(below(course, index, stride)) <= thickness / 2 + keepsTo,
  );
  if (!isStraight || Math.abs(course.slope) > STEEPEST) return marks;
  const isAbove = written.every(({ pixels }) => pixels.every((index) => below(course, index, stride) < 0));
  return isAbove ? written : marks;
}

/** The straight line of the least squares through a mark's pixels. */
function courseOf({ pixels }: Component, stride: number): Course {
  const sums = { x: 0, y: 0, xx: 0, xy: 0 };
  for (const index of pixels) {
    const x = index % stride;
    const y = (index - x) / stride;
    sums.x += x;
    sums.y += y;
    sums.xx += x * x;
    sums.xy += x * y;
  }
  const { length } = pixels;
  const slope = (length * sums.xy - sums.x * sums.y) / (length * sums.xx - sums.x * sums.x);
  return { slope, start: (sums.y - slope * sums.x) / length };
}

/** How far below a line a pixel is, rows. */
function below({ slope, start }: Course, index: number, stride: number): number {
  const x = index % stride;
  return (index - x) / stride - start - slope * x;
}
