import type { PlacedDigit } from '../../core/predict-numbers.js';
import { element } from '../shared/dom.js';
import type { NumberReading } from './events.js';
import type { Speech } from './texts.js';

const SVG = 'http://www.w3.org/2000/svg';

function shape(name: 'svg' | 'rect', attributes: Record<string, string | number>): SVGElement {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

/** The digits of a number as a row of buttons, and a box around each in the picture; one of them is chosen to be looked at. */
export function createNumberView() {
  const list = element('div', { class: 'digits', part: 'digits', role: 'group', hidden: true });
  const boxes = shape('svg', { class: 'boxes', part: 'boxes', 'aria-hidden': 'true' });
  let rects: SVGElement[] = [];
  let buttons: HTMLButtonElement[] = [];

  const clear = () => {
    list.hidden = true;
    list.replaceChildren();
    boxes.replaceChildren();
  };

  return {
    list,
    boxes,
    hide: clear,
    /** @param onChoose is called with the digit that the bars are to show, at once with the least sure one */
    show(
      { lines, width, height }: NumberReading,
      { texts, formats }: Speech,
      onChoose: (digit: PlacedDigit, place: number) => void,
    ): void {
      const digits = lines.flatMap((line) => line.digits);
      if (digits.length === 0) return;
      // A focused button is replaced while the reader draws on only, not while they look.
      const choose = (place: number) => {
        for (const [index, rect] of rects.entries()) {
          rect.dataset.chosen = String(index === place);
          buttons[index]!.setAttribute('aria-pressed', String(index === place));
        }
        onChoose(digits[place]!, place);
      };
      boxes.setAttribute('viewBox', `0 0 ${width} ${height}`);
      rects = digits.map(({ box: { left, top, width: across, height: down } }) =>
        shape('rect', { x: left, y: top, width: across, height: down, part: 'box', class: 'box' }),
      );
      boxes.replaceChildren(...rects);
      buttons = digits.map(({ digit, confidence, accepted }, place) => {
        const button = element(
          'button',
          { type: 'button', class: 'chip', part: 'digit-button' },
          element('span', {}, String(digit)),
          element('small', {}, formats.percent(confidence)),
        );
        button.dataset.sure = String(accepted);
        button.addEventListener('click', () => choose(place));
        return button;
      });
      list.setAttribute('aria-label', texts.numberDigits);
      list.replaceChildren(...buttons);
      list.hidden = false;
      const least = digits.reduce(
        (lowest, { confidence }, place) => (confidence < digits[lowest]!.confidence ? place : lowest),
        0,
      );
      choose(least);
    },
  };
}
