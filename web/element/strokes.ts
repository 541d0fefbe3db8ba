/** A place on the pad, from its left and top in units of its height; `weight` scales the pen's width there. */
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

/** What is painted on, pixels, and how thick the pen is there, in units of the height. */
export interface Sheet {
  width: number;
  height: number;
  pen: number;
}

/** Paints strokes in the context's current stroke style. */
export function paint(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  strokes: readonly Stroke[],
  { width, height, pen }: Sheet,
): void {
  context.clearRect(0, 0, width, height);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const { from, control, to, weight } of strokes.flatMap(smooth)) {
    context.lineWidth = pen * weight * height;
    context.beginPath();
    context.moveTo(from.x * height, from.y * height);
    // A curve of no length draws nothing in some browsers, and a tap must leave a dot.
    context.quadraticCurveTo(control.x * height, control.y * height, to.x * height + 0.01, to.y * height);
    context.stroke();
  }
}

/** Strokes as text for a form's state: each a list of x, y and weight in thousandths. */
export function writeStrokes(strokes: readonly Stroke[]): string {
  const thousandths = (value: number) => Math.round(value * 1000);
  return JSON.stringify(
    strokes.map((stroke) => stroke.flatMap(({ x, y, weight }) => [x, y, weight].map(thousandths))),
  );
}

/** What `writeStrokes` wrote; no strokes where the text is anything else. */
export function readStrokes(text: string): Stroke[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(stored) || !stored.every(isStoredStroke)) return [];
  return stored.map((values) =>
    Array.from({ length: values.length / 3 }, (_, index) => {
      const [x, y, weight] = values.slice(index * 3).map((value) => value / 1000);
      return { x: x!, y: y!, weight: weight! };
    }),
  );
}

const isStoredStroke = (values: unknown): values is number[] =>
  Array.isArray(values) && values.length > 0 && values.length % 3 === 0 && values.every(Number.isFinite);
