import { type Component, components, cutOut } from './components.js';
import type { Box, Plane } from './image.js';

/** A smaller box is a loop of a digit: its shorter side, pixels. */
const LEAST_SIDE = 24;
/** A printed line's thickness: at most this share of its frame's shorter side, or so many pixels. */
const THICKEST = { share: 0.06, pixels: 2.5 } as const;
/** A side that rises by more than this share of its length is of no box that lies straight: 5.7 degrees. */
const STEEPEST = 0.1;
/** So much of a side, at each end, is left out: where others are askew they show there. */
const CORNER = 0.1;
/**
 * So much of a side keeps to a straight line, to within so many pixels or this share of its length, either way. Of an ellipse's side
 * 22% of one of 100 pixels do.
 */
const STRAIGHT_SHARE = 0.9;
const WOBBLE = { pixels: 1.1, share: 0.006 } as const;
/** Opposite sides run together, and meet the others at right angles, to within this. */
const PARALLEL = 0.04;
/** Boxes side by side or above one another are divided by lines of at least this share of the frame, as thin as its own within this factor. */
const DIVIDER = { length: 0.8, thickness: 1.6 } as const;
/** Lines that cross are a grid where so much of their ink is on lines, each with so much of the ink of a side of the frame. */
const GRID = { onLines: 0.9, inkOfLine: 0.7 } as const;

/** The outermost ink of one side of a component's box. */
interface Side {
  /** Its line's depth below the box's side, pixels: `start + slope * place`. */
  start: number;
  slope: number;
  isStraight: boolean;
  /** Whether the picture ends there, so that it need not be seen. */
  isAtEdge: boolean;
}

/** By their order: `top`, `bottom`, `left`, `right`. */
type Sides = [Side, Side, Side, Side];

/** How far in from each side of the box the first ink is, place by place. */
function profiles({ box, pixels }: Component, stride: number): Float64Array[] {
  const { left, top, width, height } = box;
  const [above, below] = [new Float64Array(width).fill(height), new Float64Array(width).fill(height)];
  const [before, after] = [new Float64Array(height).fill(width), new Float64Array(height).fill(width)];
  for (const index of pixels) {
    const column = index % stride;
    const x = column - left;
    const y = (index - column) / stride - top;
    above[x] = Math.min(above[x]!, y);
    below[x] = Math.min(below[x]!, height - 1 - y);
    before[y] = Math.min(before[y]!, x);
    after[y] = Math.min(after[y]!, width - 1 - x);
  }
  return [above, below, before, after];
}

const wobbleOf = (length: number): number => Math.max(WOBBLE.pixels, WOBBLE.share * length);

/** Whether enough of a profile is near its box's side for a straight line; it saves the search for one. */
function mayBeStraight(depths: Float64Array): boolean {
  const { length } = depths;
  const [from, to] = [Math.floor(length * CORNER), length - Math.floor(length * CORNER)];
  const deepest = STEEPEST * length + 2 * wobbleOf(length);
  let near = 0;
  for (let place = from; place < to; place++) if (depths[place]! <= deepest) near++;
  return near >= STRAIGHT_SHARE * (to - from);
}

/** The straight line that most places of a profile lie along. */
function straighten(depths: Float64Array): Omit<Side, 'isAtEdge'> {
  const { length } = depths;
  const from = Math.floor(length * CORNER);
  const to = length - from;
  const wobble = wobbleOf(length);
  const starts = new Float64Array(to - from);
  const steps = Math.ceil((STEEPEST * length) / wobble);
  let best = { count: 0, spread: 0, slope: 0, start: 0 };
  for (let step = -steps; step <= steps; step++) {
    const slope = (STEEPEST * step) / steps;
    for (let place = from; place < to; place++) starts[place - from] = depths[place]! - slope * place;
    starts.sort();
    for (let first = 0, last = 0; last < starts.length; last++) {
      while (starts[last]! - starts[first]! > 2 * wobble) first++;
      const count = last - first + 1;
      const spread = starts[last]! - starts[first]!;
      if (count < best.count || (count === best.count && spread >= best.spread)) continue;
      best = { count, spread, slope, start: (starts[first]! + starts[last]!) / 2 };
    }
  }
  return { start: best.start, slope: best.slope, isStraight: best.count >= STRAIGHT_SHARE * starts.length };
}

