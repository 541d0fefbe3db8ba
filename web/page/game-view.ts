import { INPUT_SIDE } from '../../core/image.js';
import { paintSeen } from '../element/answer-view.js';
import type { DigitReading } from '../element/events.js';
import { element } from '../shared/dom.js';
import { askedDigits, type Round, summary, wasRead } from './game.js';

/** How long a right answer must rest before the next digit is asked, milliseconds: a 4 or a 7 may get another stroke. */
const REST = 600;

export interface GameParts {
  start: HTMLButtonElement;
  skip: HTMLButtonElement;
  /** What is asked, then how it went. */
  asked: HTMLElement;
  /** How the drawing is read meanwhile. */
  note: HTMLElement;
  /** What one writes on comes here with the first game, and is shown while one plays. */
  pad: HTMLElement;
  rounds: HTMLElement;
  section: HTMLElement;
}

/** The game: ten digits are asked, and drawn, and read. */
export function startGame({ section, start, skip, asked, note, pad, rounds }: GameParts): void {
  const player = element('digit-classifier', {
    id: 'player',
    mode: 'draw',
    'aria-label': 'Where to write the digit that is asked',
  });
  let digits: number[] = [];
  let done: Round[] = [];
  let latest: DigitReading | null = null;
  let since = 0;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const ask = () => {
    latest = null;
    note.textContent = '';
    player.value = '';
    since = performance.now();
    const digit = digits[done.length]!;
    const request = digit === 8 ? 'Draw an' : 'Draw a';
    player.texts = { hint: `${request} ${digit}` };
    asked.replaceChildren(
      element('span', { class: 'asked-count' }, `${done.length + 1} of ${digits.length}`),
      ` ${request} `,
      element('strong', {}, String(digit)),
    );
  };

  const goOn = () => {
    clearTimeout(resting);
    const round: Round = {
      asked: digits[done.length]!,
      read: latest?.accepted ? latest.digit : null,
      milliseconds: performance.now() - since,
      input: latest?.input ?? null,
    };
    done = [...done, round];
    rounds.append(roundView(round));
    if (done.length < digits.length) ask();
    else end();
  };

  const end = () => {
    delete section.dataset.playing;
    pad.hidden = true;
    skip.hidden = true;
    start.hidden = false;
    start.textContent = 'Play again';
    note.textContent = '';
    asked.textContent = summary(done);
    start.focus();
  };

  start.addEventListener('click', () => {
    digits = askedDigits(Math.random);
    done = [];
    rounds.replaceChildren();
    section.dataset.playing = '';
    pad.append(player);
    start.hidden = true;
    pad.hidden = false;
    skip.hidden = false;
    ask();
    player.focus();
  });
  skip.addEventListener('click', () => {
    goOn();
    if (!pad.hidden) player.focus();
  });
  player.addEventListener('digit-input', ({ detail }) => {
    clearTimeout(resting);
    latest = detail as DigitReading;
    note.textContent = latest.accepted ? `Read as ${latest.digit}` : '';
  });
  player.addEventListener('digit-change', () => {
    if (latest?.accepted && latest.digit === digits[done.length]) resting = setTimeout(goOn, REST);
  });
}

function roundView(round: Round): HTMLElement {
  const { asked, read, input } = round;
  const seen = element('canvas', { width: INPUT_SIDE, height: INPUT_SIDE, 'aria-hidden': 'true' });
  paintSeen(seen, input ?? undefined);
  const said = wasRead(round) ? `${asked} ✓` : `${asked} → ${read ?? '–'}`;
  const spoken = wasRead(round)
    ? `${asked}, read`
    : `${asked}, ${read === null ? 'not read' : `read as ${read}`}`;
  const view = element(
    'li',
    {},
    seen,
    element('span', { 'aria-hidden': 'true' }, said),
    element('span', { class: 'unseen' }, spoken),
  );
  view.dataset.read = String(wasRead(round));
  return view;
}
