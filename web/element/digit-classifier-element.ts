import type { TenfoldError } from '../../core/errors.js';
import { letGo } from '../loading/classifier.js';
import type { ModelSummary } from '../worker/protocol.js';
import { AttributeElement } from './attributes.js';
import { CameraStage } from './camera.js';
import { DrawPad, SHEETS } from './draw-pad.js';
import { type DigitClassifierEvents, type DigitResult, digitEvent } from './events.js';
import { nameByLabels, sanitised, tellForm } from './form-value.js';
import { KeyboardPen } from './keyboard-pen.js';
import { ModelLink } from './model-link.js';
import { listenForPictures } from './picture-input.js';
import { Reader } from './reader.js';
import { type GivenPicture, type PictureSource, pictureOf } from './sources.js';
import { readStrokes, writeStrokes } from './strokes.js';
import { watchSurroundings } from './surroundings.js';
import { languageAround, type Speech, speechOf, type Texts, type Trouble } from './texts.js';
import { createView, type View } from './view.js';

interface Parts {
  view: View;
  pad: DrawPad;
  reader: Reader;
  stage: CameraStage;
}

/**
 * `<digit-classifier>`: a draw pad and picture reader that names the digit or number, in the page itself; docs/element.md has its
 * attributes, events, parts and custom properties. Importing this module registers nothing; import `tenfold/web` for that.
 */