/** The sides of a frame and how far it is turned clockwise, as a slope; null where a component is none. */
function sidesOf(component: Component, { width, height }: Plane): { sides: Sides; tilt: number } | null {
  const { box, pixels, touchesBorder } = component;
  const shorter = Math.min(box.width, box.height);
  if (shorter < LEAST_SIDE || pixels.length > (box.width * box.height) / 2) return null;
  const atEdge = [
    box.top === 0,
    box.top + box.height === height,
    box.left === 0,
    box.left + box.width === width,
  ];
  const seenAs = profiles(component, width);
  const straight = seenAs.map(mayBeStraight);
  if (!straight.every((may, place) => may || atEdge[place])) return null;
  const sides: Side[] = [];
  for (const [place, profile] of seenAs.entries()) {
    const side = straighten(profile);
    // At the edge the profile may run deep into a digit that is cut out along its ink.
    const isStraight = straight[place]! && side.isStraight;
    const isAtEdge = touchesBorder && atEdge[place]!;
    if (!isStraight && !isAtEdge) return null;
    sides.push({ ...side, isStraight, isAtEdge });
  }
  const [top, bottom, left, right] = sides as Sides;
  // A side's depth grows to the right or downwards; seen from the opposite side, it shrinks.
  const turns = [
    [top, 1],
    [bottom, -1],
    [left, -1],
    [right, 1],
  ] as const;
  const seen = turns.filter(([side]) => side.isStraight).map(([side, sign]) => sign * side.slope);
  const apart = Math.max(...seen) - Math.min(...seen);
  if (seen.length < 2 || apart > PARALLEL + (2 * wobbleOf(shorter)) / shorter) return null;
  const tilt = seen.reduce((sum, slope) => sum + slope, 0) / seen.length;
  return { sides: [top, bottom, left, right], tilt };
}

/** How far in from the nearest straight side a pixel is. */
function depthIn([top, bottom, left, right]: Sides, box: Box): (x: number, y: number) => number {
  const depth = ({ start, slope, isStraight }: Side, place: number, along: number) =>
    isStraight ? place - start - slope * along : Number.POSITIVE_INFINITY;
  return (x, y) =>
    Math.min(
      depth(top, y, x),
      depth(bottom, box.height - 1 - y, x),
      depth(left, x, y),
      depth(right, box.width - 1 - x, y),
    );
}

/** A printed frame among the marks, and what of its component is other ink: written over it, or the lines between its boxes. */
interface Frame {
  box: Box;
  isWhole: boolean;
  /** Pixels. */
  thickness: number;
  /** The slope of its level sides, downwards to the right. */
  tilt: number;
  rest: Component[];
}

function frameOf(component: Component, plane: Plane<Float32Array>): Frame | null {
  const found = sidesOf(component, plane);
  if (!found) return null;
  const { sides, tilt } = found;
  const { box, pixels } = component;
  const depthAt = depthIn(sides, box);
  const shorter = Math.min(box.width, box.height);
  const most = Math.max(THICKEST.pixels, THICKEST.share * shorter);
  const depths = Float64Array.from(pixels, (index) => {
    const x = index % plane.width;
    return depthAt(x - box.left, (index - x) / plane.width - box.top);
  });
  const lengths = [box.width, box.width, box.height, box.height];
  const seen = sides.reduce((sum, { isStraight }, place) => sum + (isStraight ? lengths[place]! : 0), 0);
  const wobble = wobbleOf(shorter);
  const thickness = depths.filter((depth) => depth <= 2 * most + wobble).length / seen;
  if (thickness > most) return null;
  const within = pixels.filter((_, place) => depths[place]! > 1.5 * thickness + 2 * wobble);
  // On the frame's own box: a page may have hundreds of frames.
  const written = components(cutOut(plane.data, plane.width, [{ pixels: within }], box));
  return {
    box,
    isWhole: sides.every(({ isStraight }) => isStraight),
    thickness,
    tilt,
    rest: written.map((part) => onPage(part, box, plane)),
  };
}

/** A component of the part of a plane that `part` is, as one of the whole. */
function onPage(component: Component, part: Box, { width, height }: Plane): Component {
  const box = { ...component.box, left: component.box.left + part.left, top: component.box.top + part.top };
  return {
    ...component,
    box,
    pixels: component.pixels.map((index) => {
      const x = index % part.width;
      return ((index - x) / part.width + part.top) * width + x + part.left;
    }),
    touchesBorder:
      box.left === 0 || box.top === 0 || box.left + box.width === width || box.top + box.height === height,
  };
}

