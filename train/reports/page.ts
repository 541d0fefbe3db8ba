import { html, type Markup, raw } from '../../core/markup.js';
import { PAGE_STYLE } from './style.js';
import { inlineSvg, type MissingPlot, type Plot } from './svg.js';

export interface Section {
  id: string;
  title: string;
  content: Markup;
}

export interface Page {
  title: string;
  lead: string;
  sections: readonly Section[];
  /** The last words. */
  footer: Markup;
}

/** Holds the page to what it says of itself: nothing is loaded, nothing runs. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** A whole HTML document that needs no other file. */
export const document = ({ title, lead, sections, footer }: Page): string =>
  html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="tenfold report">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${raw(PAGE_STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1><p class="lead">${lead}</p><nav aria-label="Sections">${sections.map(
    (section) => html`<a href="#${section.id}">${section.title}</a>`,
  )}</nav></header>
<main>
${sections.map(
  (
    section,
  ) => html`<section id="${section.id}" aria-labelledby="${section.id}-title"><h2 id="${section.id}-title">${section.title}</h2>
${section.content}</section>
`,
)}</main>
<footer>${footer}</footer>
</body>
</html>
`.markup;

/** A plot with its words, drawn for wide pages and for narrow ones; of one that is missing, why. */
export function figure(plot: Plot | MissingPlot): Markup {
  if ('missing' in plot) {
    return html`<figure><figcaption><h3>${plot.title}</h3><span>Not measured. ${plot.missing}</span></figcaption></figure>
`;
  }
  const { title, caption } = plot;
  return html`<figure><figcaption><h3>${title}</h3>${caption === '' ? null : html`<span>${caption}</span>`}</figcaption>
<div class="wide">${inlineSvg(plot.draw('wide'), title)}</div><div class="narrow">${inlineSvg(plot.draw('narrow'), title)}</div></figure>
`;
}
