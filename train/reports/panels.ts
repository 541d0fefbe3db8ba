import { type Axis, drawChart, roundRange } from './chart.js';
import { html, type Markup } from './markup.js';
import { extent, type Point } from './statistics.js';
import { type Drawing, type Format, fitted, svgText, WIDTHS } from './svg.js';

/** More lines than this do not stay apart in one plot: then each has a panel of its own. */
export const MOST_LINES = 8;

const GAP = 16;
const TITLE = 20;
const HEIGHT = 176;
const COLUMNS: { [F in Format]: number } = { wide: 3, narrow: 1 };

interface Panel {
  name: string;
  points: readonly Point[];
}

/** The middle of several lines at each x that the longest has, as what each panel is compared with. */
function medianLine(panels: readonly Panel[]): Point[] {
  const at = new Map<number, number[]>();
  for (const { points } of panels) {
    for (const [x, y] of points) at.set(x, [...(at.get(x) ?? []), y]);
  }
  return [...at]
    .filter(([, values]) => values.length > panels.length / 2)
    .sort(([a], [b]) => a - b)
    .map(([x, values]) => [x, values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!]);
}

/** A small plot for each line over the same axes, the median of all behind it. */
export function drawPanels(
  panels: readonly Panel[],
  axes: { x: Axis; y: Axis },
  format: Format,
  id: string,
): Drawing {
  const columns = COLUMNS[format];
  const width = (WIDTHS[format] - (columns - 1) * GAP) / columns;
  const shared = medianLine(panels);
  const all = panels.flatMap(({ points }) => points);
  const yRange = axes.y.range ?? roundRange(axes.y, extent(all.map(([, y]) => y)));
  const xRange = axes.x.range ?? extent(all.map(([x]) => x));
  const drawn = panels.map(({ name, points }, index): Markup => {
    const lines = [
      { name: 'median', points: shared, look: 'faint' as const },
      { name, points, look: 0 },
    ];
    const { content } = drawChart(
      {
        x: { ...axes.x, range: xRange },
        y: { ...axes.y, range: yRange },
        lines,
        legend: false,
        width,
        height: HEIGHT,
      },
      'narrow',
      `${id}-${index}`,
    );
    const x = (index % columns) * (width + GAP);
    const y = Math.floor(index / columns) * (HEIGHT + TITLE + GAP);
    const title = svgText(4, 13, fitted(name, width - 8), { weight: 600 });
    return html`<g transform="translate(${x} ${y})">${title}<g transform="translate(0 ${TITLE - 6})">${content}</g></g>`;
  });
  const rows = Math.ceil(panels.length / columns);
  return { width: WIDTHS[format], height: rows * (HEIGHT + TITLE + GAP), content: html`${drawn}` };
}