export class DigitClassifierElement extends AttributeElement {
  readonly #link = new ModelLink({
    onProgress: (progress, isSlow) => {
      this.#ui.view.showStatus({ kind: 'loading', progress, isSlow });
      this.#tell('digit-progress', { ...progress });
    },
    onReady: (model) => {
      this.#showReady(model);
      this.#tell('digit-load', { model });
      const { pad, reader } = this.#ui;
      // An element that only moved in the page has its answer.
      if (reader.isRead) return;
      if (!pad.isEmpty) void reader.readPad();
      else if (reader.isOverdue) this.#readAgain();
    },
    onFailure: (error) => {
      this.#ui.view.showStatus({ kind: 'failed', error });
      this.#tell('digit-error', { error });
    },
    onNotice: (error) => this.#complain('storage', error),
  });
  #parts: Parts | undefined;
  #connection: AbortController | undefined;
  /** Somebody has seen or touched the element, so a new `src` is loaded at once. */
  #hasBegun = false;
  /** By itself or by a fieldset around. */
  #isDisabled = false;
  #result: DigitResult | null = null;
  #value = '';
  /** What is shown is not read yet. */
  #isPending = false;
  /** Somebody drew, gave a picture or set a value, so that the `value` attribute no longer shows. */
  #isDirty = false;
  #ownTexts: Partial<Texts> = {};
  #speech: Speech = speechOf('en', {});

  /** What the form sends: what was read and accepted, else empty. What is set is shown in a drawing's place; all but digits is empty. */
  get value(): string {
    return this.#value;
  }
  set value(value: string) {
    // Frameworks set what they are given: a number, or nothing.
    const text = String(value ?? '');
    this.#isDirty = true;
    // A page that hands back what it was told means the drawing to stay.
    if (text === '' || text !== this.#value) this.#put(text);
  }

  /** Texts that stand for the element's own, in a language that it has not or in other words. */
  get texts(): Partial<Texts> {
    return this.#ownTexts;
  }
  set texts(texts: Partial<Texts>) {
    this.#ownTexts = texts ?? {};
    this.#speak();
  }

  /** The model in use; null until `digit-load`. */
  get model(): ModelSummary | null {
    return this.#link.model;
  }

  /** The answer shown; null before the first one. */
  get result(): DigitResult | null {
    return this.#result;
  }

  /** Loads the model now rather than when the element is first seen. @throws TenfoldError as `digit-error` carries */
  async load(): Promise<ModelSummary> {
    this.#hasBegun = true;
    return this.#link.load(this.src);
  }

  /** Reads a picture, shows it in the pad's place, and answers. @throws TenfoldError what `pictureOf` and `load` throw */
  async classify(source: PictureSource): Promise<DigitResult> {
    return this.#read(source);
  }

  /** Takes the last stroke back; where there is none, what is there stays. */
  undo(): void {
    this.#ui.pad.undo();
  }

  /** Empties the pad. */
  clear(): void {
    this.#leave();
    this.#ui.pad.clear();
  }

  /** What is shown, as a file: the picture given, or the drawing as PNG; null where the pad is empty. */
  async toBlob(): Promise<Blob | null> {
    const { reader, pad } = this.#ui;
    if (reader.picture) return reader.picture.toBlob();
    return pad.isEmpty ? null : pad.png();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { view, stage, pad } = this.#ui;
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    listenForPictures(
      this,
      view.chooser,
      {
        onPicture: (file) => void this.#show(file),
        onHover: (isHovered) => view.changePad({ isHovered }),
        isOpen: () => this.#isEditable && this.mode !== 'draw',
      },
      signal,
    );
    const touched = () => {
      nameByLabels(this.internals, this.#speech.texts.name);
      if (!this.#hasBegun) this.#begin();
    };
    for (const touch of ['pointerdown', 'focusin']) this.addEventListener(touch, touched, { signal });
    watchSurroundings(
      this,
      view.ink,
      { onSeen: () => this.#begin(), onLook: () => pad.paint(), onLanguage: () => this.#speak() },
      signal,
    );
    stage.stayWith(this.ownerDocument, signal);
    this.#speak();
  }

  disconnectedCallback(): void {
    this.#connection?.abort();
    this.#ui.pad.release();
    this.#hasBegun = false;
    this.#link.drop();
  }

  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (before === after) return;
    const changes: { [attribute: string]: () => void } = {
      src: () => this.#reload(),
      digits: () => this.#readAgain(),
      lang: () => this.#speak(),
      value: () => {
        if (!this.#isDirty) this.#put(this.defaultValue);
      },
    };
    changes[name]?.();
    this.#update();
  }

  formDisabledCallback(isDisabled: boolean): void {
    this.#isDisabled = isDisabled;
    this.#update();
  }

  formResetCallback(): void {
    this.#isDirty = false;
    this.#put(this.defaultValue);
  }

  formStateRestoreCallback(state: File | string | FormData): void {
    if (state instanceof File) void this.#show(state);
    if (typeof state !== 'string') return;
    const strokes = readStrokes(state);
    this.value = strokes.length === 0 ? state : '';
    if (strokes.length === 0) return;
    this.#ui.pad.show(strokes);
    this.#changed();
  }

  get #ui(): Parts {
    this.#parts ??= this.#build();
    return this.#parts;
  }

  get #isEditable(): boolean {
    return !this.readOnly && !this.#isDisabled;
  }

  #build(): Parts {
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    this.adoptedCallback();
    this.internals.role = 'group';
    const view = createView(this.#speech);
    root.append(view.room);
    const pad = new DrawPad(view.ink, {
      onStart: () => this.#leave(),
      onChange: (isSettled) => {
        reader.begin(isSettled);
        this.#changed();
      },
    });
    const reader: Reader = new Reader(pad, this.#link, {
      onAnswer: (result, isSettled) => this.#answer(result, isSettled),
      onTrouble: (error) => this.#complain('answer', error),
    });
    const stage: CameraStage = new CameraStage(view.video, {
      onState: (camera) => view.changePad({ camera, ...(camera === 'opening' && { notice: null }) }),
      onTrouble: (error) => this.#complain('camera', error),
    });
    new KeyboardPen(view.ink, pad, {
      onMove: (place) => view.showCursor(place, pad.sheet),
      onPen: (isDown) => view.announce(isDown ? this.#speech.texts.penDown : this.#speech.texts.penUp),
      onUndo: () => this.undo(),
      onClear: () => this.clear(),
    });
    view.undo.addEventListener('click', () => this.undo());
    view.clear.addEventListener('click', () => this.clear());
    view.open.addEventListener('click', () => view.chooser.click());
    view.camera.addEventListener('click', () => void stage.open());
    view.take.addEventListener('click', () => void this.#show(stage.take(), 'camera'));
    view.cancel.addEventListener('click', () => stage.close());
    view.retry.addEventListener('click', () => this.#begin());
    stage.closeWith(view.frame);
    return { view, pad, reader, stage };
  }

  /** Loads where nobody waits for the outcome: a failure is shown and told. */
  #begin(): void {
    this.load().catch(() => {});
  }

  #reload(): void {
    if (!this.#hasBegun || !this.isConnected) return;
    this.#link.drop();
    this.#begin();
  }

  /** The pad or picture holds something else: what was read of it before no longer counts. */
  #changed(): void {
    const { view, pad, reader } = this.#ui;
    this.#isDirty = true;
    this.#value = '';
    const isAnything = !pad.isEmpty || reader.picture !== null;
    if (!this.model) {
      this.#result = null;
      view.showAnswer({ kind: 'unread', isAnything });
    }
    this.#update(isAnything);
    if (!reader.picture) void reader.readPad();
  }

  #answer(result: DigitResult, isSettled: boolean): void {
    const { view, reader } = this.#ui;
    const { question } = reader;
    this.#result = result;
    this.#value = result.accepted && isSettled ? result.text : '';
    view.showAnswer({ kind: 'result', result });
    // An element that has left the page meanwhile has let go of its model.
    if (this.model) this.#showReady(this.model);
    this.#update(!isSettled);
    if (!reader.picture) this.#tell('digit-input', result);
    // Who is told may put something else there, which this is no answer to: nothing of it is told or spoken any more.
    if (!isSettled || reader.question !== question) return;
    view.announceAtRest(result);
    this.#tell('digit-change', result);
  }

  async #read(source: PictureSource | Promise<PictureSource>): Promise<DigitResult> {
    const { reader } = this.#ui;
    const question = reader.next();
    const wasThere = this.isConnected;
    const given = await pictureOf(source);
    // A picture that took longer to decode than a later one is answered, but not shown.
    if (reader.begin(true, question)) this.#showPicture(given);
    // An element that has left the page meanwhile would let go of no model any more.
    if (wasThere && !this.isConnected) throw letGo();
    return reader.readPicture(given, question, this.load());
  }

  /** Reads a picture that the person gave; what goes wrong is shown rather than thrown. */
  async #show(source: PictureSource | Promise<PictureSource>, trouble: Trouble = 'picture'): Promise<void> {
    try {
      await this.#read(source);
    } catch (error) {
      // A model that does not load has said so itself.
      if (error !== this.#link.failure) this.#complain(trouble, error as TenfoldError);
    }
  }

  #showPicture(given: GivenPicture): void {
    const { view, pad, reader } = this.#ui;
    this.#leave();
    reader.picture = given;
    view.showPicture(given.shown);
    pad.show([]);
    this.#changed();
  }

  /** Lets go of what is in the pad's place. */
  #leave(): void {
    const { view, reader, stage } = this.#ui;
    if (stage.isOpen) stage.close();
    reader.picture = null;
    view.showPicture(null);
    view.changePad({ notice: null });
  }

  /** Shows a value that nobody drew, or nothing. */
  #put(value: string): void {
    const { view, pad, reader } = this.#ui;
    this.#leave();
    reader.begin();
    pad.show([]);
    this.#result = null;
    this.#value = sanitised(value);
    const isGiven = this.#value !== '';
    view.showAnswer(isGiven ? { kind: 'given', value } : { kind: 'unread', isAnything: false });
    this.#update(false);
  }

  #readAgain(): void {
    const { pad, reader } = this.#ui;
    reader.digits = this.digits;
    pad.sheet = SHEETS[this.digits];
    reader.begin();
    if (reader.picture) void this.#show(reader.picture.toBlob());
    else if (!pad.isEmpty) this.#changed();
  }

  #complain(trouble: Trouble, error: TenfoldError): void {
    this.#ui.view.changePad({ notice: { trouble, error } });
    this.#tell('digit-error', { error });
  }

  #showReady(model: ModelSummary): void {
    this.#ui.view.showStatus({ kind: 'ready', model, milliseconds: this.#result?.milliseconds ?? null });
  }

  #speak(): void {
    if (!this.#parts) return;
    this.#speech = speechOf(languageAround(this), this.#ownTexts);
    nameByLabels(this.internals, this.#speech.texts.name);
    this.#parts.view.speak(this.#speech);
    this.#update();
  }

  /** Makes the tools and the form follow. */
  #update(isPending = this.#isPending): void {
    if (!this.#parts) return;
    const { view, pad, reader, stage } = this.#parts;
    if (!this.#isEditable && stage.isOpen) stage.close();
    pad.enabled = this.#isEditable && this.mode !== 'upload';
    view.changePad({
      mode: this.mode,
      digits: this.digits,
      isEditable: this.#isEditable,
      isDisabled: this.#isDisabled,
      hasStrokes: !pad.isEmpty,
      hasAnything: !pad.isEmpty || this.#value !== '' || reader.picture !== null,
      sheet: pad.sheet,
    });
    // While somebody draws, nothing changes for the form from frame to frame.
    if (isPending && this.#isPending && pad.isDrawing) return;
    this.#isPending = isPending;
    tellForm(
      this.internals,
      {
        value: this.#value,
        restorable: reader.picture ? reader.picture.file : pad.isEmpty ? null : writeStrokes(pad.strokes),
        result: this.#result,
        isPending,
        isRequired: this.required,
      },
      this.#speech,
      this.mode === 'upload' ? view.open : view.ink,
    );
  }

  #tell<Type extends keyof DigitClassifierEvents>(type: Type, detail: DigitClassifierEvents[Type]): void {
    this.dispatchEvent(digitEvent(type, detail));
  }
}
