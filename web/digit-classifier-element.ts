import type { TenfoldError } from '../core/errors.js';
import { assetUrl } from './assets.js';
import { SharedClassifier } from './classifier.js';
import { DrawPad } from './draw-pad.js';
import { type DigitClassifierEvents, type DigitResult, digitEvent } from './events.js';
import { listenForPictures } from './picture-input.js';
import { decode } from './pixels.js';
import type { Answer, ModelSummary, Picture } from './protocol.js';
import { sheetFor } from './styles.js';
import { createView, type View } from './view.js';

/** Where the bundle is, beside the worker and the runtime, unless `src` says otherwise. */
const DEFAULT_BUNDLE = 'model/';
/** How long a drawing rests before its answer is spoken, milliseconds. */
const REST = 700;

// Node has no HTMLElement, and importing this module there must not fail.
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** The element that a paste with nothing focused means: the one last used, else the first connected. */
let current: DigitClassifierElement | undefined;

/**
 * `<digit-classifier src="/model/">`: a draw pad and picture reader that names the digit, in the page itself.
 * Events: `digit-change`, `digit-load`, `digit-error` (see `DigitClassifierEvents`).
 * Importing this module registers nothing; import `tenfold/web` for that.
 */
export class DigitClassifierElement extends Base {
  static readonly observedAttributes = ['src'];

  #view: View | undefined;
  #pad: DrawPad | undefined;
  #classifier: SharedClassifier | undefined;
  #unwatch: (() => void) | undefined;
  #connection: AbortController | undefined;
  /** Somebody has seen or touched the element, so a new `src` is loaded at once. */
  #begun = false;
  #model: ModelSummary | null = null;
  #result: DigitResult | null = null;
  /** Why the model did not load, the last time that it did not. */
  #failure: TenfoldError | null = null;
  /** The picture shown in the pad's place. */
  #file: Blob | null = null;
  /** Rises with every picture or stroke, so that an answer knows whether it is still the latest question's. */
  #question = 0;
  #asking = false;
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  /** The folder that holds `manifest.json` and `model.onnx`; absolute, ends in a slash. */
  get src(): string {
    const given = this.getAttribute('src');
    if (given === null) return assetUrl(DEFAULT_BUNDLE);
    const { href } = new URL(given, this.ownerDocument.baseURI);
    return href.endsWith('/') ? href : `${href}/`;
  }

  set src(value: string) {
    this.setAttribute('src', value);
  }

  /** The model in use; null until `digit-load`. */
  get model(): ModelSummary | null {
    return this.#model;
  }

  /** The answer shown; null before the first one. */
  get result(): DigitResult | null {
    return this.#result;
  }

  connectedCallback(): void {
    const view = this.#ui;
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    current ??= this;
    listenForPictures(
      this,
      view.chooser,
      () => current === this,
      {
        onPicture: (file) => void this.#show(file),
        onHover: (hovering) => view.showHover(hovering),
      },
      signal,
    );
    const touched = () => {
      current = this;
      if (!this.#begun) this.#begin();
    };
    this.addEventListener('pointerdown', touched, { signal });
    this.addEventListener('focusin', touched, { signal });
    this.#watchSize(signal);
  }

  disconnectedCallback(): void {
    this.#connection?.abort();
    if (current === this) current = undefined;
    this.#begun = false;
    this.#drop();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before === after || !this.#begun || !this.isConnected) return;
    this.#drop();
    this.#begin();
  }

  /** Loads the model now rather than when the element is first seen. @throws TenfoldError as `digit-error` carries. */
  async load(): Promise<ModelSummary> {
    return this.#ensureLoaded();
  }

  /** Reads a picture, shows it in the pad's place, and answers. @throws TenfoldError as `digit-error` carries. */
  async read(picture: Blob): Promise<DigitResult> {
    const question = ++this.#question;
    const bitmap = await decode(picture);
    // A picture that took longer to decode than a later one to arrive is answered, but not shown.
    if (question === this.#question) this.#showPicture(picture, bitmap);
    await this.#ensureLoaded();
    return this.#ask(bitmap, 'picture', question);
  }

  /** Takes the last stroke back. */
  undo(): void {
    this.#pad?.undo();
  }

  /** Empties the pad. */
  clear(): void {
    this.#leavePicture();
    this.#pad?.clear();
  }

  /** What is shown, as a file: the picture given, or the drawing as PNG; null where the pad is empty. */
  async picture(): Promise<Blob | null> {
    if (this.#file) return this.#file;
    return this.#pad && !this.#pad.isEmpty ? this.#pad.png() : null;
  }

  get #ui(): View {
    this.#view ??= this.#build();
    return this.#view;
  }

  #build(): View {
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheetFor(this.ownerDocument)];
    const view = createView();
    root.append(view.frame);
    this.#pad = new DrawPad(view.ink, {
      onStart: () => this.#leavePicture(),
      onChange: (settled) => {
        this.#question++;
        this.#updateTools();
        if (!this.#model) this.#ui.showUnread(!this.#pad!.isEmpty);
        void this.#askPad();
        if (settled) this.#announceAtRest();
      },
    });
    view.undo.addEventListener('click', () => this.undo());
    view.clear.addEventListener('click', () => this.clear());
    view.open.addEventListener('click', () => view.chooser.click());
    view.retry.addEventListener('click', () => this.#begin());
    view.ink.addEventListener('keydown', (event) => this.#onKey(event));
    return view;
  }

  #onKey(event: KeyboardEvent): void {
    const undo = event.key === 'z' && (event.ctrlKey || event.metaKey);
    const clear = event.key === 'Backspace' || event.key === 'Delete';
    if (!undo && !clear) return;
    event.preventDefault();
    if (undo) this.undo();
    else this.clear();
  }

