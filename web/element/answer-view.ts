import { CLASS_COUNT, INPUT_SIDE } from '../../core/image.js';
import { element } from '../shared/dom.js';
import type { DigitReading, DigitResult } from './events.js';
import { createNumberView } from './number-view.js';
import type { Speech } from './texts.js';

/** What the answer's place shows. */
export type Shown =
  | { kind: 'result'; result: DigitResult }
  /** Nothing is drawn, or something is and the model is not there to read it. */
  | { kind: 'unread'; isAnything: boolean }
  /** The page or a form put the value in. */
  | { kind: 'given'; value: string };

export interface AnswerView {
  frame: HTMLElement;
  /** Over the pad: where a number's digits are. */
  boxes: SVGElement;
  show(shown: Shown, speech: Speech): void;
}

/** A row of the ten: label, bar, value. */
function createBar(label: number) {
  const fill = element('span', { class: 'fill', part: 'bar-fill' });
  const value = element('span', { class: 'value', part: 'bar-value' });
  const row = element(
    'li',
    { class: 'bar', part: 'bar' },
    element('span', {}, String(label)),
    element('span', { class: 'track', part: 'bar-track', 'aria-hidden': 'true' }, fill),
    value,
  );
  return {
    row,
    /** @param share null where there is no answer */
    show(share: number | null, isBest: boolean, { formats }: Speech): void {
      fill.style.setProperty('--share', (share ?? 0).toFixed(4));
      value.textContent = share === null ? '' : formats.percent(share);
      row.dataset.best = String(isBest);
    },
  };
}

/** Why not to rely on the answer; else what came second. */
export function noteOn(
  {
    digit,
    accepted,
    reason,
    probabilities,
  }: Pick<DigitReading, 'digit' | 'accepted' | 'reason' | 'probabilities'>,
  { texts, formats }: Speech,
): string {
  if (digit === null) return texts.notes[reason!];
  if (!accepted) return texts.closest(String(digit), formats.percent(probabilities[digit]!));
  const others = probabilities.map((share, label) => (label === digit ? 0 : share));
  const second = Math.max(...others);
  return second < 0.01
    ? texts.noSecond
    : texts.second(String(others.indexOf(second)), formats.percent(second));
}

/** What is spoken of an answer. */
export function spokenOf(result: DigitResult, { texts, formats }: Speech): string {
  if (result.reason) return `${texts.refused[result.reason]}. ${texts.notes[result.reason]}`;
  return texts.spoken(result.text.replaceAll('\n', ', '), formats.percent(sureness(result)));
}

const sureness = (result: DigitResult): number =>
  result.digits === 'one'
    ? result.confidence
    : Math.min(...result.lines.flatMap(({ digits }) => digits).map(({ confidence }) => confidence));

/** The model's input as grey values, white ink on black as MNIST has it. */
export function paintSeen(canvas: HTMLCanvasElement, input: Float32Array | undefined): void {
  const image = new ImageData(INPUT_SIDE, INPUT_SIDE);
  for (let index = 0; index < INPUT_SIDE * INPUT_SIDE; index++) {
    const grey = Math.round((input?.[index] ?? 0) * 255);
    image.data.set([grey, grey, grey, 255], index * 4);
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

/** The answer: what was read, how sure the model is, what it saw, and ten bars. */
export function createAnswerView(): AnswerView {
  const digit = element('p', { class: 'digit', part: 'digit', dir: 'ltr' });
  const certainty = element('p', { class: 'certainty', part: 'certainty' });
  const note = element('p', { class: 'note', part: 'note' });
  const seen = element('canvas', { width: INPUT_SIDE, height: INPUT_SIDE, role: 'img' });
  const caption = element('figcaption', { 'aria-hidden': 'true' });
  const figure = element('figure', { class: 'seen', part: 'seen' }, seen, caption);
  const bars = Array.from({ length: CLASS_COUNT }, (_, label) => createBar(label));
  const list = element('ol', { class: 'bars', part: 'bars' }, ...bars.map(({ row }) => row));
  const number = createNumberView();
  const headline = element(
    'div',
    { class: 'headline', part: 'headline' },
    digit,
    element('div', {}, certainty, note),
    figure,
  );

  const showBars = (probabilities: readonly number[] | null, best: number | null, speech: Speech) => {
    bars.forEach(({ show }, label) => {
      show(probabilities?.[label] ?? null, label === best, speech);
    });
  };
  const showHead = (texts: { digit: string; certainty: string; note: string }) => {
    digit.textContent = texts.digit;
    certainty.textContent = texts.certainty;
    note.textContent = texts.note;
  };

  const showDigit = (result: DigitReading, speech: Speech) => {
    const { texts, formats } = speech;
    const { accepted, reason, confidence, input } = result;
    showHead({
      digit: accepted ? String(result.digit) : '',
      certainty: reason ? texts.refused[reason] : formats.percent(confidence),
      note: noteOn(result, speech),
    });
    showBars(result.digit === null ? null : result.probabilities, accepted ? result.digit : null, speech);
    paintSeen(seen, input);
  };

  const showNumber = (result: Extract<DigitResult, { digits: 'many' }>, speech: Speech) => {
    const { texts, formats } = speech;
    const { reason, lines } = result;
    const digits = lines.flatMap((line) => line.digits);
    const weakest = [...digits].sort((a, b) => a.confidence - b.confidence)[0];
    showHead({
      // What is refused is not guessed at; its button has the closest.
      digit: lines
        .map((line) => line.digits.map(({ digit, accepted }) => (accepted ? digit : '?')).join(''))
        .join('\n'),
      certainty: reason ? texts.refused[reason] : formats.percent(sureness(result)),
      note: !weakest
        ? texts.notes[reason!]
        : weakest.confidence >= 0.99 && !reason
          ? texts.sureOfAll
          : texts.leastSure(String(weakest.digit), formats.percent(weakest.confidence)),
    });
    number.show(result, speech, (chosen, place) => {
      list.setAttribute('aria-label', texts.barsOf(String(chosen.digit), place + 1));
      showBars(chosen.probabilities, chosen.accepted ? chosen.digit : null, speech);
    });
  };

  return {
    frame: element('div', { class: 'answer', part: 'answer' }, headline, number.list, list),
    boxes: number.boxes,
    show(shown, speech) {
      const { texts } = speech;
      const isMany = shown.kind === 'result' && shown.result.digits === 'many';
      headline.dataset.many = String(isMany || (shown.kind === 'given' && shown.value.length > 1));
      headline.dataset.sure = String(shown.kind !== 'result' || shown.result.accepted);
      caption.textContent = texts.seen;
      seen.setAttribute('aria-label', texts.seenLabel);
      list.setAttribute('aria-label', texts.bars);
      number.hide();
      figure.hidden = isMany;
      if (shown.kind === 'result') {
        if (shown.result.digits === 'one') showDigit(shown.result, speech);
        else {
          showBars(null, null, speech);
          showNumber(shown.result, speech);
        }
        return;
      }
      showBars(null, null, speech);
      paintSeen(seen, undefined);
      if (shown.kind === 'given') showHead({ digit: shown.value, certainty: texts.given, note: '' });
      else if (shown.isAnything) showHead({ digit: '', certainty: texts.unread, note: texts.unreadNote });
      else showHead({ digit: '', certainty: texts.nothing, note: texts.emptyNote });
    },
  };
}
