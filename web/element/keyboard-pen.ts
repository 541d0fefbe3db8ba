import type { DrawPad } from './draw-pad.js';

/** How far one press of an arrow moves the pen, in units of the pad's height; with Shift a quarter of it. */
const STEP = 0.04;

const ARROWS: { readonly [key: string]: readonly [x: number, y: number] } = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Control Z of any layout: one whose letters are not Latin has Z where others do. With Shift it means to do again. */
const isUndo = ({ key, code, shiftKey }: KeyboardEvent): boolean =>
  !shiftKey && (key.toLowerCase() === 'z' || (code === 'KeyZ' && key > '~'));

export interface KeyboardPenEvents {
  /** The pen is elsewhere, in units of the pad's height; null: nobody uses it. */
  onMove(place: { x: number; y: number } | null): void;
  /** The pen was put down or lifted. */
  onPen(isDown: boolean): void;
  onUndo(): void;
  onClear(): void;
}

/** Draws by keyboard: arrows move a pen (two at once: aslant), Space puts it down and lifts it; Control Z and Backspace take back. */
export class KeyboardPen {
  #x = 0.5;
  #y = 0.2;
  #isDown = false;
  readonly #held = new Set<string>();

  constructor(
    surface: HTMLElement,
    private readonly pad: DrawPad,
    private readonly events: KeyboardPenEvents,
  ) {
    surface.addEventListener('keydown', (event) => this.#onKey(event));
    surface.addEventListener('keyup', ({ key }) => this.#held.delete(key));
    surface.addEventListener('blur', () => this.#leave());
    surface.addEventListener('pointerdown', () => this.#leave());
  }

  #onKey(event: KeyboardEvent): void {
    const { key } = event;
    if (!this.pad.enabled || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (!isUndo(event)) return;
      event.preventDefault();
      this.events.onUndo();
    } else if (key === 'Backspace' || key === 'Delete') {
      event.preventDefault();
      this.events.onClear();
    } else if (Object.hasOwn(ARROWS, key)) {
      event.preventDefault();
      this.#held.add(key);
      this.#move(event.shiftKey ? STEP / 4 : STEP);
    } else if (key === ' ') {
      // Held, it is no second press, and would scroll the page.
      event.preventDefault();
      if (!event.repeat) this.#toggle();
    }
  }

  #move(step: number): void {
    const { width, height } = this.pad.sheet;
    for (const key of this.#held) {
      const [x, y] = ARROWS[key]!;
      this.#x = Math.min(Math.max(this.#x + x * step, 0), width / height);
      this.#y = Math.min(Math.max(this.#y + y * step, 0), 1);
    }
    if (this.#isDown) this.pad.penMove(this.#place);
    this.events.onMove(this.#place);
  }

  #toggle(): void {
    if (this.#isDown) this.pad.penUp();
    else {
      this.#isDown = true;
      this.pad.penDown(this.#place, () => {
        this.#isDown = false;
        this.events.onPen(false);
      });
      this.events.onPen(true);
    }
    this.events.onMove(this.#place);
  }

  #leave(): void {
    this.#held.clear();
    if (this.#isDown) this.pad.penUp();
    this.events.onMove(null);
  }

  get #place() {
    return { x: this.#x, y: this.#y, weight: 1 };
  }
}
