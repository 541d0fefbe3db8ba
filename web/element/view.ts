import { element } from '../shared/dom.js';
import { createAnswerView, type Shown, spokenOf } from './answer-view.js';
import type { DigitResult } from './events.js';
import { createPadView, INITIAL_PAD, type PadState } from './pad-view.js';
import { createStatusView, type Status } from './status-view.js';
import type { Speech } from './texts.js';

/** How long an answer stands before it is spoken, milliseconds. */
const REST = 700;

const isSlow = (status: Status): boolean => status.kind === 'loading' && status.isSlow;

/**
 * The element's shadow tree: the controls that it listens to, and the only functions that change what is shown. Each part keeps what
 * it showed last, so that another language is a matter of showing it again.
 */
export function createView(initial: Speech) {
  const answer = createAnswerView();
  const pad = createPadView(answer.boxes);
  const status = createStatusView();
  const announcement = element('p', { class: 'unseen', role: 'status' });
  answer.frame.append(status.frame);
  const frame = element('div', { class: 'frame', part: 'frame' }, pad.left, answer.frame, announcement);
  const room = element('div', { class: 'room' }, frame);

  let speech = initial;
  let padState = INITIAL_PAD;
  let shown: Shown = { kind: 'unread', isAnything: false };
  let stands: Status = { kind: 'idle' };
  let rest: ReturnType<typeof setTimeout> | undefined;

  const view = {
    ...pad,
    frame,
    /** All of it. */
    room,
    retry: status.retry,
    /** @param bitmap null gives the pad back */
    showPicture(bitmap: ImageBitmap | null): void {
      // Its answer may be that of the picture before, and the same text is not spoken again.
      if (bitmap) announcement.textContent = '';
      pad.showPicture(bitmap);
    },
    /** Does nothing where nothing changes: it is called on every frame while somebody draws. */
    changePad(change: Partial<PadState>): void {
      const keys = Object.keys(change) as (keyof PadState)[];
      if (keys.every((key) => change[key] === padState[key])) return;
      padState = { ...padState, ...change };
      pad.show(padState, speech);
    },
    showAnswer(next: Shown): void {
      clearTimeout(rest);
      shown = next;
      answer.show(next, speech);
    },
    showStatus(next: Status): void {
      // It is told many times a second, and would take the place of what is spoken meanwhile.
      if (isSlow(next) && !isSlow(stands)) view.announce(speech.texts.slow);
      const hadFocus = status.retry.matches(':focus');
      stands = next;
      status.show(next, speech);
      // Who pressed the button that is gone goes on at the pad, or where pictures are opened.
      if (hadFocus && next.kind !== 'failed') (pad.ink.hasAttribute('tabindex') ? pad.ink : pad.open).focus();
    },
    /** Says it all again, in another language. */
    speak(next: Speech): void {
      speech = next;
      frame.lang = speech.language;
      pad.show(padState, speech);
      answer.show(shown, speech);
      status.show(stands, speech);
    },
    /** Speaks to who listens rather than looks; for answers at rest, not for every frame. */
    announce(text: string): void {
      clearTimeout(rest);
      if (announcement.textContent !== text) announcement.textContent = text;
    },
    /** Speaks the answer shown, unless another takes its place, or something else is spoken, before it has rested. */
    announceAtRest(result: DigitResult): void {
      rest = setTimeout(() => view.announce(spokenOf(result, speech)), REST);
    },
  };
  view.speak(speech);
  return view;
}

export type View = ReturnType<typeof createView>;
