/** A place on the pad: 0 to 1 from its left and top; `weight` scales the pen's width there. */
export interface StrokePoint {
  x: number;
  y: number;
  weight: number;
}

/** What one pointer drew from down to up; at least one point. */
export type Stroke = readonly StrokePoint[];

/** A quadratic Bezier piece with one width. */
export interface Segment {
  from: { x: number; y: number };
  control: { x: number; y: number };
  to: { x: number; y: number };
  weight: number;
}

/** Width of the pen against the side of the pad; a digit drawn to fill it then has MNIST's proportions. */
export const PEN_WIDTH = 0.075;

/** Points nearer to the last one than this add work and no shape. */
const LEAST_STEP = 0.004;

/** The stroke with one more point, or the stroke itself where the point adds nothing. */
export function extend(stroke: Stroke, point: StrokePoint): Stroke {
  const last = stroke.at(-1);
  if (last && Math.hypot(point.x - last.x, point.y - last.y) < LEAST_STEP) return stroke;
  return [...stroke, point];
}

/** How heavily a pen of this pressure (0 to 1) writes; a mouse and most fingers report 0.5, which is 1. */
export function weightOf(pointerType: string, pressure: number): number {
  return pointerType === 'pen' ? 0.6 + 0.8 * pressure : 1;
}

const between = (a: StrokePoint, b: StrokePoint) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/**
 * A smooth curve near the points: from midpoint to midpoint, with the points themselves as controls, so that the sparse
 * and jittery points of a pointer leave no corners. A single point becomes a dot.
 */
export function smooth(stroke: Stroke): Segment[] {
  const first = stroke[0]!;
  const last = stroke.at(-1)!;
  const segments: Segment[] = [];
  let from: { x: number; y: number } = first;
  for (let index = 1; index < stroke.length; index++) {
    const control = stroke[index - 1]!;
    const to = between(control, stroke[index]!);
    segments.push({ from, control, to, weight: control.weight });
    from = to;
  }
  segments.push({ from, control: from, to: last, weight: last.weight });
  return segments;
}

/** Paints strokes in the context's current stroke style on a square of `side` pixels. */
export function paint(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  strokes: readonly Stroke[],
  side: number,
): void {
  context.clearRect(0, 0, side, side);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const { from, control, to, weight } of strokes.flatMap(smooth)) {
    context.lineWidth = PEN_WIDTH * weight * side;
    context.beginPath();
    context.moveTo(from.x * side, from.y * side);
    // A curve of no length draws nothing in some browsers, and a tap must leave a dot.
    context.quadraticCurveTo(control.x * side, control.y * side, to.x * side + 0.01, to.y * side);
    context.stroke();
  }
}
