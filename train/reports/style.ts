import { PLOT_STYLE } from './palette.js';

/** The page's own sheet: read on a screen, a telephone and paper, in either scheme, without a script. */
export const PAGE_STYLE = `${PLOT_STYLE}
:root {
  color-scheme: light dark;
  font: 400 1rem/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums;
  -webkit-text-size-adjust: 100%;
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--plot-surface); color: var(--plot-text); }
main, header, footer { width: min(100% - 2rem, 60rem); margin-inline: auto; }
header { padding-block: 3rem 1.5rem; }
footer { padding-block: 1.5rem 3rem; color: var(--plot-muted); font-size: 0.875rem; border-top: 1px solid var(--plot-line); }
h1 { margin: 0; font-size: clamp(1.5rem, 4vw, 2.125rem); line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; overflow-wrap: anywhere; }
h2 { margin: 0 0 1rem; font-size: 1.25rem; font-weight: 650; letter-spacing: -0.01em; }
h3 { margin: 0 0 0.25rem; font-size: 1rem; font-weight: 600; }
p { margin: 0 0 0.75rem; max-width: 44rem; }
.lead { margin: 0.5rem 0 0; color: var(--plot-muted); }
.note { color: var(--plot-muted); font-size: 0.9375rem; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 1.25rem; font-size: 0.9375rem; }
a { color: inherit; text-decoration-color: var(--plot-accent); text-decoration-thickness: 1px; text-underline-offset: 0.25em; }
a:hover { color: var(--plot-accent); }
:focus-visible { outline: 2px solid var(--plot-accent); outline-offset: 3px; border-radius: 2px; }
section { padding-block: 2rem; border-top: 1px solid var(--plot-line); }
code { font: 0.9em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1.25rem 2rem; margin: 0 0 2rem; }
.figures div { border-left: 2px solid var(--plot-line); padding-left: 0.875rem; }
.figures div:first-child { border-left-color: var(--plot-accent); }
dt { color: var(--plot-muted); font-size: 0.875rem; }
dd { margin: 0; }
dd b { display: block; font-size: 1.625rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.02em; }
dd span { color: var(--plot-muted); font-size: 0.875rem; }

.scroll { overflow-x: auto; margin-bottom: 1.5rem; }
table { border-collapse: collapse; font-size: 0.9375rem; }
caption { text-align: left; color: var(--plot-muted); font-size: 0.875rem; padding-bottom: 0.375rem; }
th, td { padding: 0.3rem 1.25rem 0.3rem 0; border-bottom: 1px solid var(--plot-line); vertical-align: baseline; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--plot-muted); font-size: 0.875rem; vertical-align: bottom; border-bottom-color: var(--plot-muted); }
.words { text-align: left; white-space: nowrap; }
.prose { white-space: normal; min-width: 14rem; }
.figure { text-align: right; white-space: nowrap; }
thead .figure { white-space: normal; }
table.dense { font-size: 0.875rem; }
.dense th, .dense td { padding-right: 1rem; }
.dense thead th { font-size: 0.8125rem; }
i { white-space: nowrap; color: var(--plot-muted); }

figure { margin: 0 0 2.5rem; }
figcaption { margin-bottom: 0.75rem; }
figcaption span { display: block; max-width: 44rem; color: var(--plot-muted); font-size: 0.9375rem; }
figure svg { display: block; overflow: visible; max-width: 100%; height: auto; }
.narrow { display: none; }
/* Half a page is as narrow as a telephone. */
.pair .wide { display: none; }
.pair .narrow { display: block; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 2.5rem; align-items: start; }

.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.25rem, 1fr)); gap: 1.125rem 0.5rem; margin: 0 0 1.5rem; padding: 0; list-style: none; }
.gallery li { display: grid; justify-items: center; font-size: 0.8125rem; line-height: 1.35; text-align: center; }
.gallery b { margin-top: 0.375rem; font-weight: 600; }
.gallery span { color: var(--plot-muted); }
.digit { image-rendering: pixelated; outline: 1px solid #d9dbd7; }

details { margin-bottom: 1rem; }
summary { cursor: pointer; font-weight: 600; padding-block: 0.25rem; }
summary + * { margin-top: 0.75rem; }

@media (max-width: 52rem) {
  header { padding-block: 1.75rem 1.25rem; }
  section { padding-block: 1.5rem; }
  .wide { display: none; }
  .narrow { display: block; }
  th, td { padding-right: 0.875rem; }
}
@media print {
  :root { color-scheme: light; font-size: 10pt; }
  @page { margin: 16mm; }
  main, header, footer { width: 100%; }
  header { padding-block: 0 1rem; }
  nav { display: none; }
  .wide { display: block; }
  .narrow { display: none; }
  .pair .wide { display: none; }
  .pair .narrow { display: block; }
  section { padding-block: 1rem; }
  figure, .gallery li, tr, .figures div { break-inside: avoid; }
  h2, h3, figcaption { break-after: avoid; }
  .scroll { overflow: visible; }
  table.dense { font-size: 0.6875rem; }
  .dense thead th { font-size: 0.625rem; }
  .dense th, .dense td { padding-right: 0.5rem; white-space: normal; }
  .dense td.words { overflow-wrap: anywhere; }
}
`;
