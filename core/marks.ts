import { type Component, components, union } from './components.js';
import { withoutFrames } from './frames.js';
import type { Box, Plane } from './image.js';
import type { Ink } from './ink.js';

/** The ink of a picture without its grain and specks. */
export interface Marks {
  /** 0 to 1, cut out of the picture at `box`. */
  ink: Plane<Float32Array>;
  /** Where in the working plane the marks are. */
  box: Box;
}

/** A component is a mark where its strongest pixel reaches this much of full ink... */
export const PEAK_OF_MARK = 0.5;
/** ...and it has this share of the heaviest mark's ink: less is a speck. */
export const MASS_OF_MARK = 0.03;
/** On a photograph, what runs off the edge is the table or a shadow, if a mark of this share stands free. */
const MASS_OF_FREE_MARK = 0.2;
/** What touches the edge of a photograph is a mark where this share of its ink is further in than the margin. */
const INSIDE_OF_MARK = 0.2;
/** Marks whose longer side is shorter than this share of the picture's are dirt, not a digit. */
export const SIDE_OF_MARK = 1 / 64;
export const PIXELS_OF_MARK = 2;

/**
 * Stretches the densities between grain and full ink to 0 to 1 and keeps the marks.
 * @param margin `Paper.margin`; above 0 the picture is a photograph, with other things than paper in it.
 * @param least the share of the heaviest mark's ink below which a component is a speck.
 * @returns null where nothing but specks is left.
 */
export function findMarks({ density, floor, full }: Ink, margin: number, least = MASS_OF_MARK): Marks | null {
  const { width, height } = density;
  const data = new Float32Array(width * height);
  for (let index = 0; index < data.length; index++) {
    const above = density.data[index]! - floor;
    if (above > 0) data[index] = Math.min(1, above / (full - floor));
  }
  const plane = { width, height, data };
  const strong = withoutSpecks(components(plane), least);
  const unframed = withoutFrames(strong, plane);
  const marks = unframed === strong ? strong : withoutSpecks(unframed, least);
  const kept = margin > 0 ? withoutSurroundings(marks, plane, margin) : marks;
  if (kept.length === 0) return null;
  const box = union(kept.map((component) => component.box));
  const side = Math.max(box.width, box.height);
  if (side < Math.max(PIXELS_OF_MARK, SIDE_OF_MARK * Math.max(width, height))) return null;
  return { ink: cutOut(data, width, kept, box), box };
}

/** The components that are marks, by their strongest pixel and their share of the heaviest one's ink. */
export function withoutSpecks(all: readonly Component[], least: number): Component[] {
  const strong = all.filter(({ peak }) => peak >= PEAK_OF_MARK);
  const lightest = least * heaviest(strong);
  return strong.filter(({ mass }) => mass >= lightest);
}

/** Without the table, and without the dark that a falling light leaves along the edge. */
function withoutSurroundings(
  marks: readonly Component[],
  plane: Plane<Float32Array>,
  margin: number,
): Component[] {
  const free = marks.filter(({ touchesBorder }) => !touchesBorder);
  if (heaviest(free) >= MASS_OF_FREE_MARK * heaviest(marks)) return free;
  return marks.filter(
    (mark) => !mark.touchesBorder || massInside(mark, plane, margin) >= INSIDE_OF_MARK * mark.mass,
  );
}

const heaviest = (marks: readonly Component[]): number =>
  marks.reduce((most, { mass }) => Math.max(most, mass), 0);

/** The ink of a component that is at least `margin` away from the edge. */
function massInside({ pixels }: Component, { width, height, data }: Plane<Float32Array>, margin: number) {
  let inside = 0;
  for (const index of pixels) {
    const x = index % width;
    const y = (index - x) / width;
    const near = Math.min(x, y, width - 1 - x, height - 1 - y) < margin;
    if (!near) inside += data[index]!;
  }
  return inside;
}

/** Components of a plane whose rows are `stride` long, alone on the part of it that `box` is. */
export function cutOut(
  data: Float32Array,
  stride: number,
  marks: readonly Pick<Component, 'pixels'>[],
  { left, top, width, height }: Box,
): Plane<Float32Array> {
  const ink = new Float32Array(width * height);
  for (const { pixels } of marks) {
    for (const index of pixels) {
      const x = index % stride;
      const y = (index - x) / stride;
      ink[(y - top) * width + (x - left)] = data[index]!;
    }
  }
  return { width, height, data: ink };
}
