import { html, type Markup } from '../../core/markup.js';

/** A description as the document has it: text, with code between backticks. */
export const prose = (text: string): Markup =>
  html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
