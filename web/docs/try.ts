import { formatJson } from '../../core/json.js';
import { bytes, milliseconds } from '../shared/format.js';

type Field = HTMLInputElement | HTMLSelectElement;

/** Makes a form of the page send what it says. */
export function startForm(form: HTMLFormElement, base: string, key: () => string): void {
  form.hidden = false;
  for (const choice of form.querySelectorAll<HTMLInputElement>('[data-shows]')) {
    choice.addEventListener('change', () => showPart(form, choice.dataset.shows!));
  }
  const examples = form.querySelector<HTMLSelectElement>('[data-example]');
  examples?.addEventListener('change', () => {
    form.querySelector('textarea')!.value = examples.selectedOptions[0]!.dataset.value!;
  });
  choosePictures(form);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(form, base, key());
  });
}

/** One of the example pictures, or files of one's own: choosing either lets go of the other. */
function choosePictures(form: HTMLFormElement): void {
  const own = form.querySelector<HTMLElement>('.own');
  if (!own) return;
  const files = own.querySelector('input')!;
  const label = own.querySelector('span')!;
  const invitation = label.textContent;
  const pictures = [...form.querySelectorAll<HTMLInputElement>('.picture input[type=radio]')];
  const tell = (): void => {
    const names = [...files.files!].map(({ name }) => name);
    label.textContent = names.length > 0 ? names.join(', ') : invitation;
    own.classList.toggle('chosen', names.length > 0);
  };
  files.addEventListener('change', () => {
    const isOwn = files.files!.length > 0;
    for (const [index, picture] of pictures.entries()) picture.checked = !isOwn && index === 0;
    tell();
  });
  for (const picture of pictures) {
    picture.addEventListener('change', () => {
      files.value = '';
      tell();
    });
  }
}

function showPart(form: HTMLFormElement, wanted: string): void {
  for (const part of form.querySelectorAll<HTMLElement>('[data-part]')) {
    part.hidden = part.dataset.part !== wanted;
  }
}

async function send(form: HTMLFormElement, base: string, key: string): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>('button[type=submit]')!;
  const status = form.querySelector<HTMLElement>('.try-status')!;
  const answer = form.querySelector<HTMLElement>('.try-answer')!;
  button.disabled = true;
  status.textContent = 'Sending';
  const started = performance.now();
  try {
    const response = await fetch(`${base}${targetOf(form)}`, requestOf(form, key));
    const body = await response.arrayBuffer();
    const took = milliseconds(performance.now() - started);
    form.dataset.outcome = response.ok ? 'good' : 'bad';
    status.textContent = `${response.status} in ${took}, ${bytes(body.byteLength)}`;
    answer.textContent = readable(body, response.headers.get('content-type') ?? '');
  } catch (error) {
    form.dataset.outcome = 'bad';
    status.textContent = 'No answer';
    answer.textContent = (error as Error).message;
  }
  answer.hidden = false;
  answer.scrollIntoView({ block: 'nearest' });
  button.disabled = false;
}

/** The path and query of what is filled in; fields that are empty are not sent. */
function targetOf(form: HTMLFormElement): string {
  const fields = [...form.querySelectorAll<Field>('[data-in]')].filter(({ value }) => value !== '');
  let path = form.dataset.path!;
  const query = new URLSearchParams();
  for (const { name, value, dataset } of fields) {
    if (dataset.in === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value));
    else query.set(name, value);
  }
  return query.size > 0 ? `${path}?${query}` : path;
}

function requestOf(form: HTMLFormElement, key: string): RequestInit {
  const headers: Record<string, string> = key === '' ? {} : { 'X-API-Key': key };
  const part = form.querySelector<HTMLElement>('[data-part]:not([hidden])')?.dataset.part;
  const method = form.dataset.method!;
  if (part === undefined) return { method, headers };
  if (part === 'files') return { method, headers, body: pictureForm(form) };
  return {
    method,
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: form.querySelector('textarea')!.value,
  };
}

function pictureForm(form: HTMLFormElement): FormData {
  const data = new FormData();
  const own = form.querySelector<HTMLInputElement>('input[type=file]')!.files!;
  for (const file of own) data.append('image', file);
  if (own.length > 0) return data;
  const chosen = form.querySelector<HTMLInputElement>('.picture input[type=radio]:checked')!;
  const picture = chosen.parentElement!.querySelector('img')!;
  data.append('image', fileOf(picture), `${chosen.value}.png`);
  return data;
}

/** The file of an image's `data:` URL; a `fetch` of it would need a wider policy. */
function fileOf({ src }: HTMLImageElement): Blob {
  const text = atob(src.slice(src.indexOf(',') + 1));
  return new Blob([Uint8Array.from(text, (character) => character.charCodeAt(0))], { type: 'image/png' });
}

/** Longer answers are cut: the page is to stay quick. */
const MOST_CHARACTERS = 20_000;

function readable(body: ArrayBuffer, type: string): string {
  if (!/json|text/.test(type)) return `${bytes(body.byteLength)} of ${type}`;
  const text = new TextDecoder().decode(body);
  const shown = type.includes('json') ? formatJson(JSON.parse(text)) : text;
  return shown.length > MOST_CHARACTERS ? `${shown.slice(0, MOST_CHARACTERS)}\n...` : shown;
}
