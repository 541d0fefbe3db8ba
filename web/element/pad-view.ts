import type { TenfoldError } from '../../core/errors.js';
import { element } from '../shared/dom.js';
import type { Choice } from './choices.js';
import { SHEETS } from './draw-pad.js';
import { messageOf } from './status-view.js';
import type { Sheet } from './strokes.js';
import type { Speech, Trouble } from './texts.js';

/** What the pad and its tools are like now; everything on them follows from it. */
export interface PadState {
  mode: Choice<'mode'>;
  digits: Choice<'digits'>;
  /** The person may change what is there. */
  isEditable: boolean;
  isDisabled: boolean;
  hasStrokes: boolean;
  /** Strokes, a picture or a value. */
  hasAnything: boolean;
  /** null: it is off; else whether it shows something yet. */
  camera: 'opening' | 'on' | null;
  /** A file is being dragged over the element. */
  isHovered: boolean;
  sheet: Sheet;
  notice: { trouble: Trouble; error: TenfoldError } | null;
}

export const INITIAL_PAD: PadState = {
  mode: 'both',
  digits: 'one',
  isEditable: true,
  isDisabled: false,
  hasStrokes: false,
  hasAnything: false,
  camera: null,
  isHovered: false,
  sheet: SHEETS.one,
  notice: null,
};

const PICTURES = 'image/png,image/jpeg,image/webp,image/gif';