  #watchSize(signal: AbortSignal): void {
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      this.#begin();
    });
    seen.observe(this);
    const size = new ResizeObserver(() => this.#pad?.paint());
    size.observe(this.#ui.ink);
    signal.addEventListener('abort', () => {
      seen.disconnect();
      size.disconnect();
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#pad?.paint(), {
      signal,
    });
  }

  /** Loads where nobody waits for the outcome: `#ensureLoaded` shows and tells a failure itself. */
  #begin(): void {
    this.#ensureLoaded().catch(() => {});
  }

  /** Loads once; after a failure the next call tries again. The failure itself is shown and told by event. */
  async #ensureLoaded(): Promise<ModelSummary> {
    this.#begun = true;
    if (this.#classifier) return this.#classifier.ready;
    const classifier = SharedClassifier.acquire(this.src);
    this.#classifier = classifier;
    const view = this.#ui;
    view.showLoading(classifier.progress);
    this.#unwatch = classifier.watch({
      onProgress: (progress) => view.showLoading(progress),
      onNotice: (error) => {
        view.showNotice(error.message);
        this.#tell('digit-error', { error });
      },
    });
    try {
      const model = await classifier.ready;
      if (this.#classifier !== classifier) return model;
      this.#model = model;
      view.showReady(model);
      this.#tell('digit-load', { model });
      if (!this.#pad!.isEmpty) void this.#askPad();
      return model;
    } catch (error) {
      if (this.#classifier === classifier) this.#fail(error as TenfoldError);
      throw error;
    }
  }

  #fail(error: TenfoldError): void {
    this.#failure = error;
    this.#drop();
    this.#ui.showFailure(error);
    this.#tell('digit-error', { error });
  }

  #drop(): void {
    this.#unwatch?.();
    this.#classifier?.release();
    this.#classifier = undefined;
    this.#model = null;
  }

  /** Reads a picture that the person gave; what goes wrong is shown rather than thrown. */
  async #show(file: File): Promise<void> {
    try {
      this.#ui.announce(await this.read(file));
    } catch (error) {
      // A model that does not load has said so itself.
      if (error === this.#failure) return;
      this.#ui.showNotice((error as TenfoldError).message);
      this.#tell('digit-error', { error: error as TenfoldError });
    }
  }

  /** Asks for the drawing as it is; while an answer is under way the newest drawing waits, older ones are skipped. */
  async #askPad(): Promise<void> {
    if (this.#asking || this.#file || !this.#model) return;
    this.#asking = true;
    try {
      let asked: number;
      do {
        asked = this.#question;
        await this.#ask(this.#pad!.pixels(), 'pad', asked);
      } while (asked !== this.#question && !this.#file && this.#model);
    } catch (error) {
      this.#ui.showNotice((error as Error).message);
    } finally {
      this.#asking = false;
    }
  }

  async #ask(picture: Picture, source: DigitResult['source'], question: number): Promise<DigitResult> {
    const answer = await this.#classifier!.classify(picture);
    const result = resultOf(answer, source);
    // While drawing, an answer some strokes old is still worth showing; one to another picture is not.
    if (question === this.#question || (source === 'pad' && !this.#file)) {
      this.#result = result;
      this.#ui.showResult(result);
      this.#tell('digit-change', result);
    }
    return result;
  }

  #showPicture(file: Blob, bitmap: ImageBitmap): void {
    this.#file = file;
    this.#ui.showPicture(bitmap);
    this.#ui.showNotice(null);
    this.#pad!.wipe();
    this.#updateTools();
    if (!this.#model) this.#ui.showUnread(true);
  }

  #leavePicture(): void {
    this.#file = null;
    this.#ui.showPicture(null);
    this.#ui.showNotice(null);
  }

  #updateTools(): void {
    const strokes = !this.#pad!.isEmpty;
    this.#ui.showTools({ strokes, anything: strokes || this.#file !== null });
  }

  #announceAtRest(): void {
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      if (this.#model && this.#result) this.#ui.announce(this.#result);
    }, REST);
  }

  #tell<Type extends keyof DigitClassifierEvents>(type: Type, detail: DigitClassifierEvents[Type]): void {
    this.dispatchEvent(digitEvent(type, detail));
  }
}

function resultOf(
  { prediction, input, totalMilliseconds }: Answer,
  source: DigitResult['source'],
): DigitResult {
  return { ...prediction, source, input, milliseconds: totalMilliseconds };
}

declare global {
  interface HTMLElementTagNameMap {
    'digit-classifier': DigitClassifierElement;
  }
}
