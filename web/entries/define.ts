import { DigitClassifierElement } from '../element/digit-classifier-element.js';

/** Registers `<digit-classifier>`, once, whichever copy of this module comes first. */
// Node has no registry, and importing `tenfold/web` there must not fail.
if (!globalThis.customElements?.get('digit-classifier'))
  globalThis.customElements?.define('digit-classifier', DigitClassifierElement);

declare global {
  interface HTMLElementTagNameMap {
    'digit-classifier': DigitClassifierElement;
  }
}
