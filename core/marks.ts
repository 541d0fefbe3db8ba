import { type Component, components, cutOut, union } from './components.js';
import { withoutFrames } from './frames.js';
import type { Box, Plane } from './image.js';
import type { Ink } from './ink.js';
import { strokeWidth } from './stroke-width.js';
import { withoutUnderline } from './underline.js';

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
/** What touches the edge of a photograph is a mark where this share of its ink is further in than the margin... */
const INSIDE_OF_MARK = 0.2;
/** ...and, beside marks that stand free, where it is no longer and its strokes are no wider than theirs, within this factor. */
const LIKE_FREE_MARKS = 1.5;
/** Marks whose longer side is shorter than this share of the picture's are dirt, not a digit. */
export const SIDE_OF_MARK = 1 / 64;
export const PIXELS_OF_MARK = 2;

/**
 * Stretches the densities between grain and full ink to 0 to 1 and keeps the marks.
 * @param margin `Paper.margin`; above 0 the picture is a photograph, with other things than paper in it.
 * @param least the share of the heaviest mark's ink below which a component is a speck.
 * @param leastSide the share of the picture's longer side below which marks are dirt.
 * @returns null where nothing but specks is left.
 */
export function findMarks(
  { density, floor, full }: Ink,
  margin: number,
  least = MASS_OF_MARK,
  leastSide = SIDE_OF_MARK,
): Marks | null {
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
  const kept = withoutUnderline(margin > 0 ? withoutSurroundings(marks, plane, margin) : marks, plane);
  if (kept.length === 0) return null;
  const box = union(kept.map((component) => component.box));
  const side = Math.max(box.width, box.height);
  if (side < Math.max(PIXELS_OF_MARK, leastSide * Math.max(width, height))) return null;
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
  const inside = marks.filter(
    (mark) => mark.touchesBorder && massInside(mark, plane, margin) >= INSIDE_OF_MARK * mark.mass,
  );
  const standsFree = heaviest(free) >= MASS_OF_FREE_MARK * heaviest(marks);
  const kept = new Set([...free, ...(standsFree ? likeThose(free, inside, plane) : inside)]);
  return marks.filter((mark) => kept.has(mark));
}

/** Those of some marks that are as long and of as wide strokes as others. */
function likeThose(
  others: readonly Component[],
  some: readonly Component[],
  plane: Plane<Float32Array>,
): readonly Component[] {
  const most = LIKE_FREE_MARKS * longest(others);
  const short = some.filter((mark) => longest([mark]) <= most);
  if (short.length === 0) return short;
  const widest = LIKE_FREE_MARKS * Math.max(...others.map((mark) => strokesOf(mark, plane)));
  return short.filter((mark) => strokesOf(mark, plane) <= widest);
}

const longest = (marks: readonly Component[]): number =>
  Math.max(...marks.map(({ box }) => Math.max(box.width, box.height)));

/** By what is inked at all: a finger or a shadow may be paler than ink. */
function strokesOf(mark: Component, { data, width }: Plane<Float32Array>): number {
  const ink = cutOut(data, width, [mark], mark.box);
  return strokeWidth({ ...ink, data: ink.data.map((value) => Number(value > 0)) });
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
