import { type Component, union } from './components.js';
import type { Box } from './image.js';

/** One line of writing. */
export interface Line {
  /** The usual height of its digits, pixels. */
  height: number;
  /** Marks tall or wide enough to be digits, or several that touch; left to right. */
  bodies: Component[];
  /** The others: parts of broken digits, dots, dirt. */
  fragments: Component[];
}

/** A mark is a body where its height is so much of the usual one... */
const HEIGHT_OF_BODY = 0.5;
/** ...or its width, for a digit that lies flat. */
const WIDTH_OF_BODY = 0.7;
/** A body belongs to the line of the one before it where they share so much of the lower one's height. */
const SHARED_HEIGHT = 0.35;
/** Marks above one another are parts of one broken digit where together they are at most so many usual heights high. */
const HEIGHT_OF_BROKEN = 1.25;
/** So much white, in usual heights, lies between a line and one of smaller digits: a comma hangs nearer to its own. */
const LEADING = 0.05;
/** A blot fills so much of its box; upright strokes, that fill theirs, may be digits. */
const INK_OF_BLOT = 0.6;
/** A speck has less ink than this share of a stroke as long as a digit is high. */
const INK_OF_SPECK = 0.05;

/**
 * Sorts marks into lines, topmost first. A line is followed from mark to mark, so that it may climb or fall.
 * @param strokeWidth of the writing, pixels.
 */
export function findLines(marks: readonly Component[], strokeWidth: number): Line[] {
  const found = findBodies(marks, strokeWidth).map((bodies) => ({
    height: median(bodies.map(({ box }) => box.height)),
    bodies,
    fragments: [] as Component[],
  }));
  const sorted = new Set(found.flatMap(({ bodies }) => bodies));
  for (const mark of marks) {
    if (sorted.has(mark)) continue;
    const line = bestBy(
      found,
      ({ bodies }) => -Math.min(...bodies.map(({ box }) => distance(box, mark.box))),
    );
    if (line && mark.mass >= INK_OF_SPECK * strokeWidth * line.height) line.fragments.push(mark);
  }
  return found.sort((a, b) => middleOf(a.bodies) - middleOf(b.bodies));
}

/** The bodies of each line. Marks too small to be bodies among the others are those of smaller writing where they lie apart from all of them. */
function findBodies(marks: readonly Component[], strokeWidth: number): Component[][] {
  const sizeable = marks.filter(({ box }) => Math.max(box.width, box.height) > 2 * strokeWidth);
  const usual = median((sizeable.length > 0 ? sizeable : marks).map(({ box }) => box.height));
  const isBody = ({ box }: Component) =>
    box.height >= HEIGHT_OF_BODY * usual || box.width >= WIDTH_OF_BODY * usual;
  const bodies = marks.filter(isBody).sort(fromLeft);
  const lines: Component[][] = [];
  for (const body of bodies) {
    const line = bestBy(lines, (line) => sharedHeight(line.at(-1)!.box, body.box));
    if (line && isSameLine(line.at(-1)!.box, body.box, usual)) line.push(body);
    else lines.push([body]);
  }
  const smaller = marks.filter(
    (mark) =>
      mark.box.height > 2 * strokeWidth && !isBody(mark) && !isBlot(mark) && isApart(mark.box, bodies, usual),
  );
  return smaller.length === 0 ? lines : [...lines, ...findBodies(smaller, strokeWidth)];
}

/** Whether a mark is as full of ink as no digit: a dot, or a line under a number. */
const isBlot = ({ box: { width, height }, mass }: Component): boolean =>
  height < 2 * width && mass >= INK_OF_BLOT * width * height;

/** Whether a mark lies so far above or below the bodies about it that it is a part of none. */
function isApart(mark: Box, bodies: readonly Component[], usual: number): boolean {
  const away = bodies.map(({ box }) => across(box, mark));
  const about = Math.max(usual, Math.min(...away));
  return bodies.every(({ box }, index) => away[index]! > about || isOtherLine(box, mark, usual));
}

const isOtherLine = (a: Box, b: Box, usual: number): boolean =>
  down(a, b) >= LEADING * usual && union([a, b]).height > HEIGHT_OF_BROKEN * usual;

/** Left to right by their middles; where a mark is centred tells more than where its slant begins. */
export const fromLeft = (a: { box: Box }, b: { box: Box }): number =>
  middleAcross(a.box) - middleAcross(b.box);
export const middleAcross = ({ left, width }: Box): number => left + width / 2;

function middleOf(bodies: readonly Component[]): number {
  const { top, height } = union(bodies.map(({ box }) => box));
  return top + height / 2;
}

const isSameLine = (a: Box, b: Box, usual: number): boolean =>
  sharedHeight(a, b) >= SHARED_HEIGHT || union([a, b]).height <= HEIGHT_OF_BROKEN * usual;

/** Of the lower one's height, 0 to 1; negative where one is above the other. */
function sharedHeight(a: Box, b: Box): number {
  return -down(a, b) / Math.min(a.height, b.height);
}

/** Pixels between two boxes, along the axis where they are further apart; 0 where they overlap. */
const distance = (a: Box, b: Box): number => Math.max(across(a, b), down(a, b), 0);

/** Pixels from the right of one box to the left of the other; negative where they overlap along that axis. */
export const across = (a: Box, b: Box): number =>
  Math.max(a.left, b.left) - Math.min(a.left + a.width, b.left + b.width);

/** Pixels from the bottom of one box to the top of the other; negative as above. */
const down = (a: Box, b: Box): number =>
  Math.max(a.top, b.top) - Math.min(a.top + a.height, b.top + b.height);

function bestBy<Item>(items: readonly Item[], value: (item: Item) => number): Item | undefined {
  let best: Item | undefined;
  let highest = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const here = value(item);
    if (here <= highest) continue;
    highest = here;
    best = item;
  }
  return best;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
