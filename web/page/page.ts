import type { Choice } from '../element/choices.js';
import type { DigitClassifierElement } from '../element/digit-classifier-element.js';
import type { DigitResult } from '../element/events.js';
import { keepPageOffline } from '../offline/register.js';
import { copyText } from '../shared/copy.js';
import { accuracy, bytes, count, milliseconds, percent } from '../shared/format.js';
import type { ModelSummary } from '../worker/protocol.js';
import { showFigures } from './figures-view.js';
import { startGame } from './game-view.js';
import { askServer, type ComparedAnswer, compare, ofBrowser } from './server-answer.js';

const find = <Found extends HTMLElement>(id: string) => document.getElementById(id) as Found;

const classifier = find<DigitClassifierElement>('classifier');
const ask = find<HTMLButtonElement>('ask');
const verdict = find('verdict');

function fillRow(id: string, answer: ComparedAnswer | null): void {
  const texts = answer
    ? [
        answer.text || 'none',
        answer.text ? percent(answer.confidence) : '–',
        milliseconds(answer.milliseconds),
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
  const link = find<HTMLAnchorElement>('model-file');
  link.textContent = model.file;
  link.href = `model/${model.file}`;
}

function showAnswer(result: DigitResult, isSettled: boolean): void {
  fillRow('browser-row', ofBrowser(result));
  fillRow('server-row', null);
  verdict.textContent = '';
  // While somebody draws, the server would be asked about more than the browser has answered.
  ask.disabled = !isSettled;
}

async function compareWithServer(): Promise<void> {
  const { result } = classifier;
  const picture = await classifier.toBlob();
  const isStale = () => classifier.result !== result;
  if (!result || !picture || isStale()) return;
  ask.disabled = true;
  verdict.textContent = 'Asking';
  try {
    const ours = ofBrowser(result);
    const theirs = await askServer(here('predict'), picture, result.digits);
    // Who draws on is shown the next answer, and may ask again.
    if (isStale()) return;
    fillRow('server-row', theirs);
    verdict.textContent = compare(ours, theirs);
  } catch (error) {
    if (isStale()) return;
    verdict.textContent = (error as Error).message;
  }
  ask.disabled = false;
}

/** Calls back once the reader is near, so that nobody loads what nobody reads. */
function whenNear(section: HTMLElement, work: () => void): void {
  const near = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      near.disconnect();
      work();
    },
    { rootMargin: '300px' },
  );
  near.observe(section);
}

const here = (path: string) => new URL(path, document.baseURI).href;
find('embed-code').textContent =
  `<script type="module" src="${here('digit-classifier.js')}"></script>\n<digit-classifier></digit-classifier>`;
find('call-code').textContent = `curl -F image=@digit.png ${here('predict')}`;

classifier.addEventListener('digit-load', ({ detail }) => showModel(detail.model));
classifier.addEventListener('digit-input', ({ detail }) => showAnswer(detail, false));
classifier.addEventListener('digit-change', ({ detail }) => showAnswer(detail, true));
ask.addEventListener('click', compareWithServer);
for (const choice of find('digits').querySelectorAll('input')) {
  choice.addEventListener('change', () => {
    classifier.digits = choice.value as Choice<'digits'>;
  });
  // A browser that comes back to the page remembers what was chosen.
  if (choice.checked) classifier.setAttribute('digits', choice.value);
}
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
  button.addEventListener('click', () => copyText(find(button.dataset.copy!), button));
}
startGame({
  section: find('game'),
  start: find('game-start'),
  skip: find('game-skip'),
  asked: find('game-asked'),
  note: find('game-note'),
  pad: find('game-pad'),
  rounds: find('game-rounds'),
});
whenNear(find('figures'), () =>
  showFigures(here('model/'), {
    state: find('figures-state'),
    tiles: find('figures-tiles'),
    groups: find('figures-groups'),
  }),
);
// The element's script may have been quicker than this one.
if (classifier.model) showModel(classifier.model);
keepPageOffline();
