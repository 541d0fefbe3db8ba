import type { TenfoldError } from '../../core/errors.js';
import { element } from '../shared/dom.js';
import type { LoadProgress, ModelSummary } from '../worker/protocol.js';
import type { Speech, Trouble } from './texts.js';

/** How it stands with the model. */
export type Status =
  | { kind: 'idle' }
  | { kind: 'loading'; progress: LoadProgress; isSlow: boolean }
  | { kind: 'ready'; model: ModelSummary; milliseconds: number | null }
  | { kind: 'failed'; error: TenfoldError };

/** A message in three parts: what did not work, why in a word, and exactly; the last is in English. */
export function messageOf(
  trouble: Trouble,
  { code, message }: TenfoldError,
  { texts }: Speech,
): (Node | string)[] {
  return [
    element('strong', {}, texts.trouble[trouble]),
    ' ',
    element('span', {}, texts.reasons[code]),
    element('span', { class: 'detail', lang: 'en', dir: 'ltr' }, message),
  ];
}

/** The foot of the element: progress, the model's name, or why there is none and a way to try again. */
export function createStatusView() {
  const progress = element('progress', { part: 'progress' });
  const loadingText = element('p');
  const slowText = element('p');
  const loading = element('div', { class: 'loading', part: 'loading' }, loadingText, progress, slowText);
  const name = element('span', { dir: 'ltr' });
  const timing = element('span');
  const ready = element('p', { class: 'model', part: 'model' }, name, timing);
  const reason = element('p');
  const retry = element('button', { type: 'button', part: 'button' });
  const failed = element('div', { class: 'failure', part: 'failure', role: 'alert' }, reason, retry);
  const parts = { loading, ready, failed };

  const show: {
    [Kind in Status['kind']]: (status: Extract<Status, { kind: Kind }>, speech: Speech) => void;
  } = {
    idle: () => {},
    loading({ progress: { loaded, total }, isSlow }, { texts, formats }) {
      const isKnown = total > 0;
      loadingText.textContent = isKnown
        ? texts.loadingBytes(formats.bytes(Math.min(loaded, total)), formats.bytes(total))
        : texts.loading;
      progress.setAttribute('aria-label', texts.loading);
      slowText.textContent = isSlow ? texts.slow : '';
      if (!isKnown) {
        // Of an attempt before.
        progress.removeAttribute('value');
        return;
      }
      progress.max = total;
      progress.value = loaded;
    },
    ready({ model, milliseconds }, { texts, formats }) {
      name.textContent = `${model.name} ${model.version}`;
      timing.textContent = milliseconds === null ? '' : texts.answered(formats.milliseconds(milliseconds));
    },
    failed({ error }, speech) {
      reason.replaceChildren(...messageOf('model', error, speech));
      retry.textContent = speech.texts.retry;
    },
  };

  return {
    frame: element('div', { class: 'foot', part: 'foot' }, loading, ready, failed),
    retry,
    show(status: Status, speech: Speech): void {
      for (const [kind, part] of Object.entries(parts)) part.hidden = kind !== status.kind;
      (show[status.kind] as (status: Status, speech: Speech) => void)(status, speech);
    },
  };
}
