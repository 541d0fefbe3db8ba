import type { Box } from './image.js';
import { across, middleAcross } from './lines.js';

/** A digit as it was read. */
interface Placed {
  digit: number;
  box: Box;
}

/**
 * A raised sign's longer side is at most this share of the height of the digit beside it, and it ends above this place, between that one's
 * head (0) and foot (1)... Of 1,400 pictures of training digits, composed as the suites' are, three are refused for it: two that were read
 * wrong and a 1 cut out of its neighbours. Of 240 drawn degree signs and exponents, some under or over a line, it leaves
 * three.
 */
const SMALL = 0.65;
const RAISED = 0.55;
/** ...or it is, with a line above or under it, at most so high, and its middle is above that digit's head. */
const HIGHEST = 0.8;
/** What begins behind the last digit of a line and ends above it is an exponent if it is nearer than this, in that digit's heights. */
const NEAR = 0.5;
/**
 * A slash or a bar reaches beyond the digits on both sides of it by so much of their height, at its head and its foot. Of the 464 1s between
 * digits in those pictures none does by more than 0.06, slashes drawn 1.2 to 1.6 times as high as the digits do by 0.15 and more.
 */
const BEYOND = 0.1;

const longer = ({ width, height }: Box): number => Math.max(width, height);
const footOf = ({ top, height }: Box): number => top + height;

/** Whether what was read as digits holds a degree sign, an exponent, a slash or a bar: the number is another one than its digits say. */
export const readsSign = (lines: readonly (readonly Placed[])[]): boolean =>
  lines.some(hasRaised) || lines.some(hasBar) || hasRaisedLine(lines);

/** Whether a digit is small and high beside the nearest one that is larger, or above its neighbour. */
const hasRaised = (line: readonly Placed[]): boolean =>
  line.some(({ box }, place) =>
    [line.slice(0, place).reverse(), line.slice(place + 1)].some((beside) => {
      const larger = beside.find((digit) => longer(box) <= SMALL * digit.box.height);
      const [next] = beside;
      return (
        (larger !== undefined && isHigh(box, larger.box)) || (next !== undefined && isAbove(box, next.box))
      );
    }),
  );

const isHigh = (sign: Box, digit: Box): boolean =>
  longer(sign) <= SMALL * digit.height && footOf(sign) <= digit.top + RAISED * digit.height;

const isAbove = (sign: Box, digit: Box): boolean =>
  sign.height <= HIGHEST * digit.height && sign.top + footOf(sign) <= 2 * digit.top;

/** Whether a line of smaller digits begins where another ends, and above it: an exponent that stands high. */
const hasRaisedLine = (lines: readonly (readonly Placed[])[]): boolean =>
  lines.some(([first]) =>
    lines.some((line) => {
      const last = line.at(-1)!.box;
      return (
        first !== undefined &&
        (isHigh(first.box, last) || isAbove(first.box, last)) &&
        isBehind(first.box, last)
      );
    }),
  );

const isBehind = (sign: Box, digit: Box): boolean =>
  middleAcross(sign) >= digit.left + digit.width &&
  across(sign, digit) <= NEAR * digit.height &&
  footOf(sign) >= digit.top - NEAR * digit.height;

const hasBar = (line: readonly Placed[]): boolean =>
  line.some(({ digit, box }, place) => {
    const [before, after] = [line[place - 1]?.box, line[place + 1]?.box];
    if (digit !== 1 || before === undefined || after === undefined) return false;
    const head = Math.min(before.top, after.top);
    const foot = Math.max(footOf(before), footOf(after));
    const beyond = Math.min(head - box.top, footOf(box) - foot);
    return beyond >= BEYOND * (foot - head);
  });
