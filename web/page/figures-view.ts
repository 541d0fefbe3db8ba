import {
  checkFigures,
  FIGURES_FILE,
  type Figures,
  type GroupFigures,
  type SuiteName,
} from '../../core/figures.js';
import { MANIFEST_FILE, type Manifest, MODEL_FILE } from '../../core/manifest.js';
import { element } from '../shared/dom.js';
import { accuracy, count } from '../shared/format.js';

/** What counts as right in each kind of suite. */
const RIGHT: { readonly [Suite in SuiteName]: string } = {
  robust: 'Read right',
  outliers: 'Refused',
  numbers: 'Read exactly',
};

export interface FiguresParts {
  state: HTMLElement;
  tiles: HTMLElement;
  groups: HTMLElement;
}

/** Shows a bundle's figures; where it has none, those of its manifest, and says so. @param folder the bundle's URL, ending in a slash */
export async function showFigures(folder: string, { state, tiles, groups }: FiguresParts): Promise<void> {
  state.textContent = 'Loading the figures';
  try {
    const manifest = (await load(folder, MANIFEST_FILE)) as Manifest;
    const figures = FIGURES_FILE in manifest.files ? await loadFigures(folder) : null;
    // Figures of another network than the one that is served are none of this page's.
    if (figures?.model === manifest.files[MODEL_FILE]?.sha256) {
      tiles.replaceChildren(...tilesOf(figures!));
      groups.replaceChildren(...groupsOf(figures!).map(({ suite, group }) => groupView(group, RIGHT[suite])));
      state.textContent = figures!.imagesOfSuite
        ? `Of each suite below, at most ${count(figures!.imagesOfSuite)} pictures were measured.`
        : '';
      return;
    }
    const { testAccuracy, testImages } = manifest.metrics;
    tiles.replaceChildren(
      tile('Test accuracy', accuracy(testAccuracy), `of ${count(testImages)} MNIST digits`),
    );
    state.textContent = 'This bundle was not measured further: tenfold card does it.';
  } catch (error) {
    state.textContent = `The figures did not load. ${(error as Error).message}`;
  }
}

async function load(folder: string, file: string): Promise<unknown> {
  const response = await fetch(new URL(file, folder));
  if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
  return response.json();
}

const loadFigures = async (folder: string): Promise<Figures> =>
  checkFigures(await load(folder, FIGURES_FILE), FIGURES_FILE);

const tile = (name: string, value: string, of: string) =>
  element('div', {}, element('dt', {}, name), element('dd', {}, value), element('dd', { class: 'of' }, of));

const groupsOf = ({ suites }: Figures) =>
  (Object.keys(RIGHT) as SuiteName[]).flatMap((suite) => suites[suite].map((group) => ({ suite, group })));

function tilesOf(figures: Figures): HTMLElement[] {
  const { test } = figures;
  const groups = groupsOf(figures).map(({ suite, group }) => {
    const { title, mean, published, suites: parts } = group;
    const best = published.at(-1);
    const kinds = `${RIGHT[suite].toLowerCase()}, mean of ${parts.length} kinds`;
    return tile(
      title,
      accuracy(mean),
      best ? `${kinds}; ${best.name} published ${accuracy(best.mean)}` : kinds,
    );
  });
  return [
    tile(
      'Test accuracy',
      accuracy(test.accuracy),
      `${test.wrong} of ${count(test.images)} MNIST digits wrong`,
    ),
    tile('Calibration error', accuracy(test.calibrationError.after), 'between how sure it is and how right'),
    ...groups,
  ];
}

/** A group of suites: each with what came out right, as a bar with a mark at what is aimed at. */
function groupView({ title, suites }: GroupFigures, right: string): HTMLElement {
  const rows = suites.map((suite) => {
    const bar = element('span', { class: 'share', 'aria-hidden': 'true' });
    bar.style.setProperty('--share', String(suite.accuracy));
    bar.style.setProperty('--aim', String(suite.target));
    bar.dataset.met = String(suite.accuracy >= suite.target);
    return element(
      'tr',
      {},
      element('th', { scope: 'row', title: suite.summary }, suite.title),
      element('td', { class: 'bar-cell' }, bar),
      element('td', {}, accuracy(suite.accuracy)),
      element('td', { class: 'aim' }, accuracy(suite.target)),
    );
  });
  const head = element(
    'thead',
    {},
    element(
      'tr',
      {},
      element('th', { scope: 'col' }, 'Kind of picture'),
      element('td', { class: 'bar-cell' }),
      element('th', { scope: 'col' }, right),
      element('th', { scope: 'col', class: 'aim' }, 'Aim'),
    ),
  );
  return element(
    'details',
    {},
    element(
      'summary',
      {},
      element('span', {}, title),
      element('span', { class: 'kinds' }, `${suites.length} kinds`),
    ),
    element('table', {}, head, element('tbody', {}, ...rows)),
  );
}
