import { copyText } from './copy.js';
import type { DigitClassifierElement } from './digit-classifier-element.js';
import type { DigitResult } from './events.js';
import { accuracy, bytes, count, milliseconds, percent } from './format.js';
import { keepPageOffline } from './offline/register.js';
import type { ModelSummary } from './protocol.js';
import { askServer, compare } from './server-answer.js';

const find = <Found extends HTMLElement>(id: string) => document.getElementById(id) as Found;

const classifier = find<DigitClassifierElement>('classifier');
const ask = find<HTMLButtonElement>('ask');
const verdict = find('verdict');

type RowValues = Pick<DigitResult, 'digit' | 'confidence' | 'milliseconds'>;

function fillRow(id: string, values: RowValues | null): void {
  const texts = values
    ? [
        values.digit === null ? 'none' : String(values.digit),
        values.digit === null ? '–' : percent(values.confidence),
        milliseconds(values.milliseconds),
      ]
    : ['–', '–', '–'];
  [...find<HTMLTableRowElement>(id).querySelectorAll('td')].forEach((cell, column) => {
    cell.textContent = texts[column]!;
  });
}

function showModel(model: ModelSummary): void {
  const texts = {
    'model-name': `${model.name} ${model.version}`,
    'model-accuracy': `${accuracy(model.testAccuracy)} of ${count(model.testImages)}`,
    'model-parameters': count(model.parameters),
    'model-bytes': bytes(model.bytes),
    'model-load': milliseconds(model.loadMilliseconds),
  };
  for (const [id, text] of Object.entries(texts)) find(id).textContent = text;
}

async function compareWithServer(): Promise<void> {
  const ours = classifier.result;
  const picture = await classifier.picture();
  if (!ours || !picture) return;
  ask.disabled = true;
  verdict.textContent = 'Asking';
  try {
    const theirs = await askServer(new URL('predict', document.baseURI).href, picture);
    fillRow('server-row', theirs);
    verdict.textContent = compare(ours, theirs);
  } catch (error) {
    verdict.textContent = (error as Error).message;
  }
  ask.disabled = false;
}

const here = (path: string) => new URL(path, document.baseURI).href;
find('embed-code').textContent =
  `<script type="module" src="${here('digit-classifier.js')}"></script>\n<digit-classifier></digit-classifier>`;
find('call-code').textContent = `curl -F image=@digit.png ${here('predict')}`;

classifier.addEventListener('digit-load', ({ detail }) => showModel(detail.model));
classifier.addEventListener('digit-change', ({ detail }) => {
  fillRow('browser-row', detail);
  fillRow('server-row', null);
  verdict.textContent = '';
  ask.disabled = false;
});
ask.addEventListener('click', compareWithServer);
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  button.addEventListener('click', () => copyText(find(button.dataset.copy!), button));
}
// The element's script may have been quicker than this one.
if (classifier.model) showModel(classifier.model);
keepPageOffline();
