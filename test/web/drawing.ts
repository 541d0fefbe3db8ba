import type { Page } from 'playwright-core';
import { answerOf, drawDigit, modelLoaded } from '../../bench/web/drawing.js';

export { answerOf, drawDigit, modelLoaded, padOf } from '../../bench/web/drawing.js';

/** Draws a 0 on the element `#a` and a 1 on `#b`, and waits until each has read its own. */
export async function drawOnBoth(page: Page): Promise<void> {
  const elements = ['#a', '#b'];
  for (const element of elements) await modelLoaded(page, element);
  for (const [digit, element] of elements.entries()) await drawDigit(page, digit, element);
  for (const [digit, element] of elements.entries()) {
    await answerOf(page, element).getByText(String(digit)).waitFor();
  }
}
