import { element } from '../shared/dom.js';

/** Tells all groups of samples which language was chosen. */
const CHOSEN = 'docs-language';

/**
 * Turns a group of samples into tabs by the pattern of the ARIA Authoring Practices; what is chosen in one group is chosen in all.
 * https://www.w3.org/WAI/ARIA/apg/patterns/tabs/
 */
export function showLanguages(samples: HTMLElement): void {
  const panels = [...samples.querySelectorAll<HTMLElement>('.sample')];
  const id = samples.closest('.operation')!.id;
  const tabs = panels.map((panel, index) => {
    const language = panel.dataset.language!;
    panel.id = `${id}-sample-${index}`;
    panel.setAttribute('role', 'tabpanel');
    const tab = element(
      'button',
      { type: 'button', role: 'tab', id: `${panel.id}-tab`, 'aria-controls': panel.id },
      language,
    );
    tab.addEventListener('click', () => choose(language));
    return tab;
  });
  const list = element('div', { role: 'tablist', class: 'tabs', 'aria-label': 'Language' }, ...tabs);
  samples.prepend(list);
  samples.classList.add('tabbed');

  const show = (language: string): void => {
    panels.forEach((panel, index) => {
      const isShown = panel.dataset.language === language;
      panel.hidden = !isShown;
      tabs[index]!.setAttribute('aria-selected', String(isShown));
      tabs[index]!.tabIndex = isShown ? 0 : -1;
    });
  };
  document.addEventListener(CHOSEN, (event) => show((event as CustomEvent<string>).detail));
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = tabs.at((tabs.indexOf(event.target as HTMLButtonElement) + step) % tabs.length)!;
    next.focus({ preventScroll: true });
    choose(next.textContent!);
  });
  show(panels[0]!.dataset.language!);
}

const choose = (language: string): void => {
  const at = document.activeElement ?? document.body;
  keepInPlace(at, () => document.dispatchEvent(new CustomEvent(CHOSEN, { detail: language })));
};

/** Samples of other operations change their heights too: what the reader looks at must not jump. */
function keepInPlace(anchor: Element, change: () => void): void {
  const before = anchor.getBoundingClientRect().top;
  change();
  scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: 'instant' });
}
