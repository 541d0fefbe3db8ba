import type { RandomStream } from '../random.js';
import { asInput, blankCanvas, drawLine, type Point, SIDE } from './canvas.js';
import { between, oneOf, wholeBetween } from './draws.js';
import { LETTER_STROKES } from './letter-strokes.js';

const PATHS = Object.values(LETTER_STROKES).map(parsePath);

interface Command {
  kind: 'M' | 'L' | 'Q' | 'C';
  /** Its control points and its end. */
  points: Point[];
}

/** Points of a curve. */
const STEPS = 8;
/** Pixels of a hundredth of a sign. */
const SCALE = SIDE / 180;

function parsePath(path: string): Command[] {
  return [...path.matchAll(/([MLQC])([^MLQC]+)/g)].map(([, kind, numbers]) => {
    const values = numbers!.trim().split(' ').map(Number);
    const points = values.flatMap((x, index) => (index % 2 === 0 ? [{ x, y: values[index + 1]! }] : []));
    return { kind: kind as Command['kind'], points };
  });
}

/** The lines of a path, each by its points; `move` says where a point of the path goes. */
function linesOf(path: readonly Command[], move: (point: Point) => Point): Point[][] {
  const lines: Point[][] = [];
  for (const { kind, points } of path) {
    const moved = points.map(move);
    if (kind === 'M') lines.push([moved[0]!]);
    else lines.at(-1)!.push(...curve([lines.at(-1)!.at(-1)!, ...moved]));
  }
  return lines;
}

/** Points of a Bezier curve of any degree after its first, by de Casteljau's construction. */
function curve(control: readonly Point[]): Point[] {
  if (control.length === 2) return [control[1]!];
  return Array.from({ length: STEPS }, (_, step) => {
    const share = (step + 1) / STEPS;
    let points = control;
    while (points.length > 1) {
      points = points.slice(1).map(({ x, y }, index) => {
        const before = points[index]!;
        return { x: before.x + share * (x - before.x), y: before.y + share * (y - before.y) };
      });
    }
    return points[0]!;
  });
}

/** A letter or a sign by another hand each time: its points displaced, stretched, slanted, turned, with another pen. */
export function letter(random: RandomStream): Float32Array | null {
  const serif = random.next() < 0.3 ? between(random, 6, 16) : 0;
  return written(random, oneOf(random, PATHS), between(random, 0, 9), serif);
}

/** A sign that nobody knows: two to five lines, hooks and bows. */
export function invention(random: RandomStream): Float32Array | null {
  const spot = (): Point => ({ x: between(random, 0, 100), y: between(random, 0, 100) });
  const path = Array.from({ length: wholeBetween(random, 2, 5) }, (): Command[] => [
    { kind: 'M', points: [spot()] },
    oneOf<() => Command>(random, [
      () => ({ kind: 'L', points: [spot()] }),
      () => ({ kind: 'Q', points: [spot(), spot()] }),
      () => ({ kind: 'C', points: [spot(), spot(), spot()] }),
    ])(),
  ]);
  return written(random, path.flat(), 0, 0);
}

/**
 * @param sloppiness how far a point of the path strays, in hundredths of the sign
 * @param serif half the breadth of the bars at the ends of lines, likewise; 0: none
 */
function written(
  random: RandomStream,
  path: readonly Command[],
  sloppiness: number,
  serif: number,
): Float32Array | null {
  const turn = (random.normal() * 8 * Math.PI) / 180;
  const slant = random.normal() * 0.15;
  const width = between(random, 0.45, 1.1);
  const move = ({ x, y }: Point): Point => {
    const right = (x - 50 + sloppiness * random.normal()) * width - slant * (y - 50);
    const down = y - 50 + sloppiness * random.normal();
    return {
      x: SIDE / 2 + SCALE * (right * Math.cos(turn) - down * Math.sin(turn)),
      y: SIDE / 2 + SCALE * (right * Math.sin(turn) + down * Math.cos(turn)),
    };
  };
  const canvas = blankCanvas();
  const radius = between(random, 0.9, 2.8);
  for (const line of linesOf(path, move)) {
    drawLine(canvas, line, radius);
    if (serif === 0) continue;
    for (const { x, y } of [line[0]!, line.at(-1)!]) {
      const [left, right] = [x - serif * SCALE, x + serif * SCALE];
      drawLine(
        canvas,
        [
          { x: left, y },
          { x: right, y },
        ],
        0.7 * radius,
      );
    }
  }
  return asInput(canvas);
}
