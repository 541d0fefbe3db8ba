import type { RandomStream } from '../random.js';
import { asInput, blankCanvas, distance, drawLine, type Point, SIDE } from './canvas.js';
import { between, wholeBetween } from './draws.js';

/** One to three lines that wander: their curvature is a random walk, and they turn back at the edge. */
export function scribble(random: RandomStream): Float32Array | null {
  const canvas = blankCanvas();
  const radius = between(random, 0.8, 2.5);
  const restlessness = between(random, 0.1, 0.6);
  for (let count = wholeBetween(random, 1, 3); count > 0; count--) {
    drawLine(canvas, wander(random, wholeBetween(random, 25, 90), restlessness), radius);
  }
  return asInput(canvas);
}

function wander(random: RandomStream, steps: number, restlessness: number): Point[] {
  const middle = SIDE / 2;
  let point = { x: between(random, 11, SIDE - 11), y: between(random, 11, SIDE - 11) };
  let heading = between(random, 0, 2 * Math.PI);
  let bend = 0;
  return Array.from({ length: steps }, () => {
    bend = 0.8 * bend + restlessness * random.normal();
    heading += bend;
    const next = { x: point.x + 1.8 * Math.cos(heading), y: point.y + 1.8 * Math.sin(heading) };
    if (distance(next.x - middle, next.y - middle) > middle - 4) {
      heading = Math.atan2(middle - point.y, middle - point.x);
    } else {
      point = next;
    }
    return point;
  });
}
