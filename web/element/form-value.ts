import type { DigitResult } from './events.js';
import type { Speech } from './texts.js';

/** What a form may know of the element. */
export interface FormState {
  /** What was read, or what the page set; empty where neither is. */
  value: string;
  /** What is drawn or shown, so that a form that is restored has it again. */
  restorable: File | string | null;
  /** The answer to it; null where there is none yet. */
  result: DigitResult | null;
  /** Whether there is something that is not read yet. */
  isPending: boolean;
  isRequired: boolean;
}

/** Tells the form what it sends, and why it must not; `anchor` is where a browser points to. */
export function tellForm(
  internals: ElementInternals,
  { value, restorable, result, isPending, isRequired }: FormState,
  { texts }: Speech,
  anchor: HTMLElement,
): void {
  internals.setFormValue(value === '' ? null : value, restorable ?? value);
  if (value !== '') internals.setValidity({});
  else if (isPending) internals.setValidity({ customError: true }, texts.unread, anchor);
  else if (result?.reason && result.reason !== 'blank') {
    const { reason } = result;
    internals.setValidity({ customError: true }, `${texts.refused[reason]}. ${texts.notes[reason]}`, anchor);
  } else if (isRequired) internals.setValidity({ valueMissing: true }, texts.missing, anchor);
  else internals.setValidity({});
}

/** Names the element as its labels do, else like this; a label may come, go or change at any time, and no browser tells of it. */
export function nameByLabels(internals: ElementInternals, otherwise: string): void {
  const given = Array.from(internals.labels, ({ textContent }) => textContent?.trim()).join(' ');
  internals.ariaLabel = given || otherwise;
}

/** What a page may set as a value: digits, in lines; all else is taken as nothing. */
export const sanitised = (value: string): string => (/^\d+(\n\d+)*$/.test(value) ? value : '');
