import { html, type Markup } from '../../core/markup.js';
import type { LabelledImages } from '../dataset/mnist.js';
import { count } from './format.js';
import {
  type Choice,
  drawGallery,
  galleryMarkup,
  hardest,
  isSameSet,
  rightOf,
  shownWrong,
  type Tile,
  withPictures,
  wrongOf,
} from './gallery.js';
import { readLayers } from './network.js';
import { drawNetwork, drawnLayers } from './network-plot.js';
import type { ReportRun } from './read-run.js';
import type { MissingPlot, Plot } from './svg.js';

/** A gallery for the page, with the same as a plot for its files. */
export interface Pictures {
  markup: Markup;
  plots: Plot[];
}

const OTHER_SET =
  'The pictures are not shown: the run was measured on another test set than the one at hand. Name it by --data DIR.';
const NO_PREDICTIONS = 'The pictures are not shown: the run has no predictions.csv.';

const missing = (text: string): Pictures => ({ markup: html`<p>${text}</p>`, plots: [] });

const asPlot = (name: string, title: string, tiles: readonly Tile[]): Plot[] =>
  tiles.length === 0 ? [] : [{ name, title, caption: '', draw: (format) => drawGallery(tiles, format) }];

const heading = (title: string, words: string): Markup => html`<h3>${title}</h3><p class="note">${words}</p>`;

/** The test digits that a run got wrong, and those that it got right with the least and with the most confidence. */
export async function runGalleries({ predictions }: ReportRun, test: LabelledImages): Promise<Pictures> {
  if (!predictions) return missing(NO_PREDICTIONS);
  if (!isSameSet(test, predictions)) return missing(OTHER_SET);
  const wrong = wrongOf(predictions);
  const { least, most } = rightOf(predictions);
  const draw = (choices: readonly Choice[]) => withPictures(choices, test);
  const [wrongTiles, leastTiles, mostTiles] = await Promise.all([
    draw(shownWrong(wrong)),
    draw(least),
    draw(most),
  ]);
  const all = count(test.count);
  const shown = wrongTiles.length < wrong.length ? `, the surest ${wrongTiles.length} of them here` : '';
  return {
    markup: html`${heading(
      'Read wrong',
      `${wrong.length} of ${all} test digits${shown}: the true digit, what it was read as, and the probability given to that. The surest come first.`,
    )}${galleryMarkup(wrongTiles)}${heading(
      'Read right, the least sure',
      'Right, with the lowest probability.',
    )}${galleryMarkup(leastTiles)}${heading(
      'Read right, the surest',
      'Right, with the highest probability; of equals, the first of the test set.',
    )}${galleryMarkup(mostTiles)}`,
    plots: [
      ...asPlot('wrong', 'Test digits read wrong, the surest first', wrongTiles),
      ...asPlot('right-least-sure', 'Test digits read right, the least sure first', leastTiles),
      ...asPlot('right-surest', 'Test digits read right, the surest first', mostTiles),
    ],
  };
}

/** The test digits that several runs got wrong most often. */
export async function sharedGallery(runs: readonly ReportRun[], test: LabelledImages): Promise<Pictures> {
  const known = runs.flatMap(({ predictions }) => (predictions ? [predictions] : []));
  const comparable = known.filter((predictions) => isSameSet(test, predictions));
  if (comparable.length === 0) return missing(known.length === 0 ? NO_PREDICTIONS : OTHER_SET);
  const choices = hardest(comparable);
  const tiles = await withPictures(shownWrong(choices), test);
  const left = runs.length - comparable.length;
  const without =
    left === 0 ? '' : ` ${left} of the ${runs.length} runs were measured on other digits and are left out.`;
  return {
    markup: html`${heading(
      'Read wrong most often',
      `The true digit, what it was read as, and by how many of ${comparable.length} runs; ${choices.length} test digits were read wrong by at least one.${without}`,
    )}${galleryMarkup(tiles)}`,
    plots: asPlot('wrong', 'Test digits read wrong most often', tiles),
  };
}

/** A network layer by layer; runs with the same network share the plot. */
export function networkPlots(runs: readonly ReportRun[], labels: readonly string[]): (Plot | MissingPlot)[] {
  const networks = new Map<
    string,
    { layers: NonNullable<ReturnType<typeof readLayers>>; labels: string[] }
  >();
  const unknown: string[] = [];
  for (const [index, { model }] of runs.entries()) {
    const layers = readLayers(model);
    const label = labels[index]!;
    if (!layers) {
      unknown.push(label);
      continue;
    }
    const key = JSON.stringify(layers);
    const network = networks.get(key) ?? { layers, labels: [] };
    if (!network.labels.includes(label)) network.labels.push(label);
    networks.set(key, network);
  }
  const plots = [...networks.values()].map(({ layers, labels: own }, index, { length }): Plot => {
    const isOnly = length === 1;
    const { layers: drawn, isFolded } = drawnLayers(layers);
    const together = isFolded
      ? ' Normalisation and activation stand in the row of the layer that they follow.'
      : '';
    return {
      name: isOnly ? 'network' : `network-${index + 1}`,
      title: isOnly ? 'The network, layer by layer' : `The network of ${own.join('; ')}`,
      caption: `A hollow dot joins branches; a bracket holds layers that repeat themselves, drawn once.${together}`,
      draw: (format) => drawNetwork(drawn, format),
    };
  });
  const left = unknown.map(
    (label): MissingPlot => ({
      title: `The network of ${label}`,
      missing: 'The run has no model.json that lists its layers in order.',
    }),
  );
  return [...plots, ...left];
}
