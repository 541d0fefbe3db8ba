import { CLASS_COUNT, INPUT_SIDE } from '../../core/image.js';
import { element } from '../dom.js';
import { bytes, milliseconds, percent } from '../format.js';
import type { LoadProgress, ModelSummary } from '../protocol.js';
import { createBar, NOTES, noteOn, paintSeen } from './answer-view.js';
import type { DigitResult } from './events.js';

/** The element's shadow tree: the controls that it listens to, and the only functions that change what is shown. */
export interface View {
  frame: HTMLElement;
  ink: HTMLCanvasElement;
  undo: HTMLButtonElement;
  clear: HTMLButtonElement;
  open: HTMLButtonElement;
  chooser: HTMLInputElement;
  retry: HTMLButtonElement;
  showResult(result: DigitResult): void;
  /** No answer: nothing is drawn yet, or something is and the model is not there to read it. */
  showUnread(anything: boolean): void;
  /** Speaks the answer; call it when the drawing rests, not on every frame. */
  announce(result: DigitResult): void;
  showLoading(progress: LoadProgress): void;
  showReady(model: ModelSummary): void;
  showFailure(error: Error): void;
  /** A word on a picture that could not be read; null takes it away. */
  showNotice(text: string | null): void;
  /** Shows a picture in the pad's place; null gives the pad back. */
  showPicture(bitmap: ImageBitmap | null): void;
  /** A file is being dragged over the element. */
  showHover(hovering: boolean): void;
  showTools(holds: { strokes: boolean; anything: boolean }): void;
}

export function createView(): View {
  const ink = element('canvas', {
    class: 'ink',
    part: 'ink',
    tabindex: 0,
    role: 'application',
    'aria-roledescription': 'draw pad',
    'aria-label': 'Draw one digit, or paste a picture. Backspace clears, Control Z takes back a stroke.',
  });
  const picture = element('canvas', { class: 'picture', part: 'picture', hidden: true });
  const hint = element(
    'p',
    { class: 'hint', part: 'hint', 'aria-hidden': 'true' },
    element('span', { class: 'lead' }, 'Draw a digit'),
    element('span', {}, 'or drop or paste a picture'),
  );
  const drop = element('p', { class: 'drop', hidden: true }, 'Drop the picture to read it');
  const undo = element('button', { type: 'button', part: 'button', disabled: true }, 'Undo');
  const clear = element('button', { type: 'button', part: 'button', disabled: true }, 'Clear');
  const open = element('button', { type: 'button', part: 'button', class: 'open' }, 'Open picture');
  const chooser = element('input', {
    type: 'file',
    accept: 'image/png,image/jpeg,image/webp,image/gif',
    hidden: true,
    'aria-label': 'Picture of a digit',
  });
  const notice = element('p', { class: 'notice', part: 'notice', role: 'alert', hidden: true });

  const digit = element('p', { class: 'digit', part: 'digit' });
  const certainty = element('p', { class: 'certainty', part: 'certainty' });
  const note = element('p', { class: 'note', part: 'note' });
  const seen = element('canvas', {
    width: INPUT_SIDE,
    height: INPUT_SIDE,
    role: 'img',
    'aria-label': 'The picture as the model sees it, 28 by 28 pixels',
  });
  const bars = Array.from({ length: CLASS_COUNT }, (_, label) => createBar(label));

  const progress = element('progress', { 'aria-label': 'Loading the model' });
  const progressText = element('p');
  const loading = element('div', { class: 'loading', hidden: true }, progressText, progress);
  const model = element('p', { class: 'model', part: 'model', hidden: true });
  const modelName = element('span');
  const timing = element('span');
  model.append(modelName, timing);
  const failureText = element('p');
  const retry = element('button', { type: 'button', part: 'button' }, 'Try again');
  const failure = element(
    'div',
    { class: 'failure', part: 'failure', role: 'alert', hidden: true },
    failureText,
    retry,
  );
  const announcement = element('p', { class: 'unseen', role: 'status' });

  const frame = element(
    'div',
    { class: 'frame', part: 'frame' },
    element(
      'div',
      { class: 'left' },
      element(
        'div',
        { class: 'pad', part: 'pad' },
        picture,
        element('div', { class: 'guide' }),
        hint,
        ink,
        drop,
      ),
      element('div', { class: 'tools', part: 'tools' }, undo, clear, open, chooser),
      notice,
    ),
    element(
      'div',
      { class: 'answer', part: 'answer' },
      element(
        'div',
        { class: 'headline' },
        digit,
        element('div', {}, certainty, note),
        element(
          'figure',
          { class: 'seen', part: 'seen' },
          seen,
          element('figcaption', {}, 'Seen by the model'),
        ),
      ),
      element('ol', { class: 'bars', part: 'bars' }, ...bars.map(({ row }) => row)),
      element('div', { class: 'foot', part: 'foot' }, loading, model, failure),
    ),
    announcement,
  );

  const showFoot = (shown: HTMLElement) => {
    for (const part of [loading, model, failure]) part.hidden = part !== shown;
  };

  const view: View = {
    frame,
    ink,
    undo,
    clear,
    open,
    chooser,
    retry,

    showResult(result) {
      const { digit: read } = result;
      digit.textContent = read === null ? '' : String(read);
      digit.dataset.sure = String(result.accepted);
      certainty.textContent = read === null ? 'Nothing there' : percent(result.confidence);
      note.textContent = noteOn(result);
      timing.textContent = `answered in ${milliseconds(result.milliseconds)}`;
      bars.forEach(({ show }, label) => {
        show(read === null ? null : result.probabilities[label]!, label === read);
      });
      paintSeen(seen, result.input);
    },

    showUnread(anything) {
      digit.textContent = '';
      certainty.textContent = anything ? 'Not read yet' : 'Nothing there';
      note.textContent = anything ? 'Waiting for the model.' : 'The answer comes as you draw.';
      for (const { show } of bars) show(null, false);
      paintSeen(seen, undefined);
    },

    announce(result) {
      announcement.textContent =
        result.digit === null
          ? `Nothing there. ${NOTES[result.reason as 'blank']}`
          : `${result.digit}, ${percent(result.confidence)}. ${result.reason ? NOTES[result.reason] : ''}`;
    },

    showLoading({ loaded, total }) {
      const known = total > 0;
      progressText.textContent = known
        ? `Loading the model: ${bytes(Math.min(loaded, total))} of ${bytes(total)}`
        : 'Loading the model';
      if (known) {
        progress.max = total;
        progress.value = loaded;
      }
      showFoot(loading);
    },

    showReady({ name, version }) {
      modelName.textContent = `${name} ${version}`;
      showFoot(model);
    },

    showFailure(error) {
      failureText.replaceChildren(element('strong', {}, 'The model did not load. '), error.message);
      showFoot(failure);
    },

    showNotice(text) {
      notice.textContent = text;
      notice.hidden = text === null;
    },

    showPicture(bitmap) {
      picture.hidden = bitmap === null;
      if (!bitmap) return;
      // For the eye only: the model reads the picture's own pixels.
      const scale = Math.min(1, 1024 / Math.max(bitmap.width, bitmap.height));
      picture.width = Math.max(1, Math.round(bitmap.width * scale));
      picture.height = Math.max(1, Math.round(bitmap.height * scale));
      picture.getContext('2d')!.drawImage(bitmap, 0, 0, picture.width, picture.height);
    },

    showHover(hovering) {
      drop.hidden = !hovering;
    },

    showTools({ strokes, anything }) {
      undo.disabled = !strokes;
      clear.disabled = !anything;
      hint.hidden = anything;
    },
  };
  view.showUnread(false);
  return view;
}
