import type { RgbaImage } from '../../core/image.js';
import type { Choice } from './choices.js';
import { extend, paint, type Sheet, type Stroke, type StrokePoint, weightOf } from './strokes.js';

/**
 * What the model reads: the same on every screen, so that the same strokes read the same. A single digit has 5 times the model's
 * input: 3,000 validation digits drawn anew with sharp edges, a fifth, a third or three quarters of the sheet tall, are read as well
 * as at 8 times (99.6, 99.4 and 99.4% for 99.5, 99.5 and 99.3, one run), and preparing pixels takes a third of the time. A pen that gives
 * a digit which fills it MNIST's proportions; a number has room for several smaller ones.
 */
export const SHEETS: { readonly [Digits in Choice<'digits'>]: Sheet } = {
  one: { width: 140, height: 140, pen: 0.075 },
  many: { width: 384, height: 256, pen: 0.05 },
};

export interface DrawPadEvents {
  /** A pen goes down: the first stroke of a picture replaces what was shown before. */
  onStart(): void;
  /** The strokes changed; `settled` once no pen is down. */
  onChange(settled: boolean): void;
}

/**
 * Pen, touch and mouse to strokes. What is seen is painted at the screen's own resolution and in the page's colours; what
 * is read is black ink on a transparent canvas of fixed size.
 */
export class DrawPad {
  #enabled = true;
  #sheet: Sheet = SHEETS.one;
  #strokes: readonly Stroke[] = [];
  #pointer: number | null = null;
  /** The pointer is a finger, or a hand that rests on the pad. */
  #isTouch = false;
  /** Called once the pen that is down no longer is; none is down where it is null. */
  #onEnd: (() => void) | null = null;
  #repaint = 0;
  readonly #read: HTMLCanvasElement;

  constructor(
    private readonly surface: HTMLCanvasElement,
    private readonly events: DrawPadEvents,
  ) {
    this.#read = surface.ownerDocument.createElement('canvas');
    this.sheet = SHEETS.one;
    surface.addEventListener('pointerdown', (event) => this.#onDown(event));
    surface.addEventListener('pointermove', (event) => this.#onMove(event));
    surface.addEventListener('pointercancel', (event) => this.#onCancel(event));
    for (const end of ['pointerup', 'lostpointercapture'] as const) {
      surface.addEventListener(end, (event) => this.#onUp(event));
    }
  }

  /** Whether pens write; one that is down is lifted where they no longer do. */
  get enabled(): boolean {
    return this.#enabled;
  }
  set enabled(enabled: boolean) {
    this.#enabled = enabled;
    if (!enabled) this.release();
  }

  get isEmpty(): boolean {
    return this.#strokes.length === 0;
  }

  /** A pen is down. */
  get isDrawing(): boolean {
    return this.#onEnd !== null;
  }

  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  get sheet(): Sheet {
    return this.#sheet;
  }

  /** Strokes stay as they are. */
  set sheet(sheet: Sheet) {
    this.#sheet = sheet;
    this.#read.width = sheet.width;
    this.#read.height = sheet.height;
  }

  /** Takes the last stroke back, where there is one. */
  undo(): void {
    if (!this.isEmpty) this.#replace(this.#strokes.slice(0, -1));
  }

  clear(): void {
    this.#replace([]);
  }

  /** Puts other strokes there without telling anybody; none where another picture takes the pad's place. */
  show(strokes: readonly Stroke[]): void {
    this.#strokes = strokes;
    this.#end();
    this.paint();
  }

  /** @param onEnd called when the pen is lifted, or its stroke is taken away under it */
  penDown(point: StrokePoint, onEnd = () => {}): void {
    this.#end();
    this.#onEnd = onEnd;
    this.events.onStart();
    this.#strokes = [...this.#strokes, [point]];
    this.#schedule();
  }

  /** Draws on where the pen is down. */
  penMove(...points: readonly StrokePoint[]): void {
    if (!this.isDrawing) return;
    this.#strokes = [...this.#strokes.slice(0, -1), points.reduce(extend, this.#strokes.at(-1)!)];
    this.#schedule();
  }

  penUp(): void {
    if (!this.isDrawing) return;
    this.#end();
    this.paint();
    this.events.onChange(true);
  }

  /** Lifts whatever pen is down, whose own end is not waited for: while the surface is out of the page nothing is heard of it. */
  release(): void {
    this.#pointer = null;
    this.penUp();
  }

  /** The pixels for the model. */
  pixels(): RgbaImage {
    return this.#paintForReading().getImageData(0, 0, this.#sheet.width, this.#sheet.height);
  }

  /** The same pixels as a PNG file. */
  png(): Promise<Blob | null> {
    this.#paintForReading();
    return new Promise((resolve) => this.#read.toBlob(resolve, 'image/png'));
  }

  /** Paints what is seen; call it when the size or the colours of the surface changed. */
  paint(): void {
    const width = Math.round(this.surface.clientWidth * devicePixelRatio);
    const height = Math.round(this.surface.clientHeight * devicePixelRatio);
    if (width === 0) return;
    if (this.surface.width !== width || this.surface.height !== height) {
      this.surface.width = width;
      this.surface.height = height;
    }
    const context = this.surface.getContext('2d')!;
    context.strokeStyle = getComputedStyle(this.surface).color;
    paint(context, this.#strokes, { width, height, pen: this.#sheet.pen });
  }

  #paintForReading(): CanvasRenderingContext2D {
    const context = this.#read.getContext('2d', { willReadFrequently: true })!;
    context.strokeStyle = '#000';
    paint(context, this.#strokes, this.#sheet);
    return context;
  }

  #end(): void {
    const onEnd = this.#onEnd;
    this.#onEnd = null;
    onEnd?.();
  }

  #replace(strokes: readonly Stroke[]): void {
    this.show(strokes);
    this.events.onChange(true);
  }

  #onDown(event: PointerEvent): void {
    if (!this.enabled || event.button !== 0) return;
    if (this.#pointer !== null) {
      // A hand is often down before the pen that it holds.
      if (event.pointerType !== 'pen' || !this.#isTouch) return;
      this.#callOff();
    }
    this.surface.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.#isTouch = event.pointerType === 'touch';
    this.penDown(this.#pointOf(event));
  }

  #onMove(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    // Between two frames a pen reports several positions; all of them make the curve.
    const coalesced = event.getCoalescedEvents?.() ?? [];
    this.penMove(...(coalesced.length > 0 ? coalesced : [event]).map((each) => this.#pointOf(each)));
  }

  #onUp(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.penUp();
  }

  /** So a browser says that the hand which touched was none that writes, or that the system took the gesture. */
  #onCancel(event: PointerEvent): void {
    if (event.pointerId === this.#pointer) this.#callOff();
  }

  /** The stroke under the pointer is taken back. */
  #callOff(): void {
    this.#pointer = null;
    if (this.isDrawing) this.undo();
  }

  #schedule(): void {
    cancelAnimationFrame(this.#repaint);
    this.#repaint = requestAnimationFrame(() => {
      this.paint();
      if (this.isDrawing) this.events.onChange(false);
    });
  }

  #pointOf(event: PointerEvent): StrokePoint {
    const { left, top, height } = this.surface.getBoundingClientRect();
    return {
      x: (event.clientX - left) / height,
      y: (event.clientY - top) / height,
      weight: weightOf(event.pointerType, event.pressure),
    };
  }
}
