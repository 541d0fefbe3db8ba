import { INPUT_SIDE } from '../../core/image.js';
import { element } from '../dom.js';
import { percent } from '../format.js';
import type { DigitResult } from './events.js';

/** What the notes under the answer say for each reason. */
export const NOTES: { [Reason in NonNullable<DigitResult['reason']>]: string } = {
  blank: 'No ink to read.',
  'no-contrast': 'The marks are too faint to read.',
  'low-confidence': 'Not sure: this may be no digit.',
  'unlike-digits': 'This does not look like a digit.',
};

/** Why not to rely on the answer; else what came second. */
export function noteOn({ reason, probabilities, digit }: DigitResult): string {
  if (reason) return NOTES[reason];
  const others = probabilities.map((share, label) => (label === digit ? 0 : share));
  const second = Math.max(...others);
  return second < 0.01 ? 'No other above 1%' : `or ${others.indexOf(second)}, ${percent(second)}`;
}

/** A row of the ten: label, bar, value. */
export function createBar(label: number) {
  const fill = element('span', { class: 'fill' });
  const value = element('span', { class: 'value' });
  const row = element(
    'li',
    { class: 'bar', part: 'bar' },
    element('span', {}, String(label)),
    element('span', { class: 'track', 'aria-hidden': 'true' }, fill),
    value,
  );
  return {
    row,
    /** @param share null where there is no answer */
    show(share: number | null, best: boolean): void {
      fill.style.setProperty('--share', (share ?? 0).toFixed(4));
      value.textContent = share === null ? '' : percent(share);
      row.dataset.best = String(best);
    },
  };
}

/** The model's input as grey values, white ink on black as MNIST has it. */
export function paintSeen(canvas: HTMLCanvasElement, input: Float32Array | undefined): void {
  const image = new ImageData(INPUT_SIDE, INPUT_SIDE);
  new Uint32Array(image.data.buffer).forEach((_, index) => {
    const grey = Math.round((input?.[index] ?? 0) * 255);
    image.data.set([grey, grey, grey, 255], index * 4);
  });
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
