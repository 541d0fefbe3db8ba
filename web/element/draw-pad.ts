import type { RgbaImage } from '../../core/image.js';
import { extend, paint, type Stroke, type StrokePoint, weightOf } from './strokes.js';

/**
 * Side of the canvas that the model reads, pixels: the same on every screen, so that the same strokes read the same; 8
 * times the model's input, since preparing pixels is most of an answer's time.
 */
export const PAD_SIDE = 224;

export interface DrawPadEvents {
  /** A pointer went down: the first stroke of a picture replaces what was shown before. */
  onStart(): void;
  /** The strokes changed; `settled` once no pointer is down. */
  onChange(settled: boolean): void;
}

/**
 * Pen, touch and mouse to strokes. What is seen is painted at the screen's own resolution and in the page's colours; what
 * is read is black ink on a transparent canvas of fixed size.
 */
export class DrawPad {
  #strokes: readonly Stroke[] = [];
  #pointer: number | null = null;
  #repaint = 0;
  readonly #read: HTMLCanvasElement;

  constructor(
    private readonly surface: HTMLCanvasElement,
    private readonly events: DrawPadEvents,
  ) {
    this.#read = surface.ownerDocument.createElement('canvas');
    this.#read.width = PAD_SIDE;
    this.#read.height = PAD_SIDE;
    surface.addEventListener('pointerdown', (event) => this.#down(event));
    surface.addEventListener('pointermove', (event) => this.#move(event));
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      surface.addEventListener(end, (event) => this.#up(event));
    }
  }

  get isEmpty(): boolean {
    return this.#strokes.length === 0;
  }

  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  undo(): void {
    this.#replace(this.#strokes.slice(0, -1));
  }

  clear(): void {
    this.#replace([]);
  }

  /** Wipes the pad without telling anybody: another picture takes its place. */
  wipe(): void {
    this.#strokes = [];
    this.paint();
  }

  /** The pixels for the model, `PAD_SIDE` square. */
  pixels(): RgbaImage {
    return this.#paintForReading().getImageData(0, 0, PAD_SIDE, PAD_SIDE);
  }

  /** The same pixels as a PNG file. */
  png(): Promise<Blob | null> {
    this.#paintForReading();
    return new Promise((resolve) => this.#read.toBlob(resolve, 'image/png'));
  }

  /** Paints what is seen; call it when the size or the colours of the surface changed. */
  paint(): void {
    const side = Math.round(this.surface.clientWidth * devicePixelRatio);
    if (side === 0) return;
    if (this.surface.width !== side || this.surface.height !== side) {
      this.surface.width = side;
      this.surface.height = side;
    }
    const context = this.surface.getContext('2d')!;
    context.strokeStyle = getComputedStyle(this.surface).color;
    paint(context, this.#strokes, side);
  }

  #paintForReading(): CanvasRenderingContext2D {
    const context = this.#read.getContext('2d', { willReadFrequently: true })!;
    context.strokeStyle = '#000';
    paint(context, this.#strokes, PAD_SIDE);
    return context;
  }

  #replace(strokes: readonly Stroke[]): void {
    this.#strokes = strokes;
    this.paint();
    this.events.onChange(true);
  }

  #down(event: PointerEvent): void {
    if (this.#pointer !== null || event.button !== 0) return;
    this.surface.setPointerCapture(event.pointerId);
    this.#pointer = event.pointerId;
    this.events.onStart();
    this.#strokes = [...this.#strokes, [this.#pointOf(event)]];
    this.#schedule();
  }

  #move(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    // Between two frames a pen reports several positions; all of them make the curve.
    const coalesced = event.getCoalescedEvents?.() ?? [];
    let stroke = this.#strokes.at(-1)!;
    for (const each of coalesced.length > 0 ? coalesced : [event])
      stroke = extend(stroke, this.#pointOf(each));
    this.#strokes = [...this.#strokes.slice(0, -1), stroke];
    this.#schedule();
  }

  #up(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.paint();
    this.events.onChange(true);
  }

  #schedule(): void {
    cancelAnimationFrame(this.#repaint);
    this.#repaint = requestAnimationFrame(() => {
      this.paint();
      if (this.#pointer !== null) this.events.onChange(false);
    });
  }

  #pointOf(event: PointerEvent): StrokePoint {
    const { left, top, width, height } = this.surface.getBoundingClientRect();
    return {
      x: (event.clientX - left) / width,
      y: (event.clientY - top) / height,
      weight: weightOf(event.pointerType, event.pressure),
    };
  }
}