/** Where one draws, and the buttons under it. */
export function createPadView(boxes: SVGElement) {
  const ink = element('canvas', { class: 'ink', part: 'ink' });
  const picture = element('canvas', { class: 'picture', part: 'picture', hidden: true });
  const video = element('video', {
    class: 'video',
    part: 'video',
    hidden: true,
    muted: true,
    playsinline: true,
  });
  const hintLead = element('span', { class: 'lead' });
  const hintMore = element('span');
  const hint = element('p', { class: 'hint', part: 'hint', 'aria-hidden': 'true' }, hintLead, hintMore);
  const cursor = element('span', { class: 'cursor', part: 'cursor', hidden: true });
  const drop = element('p', { class: 'drop', part: 'drop' });
  const button = (kind: string) =>
    element('button', { type: 'button', part: `button ${kind}-button`, class: kind });
  const buttons = {
    undo: button('undo'),
    clear: button('clear'),
    open: button('open'),
    camera: button('camera'),
    take: button('take'),
    cancel: button('cancel'),
  };
  const { undo, clear, open, camera, take, cancel } = buttons;
  const chooser = element('input', { type: 'file', accept: PICTURES, hidden: true });
  // To the page these would be the element's own: a second click, and an input before there is an answer.
  for (const type of ['click', 'input']) chooser.addEventListener(type, (event) => event.stopPropagation());
  const notice = element('p', { class: 'notice', part: 'notice', role: 'alert', hidden: true });
  const pad = element(
    'div',
    { class: 'pad', part: 'pad' },
    picture,
    element('div', { class: 'guide', part: 'guide' }),
    hint,
    boxes,
    ink,
    cursor,
    video,
    drop,
  );
  // Where there is no room for all in one line, these two go to the next one together.
  const sources = element('div', { class: 'sources' }, open, camera);
  const tools = element(
    'div',
    { class: 'tools', part: 'tools' },
    undo,
    clear,
    take,
    cancel,
    sources,
    chooser,
  );

  const showInk = ({ mode, digits, isEditable, isDisabled, sheet }: PadState, { texts }: Speech) => {
    const isWritable = isEditable && mode !== 'upload';
    pad.style.aspectRatio = `${sheet.width} / ${sheet.height}`;
    pad.dataset.digits = digits;
    pad.dataset.writable = String(isWritable);
    ink.setAttribute('role', isWritable ? 'application' : 'img');
    ink.setAttribute('aria-label', isWritable ? padLabel(digits, texts) : texts.name);
    if (isWritable) {
      ink.setAttribute('tabindex', '0');
      ink.setAttribute('aria-roledescription', texts.padRole);
    } else {
      ink.removeAttribute('tabindex');
      ink.removeAttribute('aria-roledescription');
    }
    pad.dataset.disabled = String(isDisabled);
  };

  const showTools = (state: PadState, { texts }: Speech) => {
    const { mode, isEditable, camera: filming } = state;
    const draws = mode !== 'upload';
    const opens = mode !== 'draw';
    const rows: [HTMLButtonElement, string, { isThere: boolean; isUsable: boolean }][] = [
      [undo, texts.undo, { isThere: draws && !filming, isUsable: state.hasStrokes }],
      [clear, texts.clear, { isThere: !filming, isUsable: state.hasAnything }],
      [open, texts.open, { isThere: opens && !filming, isUsable: true }],
      [camera, texts.camera, { isThere: opens && !filming, isUsable: true }],
      [take, texts.take, { isThere: filming !== null, isUsable: filming === 'on' }],
      [cancel, texts.cancel, { isThere: filming !== null, isUsable: true }],
    ];
    for (const [tool, text, { isThere, isUsable }] of rows) {
      tool.textContent = text;
      tool.hidden = !isThere || (!isEditable && !state.isDisabled);
      tool.disabled = !isUsable || !isEditable;
    }
    tools.hidden = rows.every(([tool]) => tool.hidden);
    chooser.setAttribute('aria-label', texts.chooser);
  };

  const showHint = (
    { mode, digits, camera: filming, hasAnything, isEditable }: PadState,
    { texts }: Speech,
  ) => {
    hint.hidden = filming === 'on' || (filming === null && (hasAnything || !isEditable));
    if (filming === 'opening') {
      hintLead.textContent = texts.cameraWait;
      hintMore.textContent = '';
    } else if (mode === 'upload') {
      hintLead.textContent = texts.hintPictureOnly;
      hintMore.textContent = '';
    } else {
      hintLead.textContent = digits === 'one' ? texts.hint : texts.hintMany;
      hintMore.textContent = mode === 'both' ? texts.hintPicture : '';
    }
  };

  return {
    left: element('div', { class: 'left' }, pad, tools, notice),
    ink,
    video,
    chooser,
    ...buttons,

    show(state: PadState, speech: Speech): void {
      const { texts } = speech;
      const hadFocus = Object.values(buttons).find((tool) => tool.matches(':focus'));
      const couldNotTake = take.disabled;
      showInk(state, speech);
      showTools(state, speech);
      // Who pressed a button that is gone goes on from the one that took its place, or from the pad that is empty now.
      const isGone = hadFocus?.hidden || hadFocus?.disabled;
      if (isGone || (hadFocus === cancel && couldNotTake && !take.disabled)) {
        const isEmptied = hadFocus === undo || hadFocus === clear;
        const next = isEmptied ? [open, camera] : [take, cancel, camera];
        const isWritable = isEmptied && ink.hasAttribute('tabindex');
        (isWritable ? ink : next.find((tool) => !tool.hidden && !tool.disabled))?.focus();
      }
      showHint(state, speech);
      video.hidden = state.camera !== 'on';
      video.setAttribute('aria-label', texts.cameraLabel);
      drop.hidden = !state.isHovered;
      drop.textContent = texts.drop;
      notice.hidden = state.notice === null;
      notice.replaceChildren(
        ...(state.notice ? messageOf(state.notice.trouble, state.notice.error, speech) : []),
      );
    },

    /** Shows a picture in the drawing's place; null gives the pad back. */
    showPicture(bitmap: ImageBitmap | null): void {
      picture.hidden = bitmap === null;
      if (!bitmap) return;
      // For the eye only: the model reads the picture's own pixels.
      const scale = Math.min(1, 1024 / Math.max(bitmap.width, bitmap.height));
      picture.width = Math.max(1, Math.round(bitmap.width * scale));
      picture.height = Math.max(1, Math.round(bitmap.height * scale));
      picture.getContext('2d')!.drawImage(bitmap, 0, 0, picture.width, picture.height);
    },

    /** Where the keyboard's pen is, in units of the pad's height. */
    showCursor(place: { x: number; y: number } | null, { width, height, pen }: Sheet): void {
      cursor.hidden = place === null;
      if (!place) return;
      cursor.style.insetInlineStart = 'auto';
      cursor.style.left = `${(place.x * 100 * height) / width}%`;
      cursor.style.top = `${place.y * 100}%`;
      cursor.style.width = `${(pen * 100 * height) / width}%`;
    },
  };
}

const padLabel = (digits: Choice<'digits'>, texts: Speech['texts']): string =>
  digits === 'one' ? texts.padLabel : texts.padLabelMany;
