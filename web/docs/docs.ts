import { copyText } from '../shared/copy.js';
import { element } from '../shared/dom.js';
import { showLanguages } from './languages.js';
import { followReading } from './reading.js';
import { startForm } from './try.js';

/** What the page of the API has beside its text: this server's own address, one language at a time, and forms that send. */

const SAMPLE_BASE = 'http://localhost:8080';
/** Without a slash at its end. */
const base = new URL('.', document.baseURI).href.replace(/\/$/, '');

for (const code of document.querySelectorAll('.sample code, #address')) {
  code.textContent = (code.textContent ?? '').replaceAll(SAMPLE_BASE, base);
}
for (const sample of document.querySelectorAll<HTMLElement>('.sample')) {
  const button = element('button', { type: 'button', class: 'copy' }, 'Copy');
  button.addEventListener('click', () => copyText(sample.querySelector('code')!, button));
  sample.append(button);
}
for (const samples of document.querySelectorAll<HTMLElement>('.samples')) showLanguages(samples);

const keyField = document.getElementById('key-field')!;
keyField.hidden = false;
const key = keyField.querySelector('input')!;
for (const form of document.querySelectorAll<HTMLFormElement>('form.try'))
  startForm(form, base, () => key.value);

followReading(document.querySelector('.contents')!);
