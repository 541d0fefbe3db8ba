import { html, type Markup } from '../../core/markup.js';
import type { Page } from './page.js';
import type { MissingPlot, Plot } from './svg.js';

/** A page and the plots whose files belong to it. */
export interface Report {
  page: Page;
  plots: Plot[];
}

export type Figure = Plot | MissingPlot;

/** Whether there is something to draw. */
export const isPlot = (plot: Figure): plot is Plot => 'draw' in plot;

/** One that stands out on top of the page. */
export interface KeyFigure {
  name: string;
  value: string;
  beside: string;
}

export const keyFigures = (figures: readonly KeyFigure[]): Markup =>
  html`<dl class="figures">${figures.map(
    ({ name, value, beside }) =>
      html`<div><dt>${name}</dt><dd><b>${value}</b><span>${beside}</span></dd></div>`,
  )}</dl>`;

/** The last words of every report. */
export const footer = html`Written by <code>tenfold report</code>. Losses are mean cross-entropies in nats; accuracies are shares of the whole set.`;