const isInside = (inner: Box, outer: Box): boolean =>
  inner.left >= outer.left &&
  inner.top >= outer.top &&
  inner.left + inner.width <= outer.left + outer.width &&
  inner.top + inner.height <= outer.top + outer.height;

/** Whether a mark is what divides a frame into boxes: a line across, or lines that cross. */
const isDivider = (mark: Component, frame: Frame, plane: Plane): boolean =>
  isLine(mark.box, frame.box, mark.pixels.length, frame.thickness) ||
  isLine(turned(mark.box), turned(frame.box), mark.pixels.length, frame.thickness) ||
  isGrid(mark, frame, plane);

const turned = ({ width, height }: Extents): Extents => ({ width: height, height: width });

type Extents = Pick<Box, 'width' | 'height'>;

/** Whether a mark is a thin upright line nearly as long as its frame is high. */
const isLine = (mark: Extents, frame: Extents, pixels: number, thickness: number): boolean =>
  mark.height >= DIVIDER.length * frame.height &&
  pixels <= DIVIDER.thickness * thickness * mark.height &&
  mark.width <= STEEPEST * mark.height + DIVIDER.thickness * thickness;

/** Whether nearly all of a mark is on straight lines, as long as the frame's sides and turned as these. */
function isGrid({ box, pixels }: Component, frame: Frame, { width: stride }: Plane): boolean {
  const { width, height } = frame.box;
  if (box.width < DIVIDER.length * width || box.height < DIVIDER.length * height) return false;
  const [across, down] = [new Float64Array(pixels.length), new Float64Array(pixels.length)];
  for (const [place, index] of pixels.entries()) {
    const x = (index % stride) - frame.box.left;
    const y = Math.floor(index / stride) - frame.box.top;
    across[place] = Math.round(x + frame.tilt * y);
    down[place] = Math.round(y - frame.tilt * x);
  }
  const upright = areOnLines(across, height, frame);
  const level = areOnLines(down, width, frame);
  const onLines = upright.filter((isOn, place) => isOn || level[place]).length;
  return onLines >= GRID.onLines * pixels.length;
}

/** Whether at each of these places across lines of that length there is one. */
function areOnLines(places: Float64Array, length: number, { thickness }: Frame): boolean[] {
  const counts = new Map<number, number>();
  for (const place of places) counts.set(place, (counts.get(place) ?? 0) + 1);
  const slack = Math.ceil(wobbleOf(length) + thickness / 2);
  const isLineAt = (place: number) => {
    let near = 0;
    for (let off = -slack; off <= slack; off++) near += counts.get(place + off) ?? 0;
    return near >= GRID.inkOfLine * thickness * length;
  };
  const lines = new Set([...counts.keys()].filter(isLineAt));
  return Array.from(places, (place) => lines.has(place));
}

/** Whether a component is a frame of which all four sides lie within the plane, with what touches it. */
export const isWholeFrame = (component: Component, plane: Plane<Float32Array>): boolean =>
  !component.touchesBorder && frameOf(component, plane) !== null;

/**
 * Marks without printed frames: rectangles of four thin straight sides about other marks, or about nothing. A frame of which sides lie
 * outside the picture counts where it has something in it. What touches a frame from within stays.
 * @param plane the ink of the marks, 0 to 1
 * @returns the very same marks where none is a frame
 */
export function withoutFrames(marks: Component[], plane: Plane<Float32Array>): Component[] {
  const found = new Map<Component, Frame>();
  for (const mark of marks) {
    const frame = frameOf(mark, plane);
    if (frame) found.set(mark, frame);
  }
  if (found.size === 0) return marks;
  const others = marks.filter((mark) => !found.has(mark));
  return marks.flatMap((mark) => {
    const frame = found.get(mark);
    if (!frame) return [mark];
    const written = frame.rest.filter((rest) => !isDivider(rest, frame, plane));
    const isEmpty = written.length === 0 && !others.some(({ box }) => isInside(box, frame.box));
    if (isEmpty) return frame.isWhole ? [] : [mark];
    return written;
  });
}
