import { INPUT_SIDE } from '../../core/image.js';
import { between, type RandomStream } from '../random.js';

/** A place in the image, pixels from its first pixel's centre. */
export interface Point {
  x: number;
  y: number;
}

/** How a line is drawn. */
export interface Pen {
  /** Pixels, 0.5 or more. */
  width: number;
  /** Of its ink, 0 to 1. */
  darkness: number;
  /** Length of a dash and of the gap after it, pixels; 0: no gaps. */
  dash: number;
}

/** Lines reach so far out of the image that none of their ends need be seen. */
const MARGIN = 6;
const MOST_CORNERS = 4;

function drawPen(random: RandomStream): Pen {
  return {
    width: between(random, 0.5, 2),
    darkness: between(random, 0.3, 1),
    dash: random.next() < 0.3 ? between(random, 1, 5) : 0,
  };
}

/** Draws up to `most` lines: parallel ones as of ruled paper, or each where it comes, bent or straight. */
export function drawLines(image: Float32Array, random: RandomStream, most: number): void {
  const count = 1 + random.integer(most);
  const isRuled = random.next() < 0.4;
  if (isRuled) rule(image, random, count);
  else for (let line = 0; line < count; line++) scrawl(image, random);
}

function rule(image: Float32Array, random: RandomStream, count: number): void {
  const pen = drawPen(random);
  const angle = Math.PI * random.next();
  const [right, down] = [Math.cos(angle), Math.sin(angle)];
  const middle = (INPUT_SIDE - 1) / 2;
  const gap = between(random, 3, 12);
  const shift = between(random, -gap / 2, gap / 2);
  for (let line = 0; line < count; line++) {
    const offset = shift + gap * (line - (count - 1) / 2);
    const [x, y] = [middle - down * offset, middle + right * offset];
    const reach = INPUT_SIDE;
    drawSegment(
      image,
      { x: x - right * reach, y: y - down * reach },
      { x: x + right * reach, y: y + down * reach },
      pen,
    );
  }
}

function scrawl(image: Float32Array, random: RandomStream): void {
  const pen = drawPen(random);
  const drawPoint = (): Point => ({
    x: between(random, -MARGIN, INPUT_SIDE + MARGIN),
    y: between(random, -MARGIN, INPUT_SIDE + MARGIN),
  });
  let from = drawPoint();
  const segments = 1 + random.integer(MOST_CORNERS);
  for (let segment = 0; segment < segments; segment++) {
    const to = drawPoint();
    drawSegment(image, from, to, pen);
    from = to;
  }
}

/** Adds a line with round ends; a pixel gets as much of it as a square along the line would have of it. */
export function drawSegment(
  image: Float32Array,
  from: Point,
  to: Point,
  { width, darkness, dash }: Pen,
): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  if (length === 0) return;
  const [right, down] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const reach = width / 2 + 0.5;
  const first = (one: number, other: number) => Math.max(0, Math.ceil(Math.min(one, other) - reach));
  const last = (one: number, other: number) =>
    Math.min(INPUT_SIDE - 1, Math.floor(Math.max(one, other) + reach));
  const [left, end] = [first(from.x, to.x), last(from.x, to.x)];
  for (let row = first(from.y, to.y); row <= last(from.y, to.y); row++) {
    for (let column = left; column <= end; column++) {
      const along = (column - from.x) * right + (row - from.y) * down;
      const nearest = Math.min(length, Math.max(0, along));
      const away = Math.hypot(column - from.x - nearest * right, row - from.y - nearest * down);
      if (away >= reach || (dash > 0 && Math.floor(nearest / dash) % 2 === 1)) continue;
      const pixel = row * INPUT_SIDE + column;
      const ink = darkness * Math.min(1, width, reach - away);
      image[pixel] = 1 - (1 - image[pixel]!) * (1 - ink);
    }
  }
}
