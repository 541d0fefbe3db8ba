import { DigitClassifierElement } from './element/digit-classifier-element.js';

/** Registers `<digit-classifier>`, once, whichever copy of this module comes first. */
if (!customElements.get('digit-classifier'))
  customElements.define('digit-classifier', DigitClassifierElement);

declare global {
  interface HTMLElementTagNameMap {
    'digit-classifier': DigitClassifierElement;
  }
}
